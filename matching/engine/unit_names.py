"""How units are spelt inside running text: the patterns by which a number's unit is found.

Only spellings that people use in lists are recognised here. pint knows many more names
(“5 in stock”, “3 at”), which running text would use as words.
"""

from __future__ import annotations

import re

# Longest first, so that 千瓦时 is not read as 千瓦.
_CHINESE = (
    "平方毫米 平方厘米 平方米 平米 立方厘米 立方分米 立方米 立方 千瓦时 千瓦·时 兆瓦时 吉瓦时 瓦时 "
    "毫安时 安时 千伏安 兆伏安 牛·米 牛顿·米 牛米 千牛 千克 公斤 毫克 微克 克拉 克 吨 毫米 厘米 分米 "
    "微米 纳米 公里 千米 英寸 英尺 寸 米 毫升 升 兆帕 千帕 吉帕 帕 兆瓦 千瓦 吉瓦 毫瓦 瓦 千伏 毫伏 伏 "
    "毫安 微安 千安 安培 安 兆欧 千欧 毫欧 欧姆 欧 千赫兹 兆赫兹 吉赫兹 千赫 兆赫 吉赫 赫兹 赫 牛顿 牛 "
    "毫秒 微秒 纳秒 秒 分钟 小时 个工作日 工作日 个自然日 日历天 个日历天 个月 季度 天 年 周 千焦 兆焦 "
    "焦耳 焦 流明 微法 法拉 特斯拉 字节 摄氏度 华氏度 度电 分贝 弧分 角分 微弧度 毫弧度 弧度 转每分钟 "
    "转每分 转/分钟 转/分 转/秒 马力 美元 万元 元 百分比 像素"
)
_CLASSIFIERS = (
    "台套 台次 批次 人次 人天 人月 件 个 只 枚 颗 台 套 片 辆 根 支 条 块 张 卷 盘 桶 箱 瓶 袋 盒 组 对 副 "
    "双 列 节 架 艘 座 株 粒 级 目 层 芯 极 位 路 孔 点 次 人 项 份 批 炉 通道 倍 圈 把 名 家 门 幅 吋"
)
_WORDS = (
    "days day weeks week months month years year hours hour hrs hr minutes minute mins seconds second "
    "pcs pieces piece units unit sets set cycles cycle times inches inch feet percent degrees degree "
    "deg tonnes tonne tons ton wafers wafer vehicles bytes byte pixels pixel px liters litres liter "
    "litre meters metres meter metre grams gram"
)
# Capitals of these are often wrong in lists; units.measure knows which of them matter.
_ANY_CASE = (
    "kg mg μg ug kgs mm cm dm km um μm nm mpa gpa kpa kw gw wp kwp mwp gwp kwh mwh gwh wh kva mva hz "
    "khz mhz ghz kv mah ah kn ml lm lx kj rpm gbps mbps kbps tbps bar mbar ppm ppmw ppma ppb ppbw ppba ppt "
    "psi ksi wt% mol% vol% mil db dba db(a) nits nit lbs lb pa cst cp kgf gf tflops pflops gflops tops "
    "fps arcsec arcmin pptw ppmv ppbv"
)
_EXACT = (
    "m g t s h V A W N J K L l T d F mW MW mV MV mA μA uA kA Ω mΩ kΩ MΩ GΩ μΩ ohm mohm kohm Mohm Nm "
    "kNm mN MN MJ ms μs us ns min pF nF μF uF mF mH μH uH nH mT Gs kGs Oe kOe mPa MB GB TB PB KB kB "
    "kbit Mbit Gbit bit Gb Mb eV keV MeV mol mmol cd HRC HRB HBW HB HBS HV HSD HS HA APHA IACS Pas °C ℃ °F "
    "°c ℉ ° % ‰ ″ ′ μrad mrad rad Var kvar Mvar kcal kC pC C dtex tex den lp C/N VAC VDC Vdc Vac VA μL uL "
    "nL D r rps Sv Gy Bq PPM PPB MM KG KW Kg Kw KN KV ft in mS μS S mK sq.mm cc mcd sccm slm slpm SLM SLPM"
)
_RATES = "a y mo"


def _alternatives(words: str) -> str:
    return "|".join(re.escape(word) for word in sorted(words.split(), key=lambda word: (-len(word), word)))


_END = r"(?![A-Za-zμΩ])"
CHINESE_UNIT = _alternatives(_CHINESE)
CLASSIFIER = _alternatives(_CLASSIFIERS)
LATIN_UNIT = (
    rf"(?:{_alternatives(_EXACT)}|(?i:{_alternatives(_ANY_CASE)}|{_alternatives(_WORDS)})){_END}(?!-[A-Za-z])"
)
_POWER = r"(?:\^?-?[1-4](?![0-9.A-Za-z]))?"
_ATOM = rf"(?:[十百千万亿]*(?:{CHINESE_UNIT}|{CLASSIFIER})|(?:[百千万亿]+)?{LATIN_UNIT}{_POWER})"
_PER = (
    r"(?:(?<![VA%]/)[1-9][0-9]{0,3} ?(?=(?:min|h|s|d|[mμ]?L|ml|l|k?g|[mck]?m|年|个?月|天|小时|分钟|秒|米|件)"
    r"(?![A-Za-z])))?"
)
_BELOW = rf"{_PER}(?:{_ATOM}|[日月时分季]|(?:{_alternatives(_RATES)}){_END})"
_RATIO = rf"/ ?(?:\((?:{_BELOW})(?:[·*./]{_BELOW})*\)|{_BELOW}(?:[·*]{_ATOM})*)"
_PRODUCT = rf"{_ATOM}(?:[·*]{_ATOM}|\.(?=[A-Z]|cm|mm|m(?![a-z])|s(?![a-z])){_ATOM})*"
# %IACS and the like are a dimension of their own; “/cm²” counts whatever is counted.
UNIT = (
    rf"(?:% ?(?:IACS|RH|F\.?S|vol)|[百千万亿]+(?={_RATIO})|{_PRODUCT}|[日月时](?![0-9])|(?=/ ?c?m\^?[23])"
    rf"|[百千万亿]+(?![0-9A-Za-z\u4e00-\u9fff])|[Gg]/L)(?:{_RATIO})*"
)
UNIT_AT = re.compile(UNIT)
