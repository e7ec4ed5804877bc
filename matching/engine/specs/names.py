"""Which words before (or behind) a value are its parameter's name."""

from __future__ import annotations

import re
from functools import lru_cache

from matching.engine.specs.numbers import VALUE
from matching.engine.specs.vocabulary import COMPONENTS, HEADS, MODIFIERS, PRODUCT_ENDS
from matching.engine.text import CJK

_SEPARATOR = re.compile(
    '[，,;。!?\n\r\t、|\0()\\[\\]{}【】<>《》“”"]|(?<!\\b[Mm]ax)(?<!\\b[Mm]in)(?<!pprox)\\.(?=\\s|$)'
)
_CHINESE = re.compile(f"[{CJK}]")
_TRAILING = re.compile(
    "(?:自?(?:合同|订单)?(?:签订|生效|签署|下单|下达|到货|验收(?:合格)?|收到订单|收到预付款)(?:之日)?[起后]|[\\s:=\\-]|[DA]C$|(?<![供响反效对适感相热])应[该当]?|最好|优先|尽量|建议|宜|必?须|需要?|要求|不?得|可以?|为|是|在|达到?|控制|保持|选用|采用|均|都|约|大约|不|"
    r"(?:\b(?:of|is|are|be|shall|should|must|will|to|at|has|have|having|with|from|a|an|the|in|not)\b))+$"
)
_LEADING = re.compile(
    "^(?:[\\s:/*•·.×]+|-(?![0-9])|[(（]?[0-9一二三四五六七八九十]{1,2}[)）.、]\\s*|(?:技术|性能|质量|其他)?要求(?!$)|需要?(?!求|方)|必?须|"
    "应[该当]?(?!力|变|用)|能够?(?!量|力|效|耗)|可以|最好|优先|建议|尽量|希望|期望|宜(?!居)|可选|"
    "具有|具备|提供|采用|使用(?!说|寿|温|压|年|速|环|时|期)|选用|满足|符合|保证(?!金|期)|通过(?!率|量)|确保|支持|采购|求购|供应(?!商|量|期|周)"
    "|其中|其(?!他|余)|并且?(?!发|联|网|行)|且|及|和|以及|有(?![效机色源限害功关])|或者?|与|带(?!宽|速|载|外|材|钢|轮)|含(?!量|水|税|固|碳|氧|硫|油|铜|铝|镍|氢|氮|盐|湿|糖|铁)|"
    "各(?!向)|供方|需方|供货方|供应方|投标方|采购方|买方|卖方|甲方|乙方|投标人|供应商|该|本(?!体|征|底)|我(?:公司|司|们)|贵司|用户|产品(?=[^合质等级外])|项目(?=[^周工]))+"
)
_STOP = re.compile(
    r"^(?:(?:the|a|an|with|and|or|of|for|shall|should|must|may|will|have|has|having|be|is|are|preferably|also|its|"
    r"required|requires|requirement|requirements|need|needs|nominal(?= [a-z]+$)|at|in|to)\b[.:]?\s*)+",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"^.*\b(?:have|has|having|with|and|a|an|the|must|shall|should|preferably)\b\s+(?=\S)", re.IGNORECASE
)
_OF = re.compile("^.*[的之](?=[^的之]{2,})")
_CONDITION = re.compile(r"[-+]?[0-9.]+\s?[^0-9\s]{1,4}(?:时|下|条件下|环境下)$")
# A symbol beside its Chinese name (屈服强度ReL) says nothing new; D50 and the name of an element do.
_SYMBOL = re.compile(
    f"(?<=[{CJK}]{{2}})\\s*\\(?(?!D[0-9]+$|[A-Z]{{2,}}[0-9]*数$)[A-Za-zσδψερμλΔ][A-Za-z0-9./_α-ω]{{0,6}}\\)?$"
)
_KNOWN_SYMBOL = re.compile(
    "R[mpeabz][A-Za-z0-9.]*|A[0-9]*|Z|KV?[0-9]?|A[Kk][UVuv]|[tTdDLBHWhnPUIVQFm]|HV?[0-9]*|η|λ|ρ|μ|σ[a-z0-9]*|δ[0-9]*|ψ|C[Ee][VvQq]|Pcm|PF|DN|OD|ID"
)
_ACRONYM = re.compile(f"(?<=[{CJK}])(?!CE[QTV]$)[A-Z]{{3,}}$")
_SUBSTANCE = re.compile("(?:含量|元素|杂质|成分|离子|粒径|粒度|浓度|型号|接口)\\s*[A-Za-z]")
_UNIT_IN_BRACKETS = re.compile(r"\s*[(\[](?P<unit>[^()\[\]]*)[)\]]\s*:?\s*$")
_NAME = re.compile(rf"(?![0-9.]+\s?\+).*[A-Za-zα-ωΑ-Ω{CJK}].*(?<!\+)$")
_WORD = re.compile("[A-Za-zα-ωΑ-Ω]")
_FARTHEST = 80
_LONGEST = 16
_ENGLISH_WORDS = 5
_BEHIND_ENGLISH = re.compile(
    r"[ \t]+(?:of\s+)?(?P<name>(?![AD]C\b|RMS\b)[A-Za-z][A-Za-z-]*"
    r"(?:\s(?!and\b|with\b|at\b|for\b|in\b|or\b|is\b|max\b|min\b)[A-Za-z][A-Za-z-]*){0,3})"
    r"(?=\s*(?:[,;，。!?)\n\0]|\.(?!\d)|$|\s(?:and|with|at|for|in|or|is)\b))"
)
_ENGLISH_SIDES = {"thick": "thickness", "long": "length", "wide": "width", "high": "height", "deep": "depth"}
_ADJECTIVES = {
    "厚": "厚度",
    "长": "长度",
    "宽": "宽度",
    "高": "高度",
    "深": "深度",
    "粗": "直径",
    "重": "重量",
}
_SIDES = _ADJECTIVES | {"直径": "直径", "厚度": "厚度", "长度": "长度", "宽度": "宽度", "高度": "高度"}
_BEHIND_CHINESE = re.compile(
    "[ \\t]?的?(?P<name>厚度|长度|宽度|高度|直径|[厚长宽高深粗](?![度于低级温压速强效性精大小频径]))"
    "(?!\\s*[:=≥≤<>±约为]?\\s*[0-9φ不])"
)
_BEHIND_TIME = re.compile("(?P<name>质保期?|保修期?|账期|保质期)(?=[，,;。、\0\\s]|$)")
_BEHIND_LIMIT = re.compile(f"的?(?P<name>[{CJK}]{{2,8}})(?=[，,;。、\0\\s]|$)")
_PARAMETER = re.compile(f"(?:{MODIFIERS})*(?:{HEADS})$")
_PART = re.compile(f"(?:{COMPONENTS})$")
_PRODUCT = re.compile(f"..(?<=[{PRODUCT_ENDS}])$")
_UNITS_NAMES = {
    "芯": "芯数", "层": "层数", "路": "路数", "目": "目数", "轴": "轴数", "通道": "通道数", "IP": "防护等级",
    "HRC": "硬度", "HRB": "硬度", "HB": "硬度", "HBW": "硬度", "HV": "硬度", "HS": "硬度", "HA": "硬度",
    "HSD": "硬度", "Ah": "容量", "mAh": "容量", "V": "电压", "kV": "电压", "A": "电流", "W": "功率",
    "kW": "功率", "MW": "功率", "Hz": "频率", "kHz": "频率", "r/min": "转速", "rpm": "转速", "kVA": "容量",
    "μF": "电容", "uF": "电容", "nF": "电容", "pF": "电容", "Ω": "电阻", "kΩ": "电阻",
}  # fmt: skip
_BODY_NAMES = frozenset("第 附件 表 图 条款 版本 编号 电话 传真 邮编 网址 联系人 手机 期 型号".split())


