"""Where in a text a number with its comparison, tolerance and unit stands.

This finds the extent only; what the extent means is read by ``engine.values``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count

from matching.engine.bounds import ANY_PREFIX, ANY_SUFFIX, PREFIXES, SUFFIXES
from matching.engine.types import Operator
from matching.engine.unit_names import UNIT

# A blank, but no new line.
_S = r"[ \t]?"
_EXPONENT = rf"(?:(?:[eE]|{_S}[×xX*]{_S}10(?:\^|(?=-)))[-+]?[0-9]{{1,2}}(?![0-9.]))?"
_NUMBER = (
    rf"(?:10\^[-+]?[0-9]{{1,2}}|(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?{_EXPONENT})"
)
_SIGN = r"(?:零下|[-+](?<![0-9A-Za-z)\0][-+]))?"
_SCALE = r"(?:HRC|HRB|HBW|HBS|HB|HV|HSD|HS|HA|IP)"
_numbers = count()


def _unit() -> str:
    """An optional unit under a group name of its own."""
    return rf"(?:{_S}(?P<unit{next(_numbers)}>{UNIT})(?:{_S}[DA]C(?![A-Za-z]))?)?"


def _quantity() -> str:
    return rf"(?:φ{_S}|R(?=[0-9]))?{_SIGN}{_NUMBER}{_unit()}"


_INCHES = (
    rf"(?:[0-9]{{1,3}}(?:-|{_S}))?[0-9]{{1,2}}/(?:64|32|16|8|4|2){_S}"
    rf"(?P<unit{next(_numbers)}>英寸|寸|inch(?:es)?|in(?![a-z])|\")"
)
_ONE = "|".join(
    (
        rf"(?P<inches>{_INCHES})",
        rf"(?P<scale>{_SCALE}){_S}{_NUMBER}(?:{_S}[~-]{_S}{_SCALE}?{_S}{_NUMBER}|{_S}±{_S}{_NUMBER})?",
        rf"\({_S}{_SIGN}{_NUMBER}{_S}±{_S}{_NUMBER}{_S}\){_unit()}",
        rf"(?P<tolerance>{_quantity()}(?:{_S}[AD]C)?{_S}\(?(?:±|\+/-){_S}{_NUMBER}{_unit()}\)?{_unit()})",
        rf"{_quantity()}{_S}\(?(?:\+{_S}{_NUMBER}{_S}[/,]{_S}-?{_S}{_NUMBER}|0{_S}[/,]{_S}-{_S}{_NUMBER}){_S}\)?{_unit()}",
        rf"(?:±|\+/-){_S}{_NUMBER}{_unit()}",
        rf"[Bb]etween\s{_quantity()}\sand\s{_quantity()}",
        rf"(?:[Ff]rom\s|介于|在)?{_quantity()}{_S}(?:~|-|至|到|(?<=\s)to\s){_S}{_quantity()}(?:之间)?",
        rf"(?:介于){_quantity()}[与和]{_quantity()}之间",
        rf"{_quantity()}{_S}[<≤]=?{_S}(?P<within>[A-Za-zφ\u4e00-\u9fff]{{1,8}}){_S}[<≤]=?{_S}{_quantity()}",
        rf"(?P<point>{_quantity()})",
    )
)
_WORD_PREFIX = rf"(?:(?:(?<![A-Za-z])|(?![A-Za-z]))(?i:{ANY_PREFIX}){_S})"
_ALSO = rf"{_S}(?:且|并且?|,|，|、|and)?{_S}"
_SECOND = (
    rf"(?:(?P<second>{_ALSO}(?P<other>{_WORD_PREFIX}){_quantity()})"
    rf"|(?(suffix)(?P<ceiling>{_ALSO}{_quantity()}{_S}(?P<behind>(?i:{ANY_SUFFIX})))))"
)
# A value begins with one of these; most characters of a text are none of them.
_FIRST = (
    r"0-9φRHI±≥≤⩾⩽<>=+\-(零介在约不应须均大小高低等至最起优好达可能顶多少控限超长短abefghlmnosuwABEFGLMNOSUW"
)
VALUE = re.compile(
    rf"(?=[{_FIRST}])(?P<prefix>{_WORD_PREFIX})?(?P<about>(?:大?约|approx\.?\s|about\s){_S})?"
    r"(?:(?<=[AD]C)|(?<=R[az])|(?<![A-Za-z0-9\0]-)(?<![0-9A-Za-zα-υχ-ω.×/_#^近第之]))"
    rf"(?:{_ONE})(?P<suffix>{_S}(?i:{ANY_SUFFIX}))?{_SECOND}?"
)
_SUFFIX = re.compile(rf"{_S}(?i:{ANY_SUFFIX})")
_UNIT_GROUPS = tuple(name for name in VALUE.groupindex if name.startswith("unit"))
_LOWER, _UPPER = (
    re.compile(rf"\s*(?i:{PREFIXES[first]}|{PREFIXES[second]}|{SUFFIXES[first]})")
    for first, second in ((Operator.AT_LEAST, Operator.MORE_THAN), (Operator.AT_MOST, Operator.LESS_THAN))
)
_COULD_BEGIN = re.compile("[0-9]")


@dataclass(frozen=True, slots=True)
class Extent:
    """A value in a text: where it stands, where its units do, and how it is written.

    ``bare`` has no comparison, range or tolerance; ``compared`` has a word of comparison; ``within`` is the
    name inside 3mm<厚度<5mm.
    """

    start: int
    end: int
    units: tuple[tuple[int, int], ...]
    bare: bool
    about: bool
    compared: bool
    within: tuple[int, int] | None


def values_in(text: str, office_units: re.Pattern[str] | None = None) -> Iterator[Extent]:
    """Every number with what belongs to it, from left to right; units that an office taught included."""
    start = 0
    if not _COULD_BEGIN.search(text):
        return
    while found := VALUE.search(text, start):
        extent = _extent(found)
        taught = office_units.match(text, extent.end) if office_units and not extent.units else None
        if taught:
            extent = _with_unit(text, extent, taught.span("unit"))
        yield extent
        start = extent.end


def _with_unit(text: str, extent: Extent, unit: tuple[int, int]) -> Extent:
    suffix = _SUFFIX.match(text, unit[1])
    return replace(
        extent,
        end=suffix.end() if suffix else unit[1],
        units=(unit,),
        bare=extent.bare and suffix is None,
        compared=extent.compared or suffix is not None,
    )


def _opposed(first: str, second: str) -> bool:
    """Whether of two comparisons one limits from below and the other from above."""
    return bool(
        (_LOWER.match(first) and _UPPER.match(second)) or (_UPPER.match(first) and _LOWER.match(second))
    )


def _extent(found: re.Match[str]) -> Extent:
    end = found.end()
    if found["second"] and not _opposed(found["prefix"] or "", found["other"]):
        # “公差±0.02, 不大于三毫米” are two values.
        end = found.start("second")
    spans = [found.span(name) for name in _UNIT_GROUPS if found[name]]
    if found["ceiling"]:
        written = {found.string[slice(*span)] for span in spans}
        if len(written) != 1 or not _opposed(found["suffix"], found["behind"]):
            # “50℃以上, 10件以下” are two values too.
            end = found.start("ceiling")
    units = tuple(span for span in spans if span[1] <= end)
    compared = bool(found["prefix"] or found["suffix"])
    return Extent(
        found.start(),
        end,
        (found.span("scale"),) if found["scale"] else units,
        bool(found["point"] or found["inches"]) and not (compared or found["second"]),
        bool(found["about"]),
        compared,
        found.span("within") if found["within"] else None,
    )
