"""What a product's name says about the kind of thing: in Chinese the head noun stands at its end.

“石英坩埚清洗服务” is a service and “石英坩埚包装箱” is packaging, however many words they share with
“石英坩埚”. Names are compared here without remarks on the trade (现货, 按图加工).
"""

from __future__ import annotations

import re
from functools import lru_cache

from matching.engine.text import CJK, GlossaryIndex, normalise, replace_synonyms

_REMARK = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_TRADE = re.compile(
    "(?:按图|来图|来样|可|非标)?(?:加工)?定制|(?:按图|来图|来样)加工|批量供应|批量供货|长期供应|现货(?:供应)?|"
    "自产自销|自产|国产化?|进口|直销|特价|全新|原厂"
)
_TRAILING = re.compile(r"[\s/,;·、:.-]+$")
_TAIL = re.compile(f"[{CJK}]+$")
_WORDS = {
    "service": (
        "服务 检测 测试 化验 检验 检定 校准 标定 维修 检修 大修 维护 保养 修复 翻新 再制造 "
        "清洗 运输 仓储 物流 配送 租赁 "
        "培训 咨询 辅导 设计 外包 外协 代工 "
        "代加工 回收 采购 代理 安装 调试 施工 监理 认证 评估 测评 铣切 涂装 喷涂 "
        "运维 托管 加工 机加 编制 流片 支持 处置 再生利用 再利用 拆解 治理 盘点 "
        "开发 试验 处理 出租 租用 标注 改造 检查 修"
    ),
    "equipment": (
        "生产线 产线 流水线 设备 装备 机床 磨床 铣床 车床 镗床 钻床 刨床 压力机 压机 试验机 试验台 "
        "试验箱 测试台 测试仪 "
        "分析仪 检测仪 测量仪 质谱仪 光谱仪 生产装置 反应器 反应釜 "
        "发酵罐 铸锭炉 单晶炉 炉 造粒机 切割机 焊接机 压接机 "
        "印刷机 注塑机 挤出机 包装机 清洗机 涂布机 卷绕机 叠片机 "
        "球磨机 搅拌机 离心机 干燥机 精馏塔 除臭塔 吸附塔"
    ),
    "tooling": "模具 工装 夹具 治具 检具 刀具 量具",
    "packaging": "包装箱 包装盒 包装袋 包装桶 包装材料 包装 周转箱 收纳箱 包装膜 运输箱 储存柜 货架",
    "spares": "配件 备件 零配件 备品备件 耗材",
}
_KINDS = {word: kind for kind, words in _WORDS.items() for word in words.split()}
KIND_WORDS = tuple(_KINDS)
"""Words at the end of a name that say what kind of thing it is."""
_LONGEST = max(map(len, _KINDS))
# A machine may be called by any of these; only a thing that is none of them differs from a machine.
_MACHINE_ENDS = frozenset("机炉器仪台床线塔釜罐泵阀车柜站箱架舱") | {"设备", "装备", "装置", "系统", "机组"}
_PLAIN_ENDS = frozenset(
    (
        "总成 组件 产品 系列 系统 整机 成品 材料 原料 装置 设备 单元 模块 模组 "
        "部件 零件 套件 授权 软件 平台 合金 树脂 "
        "切片 粒料 板材 型材 棒材 管材 器件 芯片 组成 机组 物料 制品 整车 主机 本体 浆料 圆钢"
    ).split()
)
_GENERAL = ("设备", "装置", "装备")


def plain_name(title: str, glossary: GlossaryIndex) -> str:
    """The name in normal form with one word for all synonyms, without bracketed and trade remarks."""
    bare = _TRADE.sub(" ", _REMARK.sub(" ", normalise(title)))
    name = replace_synonyms(bare if bare.strip(" /") else normalise(title), glossary)
    return _TRAILING.sub("", name).strip()


@lru_cache(1 << 16)
def kind_of(name: str) -> str:
    """What the head of a plain name says it is: service, equipment, tooling, packaging, spares or ""."""
    tail = _tail(name)
    lengths = range(min(_LONGEST, len(tail)), 0, -1)
    return next((_KINDS[tail[-size:]] for size in lengths if tail[-size:] in _KINDS), "")


def another_kind(one: str, other: str) -> bool:
    """Whether two plain names end in heads that cannot be one kind of thing; symmetric."""
    first, second = kind_of(one), kind_of(other)
    if first == second:
        return False
    if {first, second} == {"equipment", ""}:
        machine, article = (one, other) if first else (other, one)
        return _extends(machine, article) or not (_is_machine(article) or _ends_alike(machine, article))
    return True


def extended(one: str, other: str) -> bool:
    """Whether one name goes on behind the whole of the other with a head of its own (支架 → 支架控制器)."""
    return _extends(one, other) or _extends(other, one)


def _is_machine(name: str) -> bool:
    tail = _tail(name)
    return not tail or tail[-1:] in _MACHINE_ENDS or tail[-2:] in _MACHINE_ENDS


def _ends_alike(machine: str, article: str) -> bool:
    """“防火墙设备” is a 防火墙: the general word adds nothing."""
    bare = next((machine.removesuffix(end) for end in _GENERAL if machine.endswith(end)), machine)
    return bare.endswith(article[-2:])


def _extends(longer: str, name: str) -> bool:
    at = longer.rfind(name) if len(name) > 1 else -1
    rest = longer[at + len(name) :] if at >= 0 else ""
    return len(rest) > 1 and _TAIL.fullmatch(rest) is not None and rest not in _PLAIN_ENDS


def _tail(name: str) -> str:
    found = _TAIL.search(name)
    return found.group() if found else ""
