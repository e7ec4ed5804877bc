"""Requirements that are numbers.

The extent comes from ``numbers``, the name from ``names``, what the number means from ``engine.values``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from matching.engine.specs import names
from matching.engine.specs.found import Canvas, Found
from matching.engine.specs.numbers import Extent, values_in
from matching.engine.text import CJK, GlossaryIndex, clean
from matching.engine.types import Operator
from matching.engine.units import known
from matching.engine.values import Reading, operator_of, read

_CURRENT = re.compile(r"(?<=[0-9Vv])\s?[DA]C(?![A-Za-z])")
_FOLLOWS = re.compile(r"\s*(?:$|[\0，,;。、:!?)\](·@]|/(?![0-9A-Za-z])|\.(?:\s|$)|\s|[的且并和及与或等])")
_GOES_ON = re.compile(rf"[{CJK}]+(?:[A-Za-z][A-Za-z0-9]{{0,4}})?\s*[:为]?\s*")
_CONDITION = re.compile("\\s?(?:时|下(?![限列])|条件下|环境下|(?<=[次周天年月时hn])后(?=[^盖桥轴端视角]))")
_JOINS = frozenset({"或", "或者", "和", "及", "与", "且"})
_BESIDE = re.compile(r"\s?/\s?[0-9]")
_CUT_SHORT = re.compile("/[A-Za-z]")
_ENDS = re.compile(r"\s*(?:$|[，,;。、\n])|\s+(?=[0-9φ±≥≤])")
_RUNS_ON = re.compile(rf"(?![或和及与])[0-9A-Za-z{CJK}]")
_SCALES = frozenset({"HV", "HB", "HBW", "HRC", "HRB", "HSD", "HS", "HA"})
_SCALE = re.compile(f"(?<![A-Za-z])(?P<scale>{'|'.join(sorted(_SCALES, key=len, reverse=True))})\\s*$")
_STEPS = re.compile("温升|温差")
_WARMTH = re.compile("温|temperature", re.IGNORECASE)
_COUNTED = re.compile(rf"[数比率度值径长宽高厚深量差动距]$|^[^{CJK}]+$")
_ROUGHNESS = re.compile("(?:(?<=[^A-Za-z])|^)R[az][a-z]*\\s*$")
_ROUGH_NAME = re.compile(r"\s*R[az][a-z]*$")
_BETTER = re.compile("优于|好于|better than", re.IGNORECASE)
_SMALL_IS_BETTER = re.compile(
    "精度|真空|误差|偏差|公差|粗糙|repeatab|accura|resolution|toleran|rough|noise", re.IGNORECASE
)
_LIMITED = re.compile(
    r"^(?P<word>最大|最高|最小|最低|max(?:imum)?\.?|min(?:imum)?\.?)\s*(?P<name>.+)$", re.IGNORECASE
)
_BURDEN = re.compile(
    "^(?:(?:总|单件|单台|自|毛|净)?重量|质量|自重|厚度偏差|噪[声音]|误差|偏差|间隙|跳动|损耗|含量|泄漏量|功耗)$"
)
_BENEFIT = re.compile(
    "^(?:(?:抗拉|屈服|拉伸|抗压|抗弯|剪切|断裂)强度|硬度|纯度|伸长率|延伸率|壁厚|厚度|使用寿命|寿命|绝缘电阻)$"
)


@dataclass(frozen=True, slots=True)
class _Named:
    """The name of a value, and where name and value together stand."""

    name: str
    start: int
    end: int


def find_quantities(canvas: Canvas, glossary: GlossaryIndex) -> None:
    """Cut out every number that has a name, a comparison or a unit that say what it asks."""
    canvas.add_all(list(_quantities(canvas.text, glossary)))


def _quantities(text: str, glossary: GlossaryIndex) -> Iterator[Found]:
    extents = list(values_in(text, glossary.office_units))
    floor = 0
    for at, extent in enumerate(extents):
        if extent.start < floor:
            continue
        following = extents[at + 1] if at + 1 < len(extents) else None
        if _is_part_of_name(text, extent, following, floor):
            continue
        found = _found(text, extent, floor, glossary)
        if found is not None:
            found = _with_alternatives(text, found, extents[at:])
            yield found
        if found is not None or not extent.bare:
            floor = max(floor, found.end if found else extent.end)


def _with_alternatives(text: str, found: Found, extents: list[Extent]) -> Found:
    """“厚度3mm、5mm、8mm” accepts any of the three."""
    listed = [extents[0]]
    for extent in extents[1:]:
        if not extent.bare or text[listed[-1].end : extent.start].strip() not in {"、", "或"}:
            break
        listed.append(extent)
    if len(listed) == 1 or not listed[0].bare or not all(extent.units for extent in listed):
        return found
    values = tuple(text[extent.start : extent.end].strip() for extent in listed)
    return Found(found.start, listed[-1].end, found.parameter, Operator.ONE_OF, values=values)


def _is_part_of_name(text: str, extent: Extent, following: Extent | None, floor: int) -> bool:
    """Whether a number only says of what the next one is (1310nm衰减≤0.35, 20℃时不大于…)."""
    if extent.compared:
        return False
    if extent.bare and _CONDITION.match(text, extent.end):
        return True
    if following is None or text[extent.end : following.start].strip() in _JOINS:
        return False
    if names.name_before(text, extent.start, floor)[0]:
        return False
    behind = _GOES_ON.match(text, extent.end)
    if behind is None or behind.end() != following.start:
        return False
    return not names.name_behind(text, extent.end, limited=False)[0]


def _found(text: str, extent: Extent, floor: int, glossary: GlossaryIndex) -> Found | None:
    if not _is_whole(text, extent) or _is_remark(text, extent, floor):
        return None
    reading = _reading(text, extent, floor, glossary)
    if extent.within:
        named = _Named(text[slice(*extent.within)], extent.start, extent.end)
    else:
        named = _name(text, extent, floor)
    if named.name and extent.about:
        # “约1.2吨” names no limit: it is kept as it is written.
        return Found(named.start, named.end, named.name, values_at=(extent.start, extent.end))
    if reading is None or extent.about or reading.unit == "S":
        # 32S is the count of a yarn; what conducts is told in mS or S/m.
        return None
    if _is_number_of_a_model(text, extent, named):
        return None
    reading, bracket = _with_bracket(text, extent, floor, reading)
    found = _numeric(text, extent, reading, named)
    if not found.parameter:
        if found.unit in {"C", "级"} or (extent.bare and not (_alone(text, extent, floor) and found.unit)):
            return None
        found = replace(found, parameter=_implied(text, extent, found.unit))
    return replace(found, unit_at=bracket or _unit_at(text, extent, found.unit))


def _is_whole(text: str, extent: Extent) -> bool:
    """Whether the number is all that is written: not “12V/5A”, no word behind it that may be its unit.

    Nor one whose unit goes on with what nobody knows (3.4g/xx).
    """
    if _is_cut_short(text, extent) or (extent.bare and _BESIDE.match(text, extent.end)):
        return False
    if extent.units or _FOLLOWS.match(text, extent.end):
        return True
    return names.stands_behind(text, extent.end)


def _is_cut_short(text: str, extent: Extent) -> bool:
    """Whether more of its unit follows than anybody knows; the scale of HRC58 or IP65 stands before it."""
    stands_last = any(end == extent.end for _start, end in extent.units)
    return stands_last and _CUT_SHORT.match(text, extent.end) is not None


def _is_remark(text: str, extent: Extent, floor: int) -> bool:
    """Whether a number in brackets only remarks on what stands before them: ≥6000次(25℃)."""
    opened = -1 if extent.compared else text.rfind("(", floor, extent.start)
    if opened < 0 or ")" in (inside := text[opened + 1 : extent.start]):
        return False
    return not inside.rpartition(",")[2].strip()


def _reading(text: str, extent: Extent, floor: int, glossary: GlossaryIndex) -> Reading | None:
    written = clean(_CURRENT.sub("", text[extent.start : extent.end])).removeprefix("=")
    if _STEPS.search(text, names.region_start(text, extent.start, floor), extent.start):
        # A rise of 40 K is one of 40 °C.
        written = re.sub("K$", "°C", written)
    elif _WARMTH.search(text, names.region_start(text, extent.start, floor), extent.start):
        written = re.sub("(?<=[0-9])C$", "°C", written)
    elif written.endswith("周") and "循环" in text[floor : extent.start]:
        written = f"{written[:-1]}次"
    return read(written, glossary.units)


def _name(text: str, extent: Extent, floor: int) -> _Named:
    name, start = names.name_before(text, extent.start, floor)
    side, end = names.adjective_behind(text, extent.end)
    if side and not names.is_parameter(name):
        return _Named(side, extent.start, end)
    if name:
        return _Named(names.told(name), start, extent.end)
    name, end = names.name_behind(text, extent.end, limited=not extent.bare)
    return _Named(name, extent.start, end)


def _is_number_of_a_model(text: str, extent: Extent, named: _Named) -> bool:
    """Whether a mere number behind a name is no value of it: 轴承6305, but 模数3."""
    if not extent.bare or named.start == extent.start or text[extent.start] == "φ":
        return False
    before = text[: extent.start].rstrip()
    if extent.units:
        # “服务器：2颗32核CPU” counts parts of the server, not the server.
        told = before.endswith(":") and not names.is_parameter(named.name)
        return told and _RUNS_ON.match(text, extent.end) is not None
    return not _COUNTED.search(named.name) and not text[: extent.start].rstrip().endswith(
        (":", "=", "为", "是")
    )


def _with_bracket(
    text: str, extent: Extent, floor: int, reading: Reading
) -> tuple[Reading, tuple[int, int] | None]:
    """The reading in the unit that brackets before it name (厚度(mm):3), and where they do."""
    if reading.unit or extent.units:
        return reading, None
    bracket = names.unit_in_brackets(text, floor, extent.start)
    if bracket is None or not known(text[slice(*bracket)]):
        return reading, None
    return replace(reading, unit=text[slice(*bracket)]), bracket


def _numeric(text: str, extent: Extent, reading: Reading, named: _Named) -> Found:
    found = Found(
        named.start,
        named.end,
        named.name,
        operator_of(reading),
        reading.low,
        reading.high,
        reading.unit,
        tolerance=reading.tolerance,
    )
    for settle in (_roughness, _hardness, _limit, _protection):
        found = settle(text, extent, found)
    if (
        found.operator is Operator.AT_LEAST
        and _BETTER.match(text, extent.start)
        and _SMALL_IS_BETTER.search(found.parameter)
    ):
        return replace(found, operator=Operator.AT_MOST, low=None, high=found.low)
    return found


def _roughness(text: str, extent: Extent, found: Found) -> Found:
    """A bare Ra is the most that is allowed, in micrometres (GB/T 131); of light it tells colours."""
    rough = _ROUGHNESS.search(text, max(0, extent.start - 8), extent.start)
    if rough is None or "显色" in found.parameter:
        return found
    name = _ROUGH_NAME.sub("", found.parameter) or "表面粗糙度"
    found = replace(found, parameter=name, unit=found.unit or "μm", start=min(found.start, rough.start()))
    return replace(found, operator=Operator.AT_MOST, low=None) if extent.bare else found


def _hardness(text: str, extent: Extent, found: Found) -> Found:
    """HV≥700 names its scale beside its parameter, or instead of it."""
    scale = None if found.unit else _SCALE.search(text, max(0, extent.start - 5), extent.start)
    if scale is None:
        return found
    name = "硬度" if found.parameter in _SCALES else found.parameter
    return replace(found, parameter=name, unit=scale["scale"])


def _limit(text: str, extent: Extent, found: Found) -> Found:
    """“最低屈服强度690MPa” is a limit; “最高转速3000r/min” is what a machine reaches, hence a name."""
    limited = _LIMITED.match(found.parameter)
    if limited is None or found.operator is not Operator.EQUAL:
        return found
    word, name = limited["word"].casefold(), limited["name"]
    if word.startswith("max") or (word in {"最大", "最高"} and _BURDEN.match(name)):
        return replace(found, parameter=name, operator=Operator.AT_MOST, low=None)
    if word.startswith("min") or (word in {"最小", "最低"} and _BENEFIT.match(name)):
        return replace(found, parameter=name, operator=Operator.AT_LEAST, high=None)
    return found


def _protection(text: str, extent: Extent, found: Found) -> Found:
    """A wanted protection class is a least one."""
    if found.unit != "IP":
        return found
    name = "防护等级" if found.parameter in {"", "防护"} else found.parameter
    if found.low == found.high:
        return replace(found, parameter=name, operator=Operator.AT_LEAST, high=None)
    return replace(found, parameter=name)


def _implied(text: str, extent: Extent, unit: str) -> str:
    return names.name_by_unit(unit) or ("直径" if text[extent.start] == "φ" else "")


def _alone(text: str, extent: Extent, floor: int) -> bool:
    """Whether a nameless number is all that its clause says."""
    before = text[names.region_start(text, extent.start, floor) : extent.start].strip()
    return not before and bool(_ENDS.match(text, extent.end))


def _unit_at(text: str, extent: Extent, unit: str) -> tuple[int, int] | None:
    """Where the unit of a reading is written: in 220V±10% it is the V."""
    spans = ((start, start + len(unit)) for start, _ in extent.units if unit)
    told = (span for span in (*extent.units, *spans) if clean(text[slice(*span)]) == unit)
    return next(told, extent.units[-1] if extent.units else None)
