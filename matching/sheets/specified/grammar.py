"""The exact writing of one requirement or property.

::

    厚度 = 3 mm            a number           抗拉强度 ≥ 690 MPa     a limit (≥ ≤ > <)
    直径 10~20 mm          a range            材质 = "304"           a word as it stands
    材质 ∈ {Q345, Q355}    several words      长度 = [1, 2] {A} m    whatever else a row may hold
    厚度 3±0.5 mm          a tolerance        厚度 ± [2.9, 3.2] mm   one whose ends are uneven

Names, words and units may stand in quotes; a wish ends in ``(可选)``. A bare unit is one that the engine
knows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from matching.engine import units
from matching.engine.text import clean
from matching.engine.types import Operator
from matching.engine.values import parse_requirement
from matching.sheets.specified.quoting import QUOTED, unquoted

SIGNS = {
    Operator.AT_LEAST: "≥",
    Operator.AT_MOST: "≤",
    Operator.MORE_THAN: ">",
    Operator.LESS_THAN: "<",
    Operator.EQUAL: "=",
    Operator.ONE_OF: "∈",
}
SOFT = "(可选)"
_OPERATORS = {sign: operator for operator, sign in SIGNS.items()} | {
    ">=": Operator.AT_LEAST,
    "<=": Operator.AT_MOST,
    "": Operator.BETWEEN,
}
_RESERVED = r'"=≥≤><∈;；\n\r{}\[\]~,，:：'
_NAME = rf"(?P<name>{QUOTED}|[^\s{_RESERVED}](?:[^{_RESERVED}]{{0,79}}?[^\s{_RESERVED}])??)"
_NUMBER = r"-?[0-9]{1,20}(?:\.[0-9]{1,20})?"
_UNIT = rf"(?:\s*(?P<unit>{QUOTED}|[^\s0-9()（）{_RESERVED}][^\s{_RESERVED}]{{0,30}}?))?"
_SIGN = r"(?P<sign>>=|<=|[≥≤><=∈])"
_END = r"(?P<soft>[^\S\n\r]*[(（](?:可选|optional)[)）])?[^\S\n\r]*(?=[;；\n\r]|\Z)"
_MEMBER = r'[^"{},，、;；\n\r]'
_WORDS = rf"(?P<words>\{{(?>{QUOTED}|[,，、;；]|{_MEMBER}++)*+\}})"
_ENDS = rf"(?P<tolerance>±\s*)?\[\s*(?P<low>{_NUMBER})?\s*,\s*(?P<high>{_NUMBER})?\s*\]"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_NAME}\s*{_SIGN}\s*(?P<number>{_NUMBER}){_UNIT}{_END}",
        rf"{_NAME}\s*(?P<low>{_NUMBER})~(?P<high>{_NUMBER}){_UNIT}{_END}",
        rf"{_NAME}\s*(?P<middle>{_NUMBER})±(?P<spread>{_NUMBER}){_UNIT}{_END}",
        rf"{_NAME}\s*=\s*(?P<text>{QUOTED}){_END}",
        rf"{_NAME}\s*{_SIGN}?\s*(?:{_ENDS}\s*{_WORDS}?|{_WORDS.replace('<words>', '<only>')}){_UNIT}{_END}",
    )
)
_TOKEN = re.compile(rf"\s*(?:(?P<quoted>{QUOTED})|(?P<bare>{_MEMBER}+))\s*")
# Numbers without a unit are designations under these names: 304 is a steel.
_DESIGNATIONS = ("材质", "材料", "牌号", "钢号", "型号", "规格", "标准", "编号", "图号")


@dataclass(frozen=True, slots=True)
class Item:
    """One requirement or property as it is written; ``end`` is where its writing ends.

    ``tolerance`` as in ``Property``.
    """

    name: str
    operator: Operator
    low: Decimal | None
    high: Decimal | None
    words: tuple[str, ...]
    unit: str
    soft: bool
    end: int
    tolerance: bool = False


def match(text: str, at: int = 0) -> Item | None:
    """The exact writing that begins at ``at``, or None."""
    for form in _FORMS:
        found = form.match(text, at)
        if found is not None and (item := _item(found)) is not None:
            return item
    return None


def _item(found: re.Match[str]) -> Item | None:
    groups = found.groupdict()
    operator = _OPERATORS[groups.get("sign") or ""]
    unit = groups.get("unit") or ""
    if not _allowed(found["name"], unit):
        return None
    low, high = _ends(groups, operator)
    words = _members(groups.get("words") or groups.get("only") or "{}")
    if groups.get("text"):
        operator, words = Operator.EQUAL, (unquoted(groups["text"]),)
    elif groups.get("number"):
        if operator is Operator.ONE_OF:
            return None
        if not unit and unquoted(found["name"]).endswith(_DESIGNATIONS):
            return None
    return Item(
        unquoted(found["name"]),
        operator,
        low,
        high,
        words,
        unquoted(unit),
        bool(found["soft"]),
        found.end(),
        bool(groups.get("tolerance") or groups.get("spread")),
    )


def _ends(groups: dict[str, str | None], operator: Operator) -> tuple[Decimal | None, Decimal | None]:
    number, middle = groups.get("number"), groups.get("middle")
    if middle is not None:
        spread = Decimal(groups["spread"] or 0)
        return Decimal(middle) - spread, Decimal(middle) + spread
    if number is None:
        low, high = groups.get("low"), groups.get("high")
        return Decimal(low) if low else None, Decimal(high) if high else None
    value = Decimal(number)
    above = operator in {Operator.AT_LEAST, Operator.MORE_THAN}
    below = operator in {Operator.AT_MOST, Operator.LESS_THAN}
    return None if below else value, None if above else value


def _members(braces: str) -> tuple[str, ...]:
    found = _TOKEN.finditer(braces, 1, len(braces) - 1)
    tokens = (token["quoted"] or token["bare"].strip() for token in found)
    return tuple(unquoted(token) for token in tokens if token)


def _allowed(name: str, unit: str) -> bool:
    """Bare names and units are taken as they stand only where nobody could mean something else."""
    return (name.startswith('"') or _is_plain(name)) and (
        not unit or unit.startswith('"') or units.known(unit)
    )


@lru_cache(maxsize=4096)
def _is_plain(name: str) -> bool:
    """Whether a name holds no unit (“厚度(mm)”) and is in the engine's own writing."""
    understood = parse_requirement(name, "1")
    return clean(name) == name == understood.parameter and not understood.unit