def region_start(text: str, start: int, floor: int) -> int:
    """Where the words that may name a value at ``start`` begin, at most 80 characters before it."""
    last = floor = max(floor, start - _FARTHEST)
    for found in _SEPARATOR.finditer(text, floor, start):
        last = found.end()
    return last


def name_before(text: str, start: int, floor: int) -> tuple[str, int]:
    """The name that stands before a value and its start; an empty name starts at the value itself."""
    floor = max(floor, start - _FARTHEST)
    begin = region_start(text, start, floor)
    bracket = _UNIT_IN_BRACKETS.search(text, floor, start)
    if begin == start or (bracket and not text[begin:start].strip(" :")):
        begin, end = (
            (region_start(text, bracket.start(), floor), bracket.start()) if bracket else (begin, start)
        )
    else:
        end = start
    name = _chosen(text[begin:end])
    if not name:
        return "", start
    at = text.rfind(name, begin, end)
    return (name, at) if at >= 0 else ("", start)


def unit_in_brackets(text: str, floor: int, start: int) -> tuple[int, int] | None:
    """Where the content of brackets directly before a value stands (厚度(mm):3)."""
    found = _UNIT_IN_BRACKETS.search(text, max(floor, start - _FARTHEST), start)
    return found.span("unit") if found else None


@lru_cache(maxsize=8192)
def _chosen(region: str) -> str:
    name = _TRAILING.sub("", region.rstrip())
    if ":" in name:
        name = name[name.rindex(":") + 1 :]
    name = _CONDITION.sub("", name)
    chosen = _chinese(name) if _CHINESE.search(name) else _english(name)
    return "" if chosen in _BODY_NAMES or len(chosen) > 40 or not _NAME.match(chosen) else chosen


def _chinese(name: str) -> str:
    pieces = name.split()
    piece = pieces[-1] if pieces else ""
    if len(pieces) > 1 and _KNOWN_SYMBOL.fullmatch(piece) and _CHINESE.search(pieces[-2]):
        piece = name[name.rindex(pieces[-2]) :]
    piece = _OF.sub("", piece)
    for _ in range(3):
        piece = _TRAILING.sub("", _LEADING.sub("", piece))
    clear = len(piece) <= _LONGEST and "为" not in piece and not VALUE.fullmatch(piece)
    return piece if clear else ""


def _english(name: str) -> str:
    name = _STOP.sub("", _CUT.sub("", name.strip(" -*:"))).strip(" -*:")
    words = name.split()
    if not words or not _WORD.match(name):
        return ""
    return name if len(words) <= _ENGLISH_WORDS else ""


def told(name: str) -> str:
    """A name as it is told: without a Latin symbol beside it, and without the product's name before it.

    光伏组件转换效率 is 转换效率, but the name of a part (电机功率, 镀锌层厚度) tells another parameter.
    """
    # 出水COD tells what is measured, 屈服强度ReL tells it twice.
    bare = _SYMBOL.sub("", name) or name
    if _SUBSTANCE.search(name) or (_ACRONYM.search(name) and not is_parameter(bare)):
        bare = name
    return _ADJECTIVES.get(bare, _without_product(bare)).strip()


def _without_product(name: str) -> str:
    known = _PARAMETER.search(name)
    product = name[: known.start()] if known else ""
    if known is None or _PART.search(product) or not _PRODUCT.search(product):
        return name
    return known.group()


def name_behind(text: str, end: int, *, limited: bool) -> tuple[str, int]:
    """The name that stands behind a value (“3mm厚”, “690 MPa yield strength”) and its end."""
    side = adjective_behind(text, end)
    if side[0]:
        return side
    found = (
        _BEHIND_ENGLISH.match(text, end)
        or _BEHIND_TIME.match(text, end)
        or (_BEHIND_LIMIT.match(text, end) if limited else None)
    )
    if found is None:
        return "", end
    name = found["name"].strip()
    return _ENGLISH_SIDES.get(name, name), found.end("name")


def is_parameter(name: str) -> bool:
    """Whether a name ends as parameters' names do."""
    return _PARAMETER.search(name) is not None


def adjective_behind(text: str, end: int) -> tuple[str, int]:
    """The side that stands behind a length (2.0mm厚) and its end."""
    found = None if text[end - 1].isdigit() else _BEHIND_CHINESE.match(text, end)
    return (_SIDES[found["name"]], found.end()) if found else ("", end)


def stands_behind(text: str, end: int) -> bool:
    """Whether a name stands behind a number without a unit (“at least 4 ports”)."""
    return _BEHIND_ENGLISH.match(text, end) is not None


def name_by_unit(unit: str) -> str:
    """The name that some units imply (24芯, IP67); empty for all others."""
    return _UNITS_NAMES.get(unit, "")
