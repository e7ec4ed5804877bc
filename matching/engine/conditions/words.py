"""Words compared: materials, grades, types, and quantities that are written as words."""

from __future__ import annotations

import re
from decimal import Decimal

from matching.engine import units
from matching.engine.conditions.numbers import MET, UNKNOWN, Finding
from matching.engine.text import GlossaryIndex, canonical_word, designation, normalise, standards_in, word_key
from matching.engine.types import Outcome, Property, Requirement
from matching.engine.units import show
from matching.engine.values import parse_property

_ELEMENT_SIGNS = ("掺", "元素", "杂质", "dop", "element")
_PAPER = re.compile(
    r"(?:强制性?)?(?:产品)?(?:认证|证书|标志|标识|认可|certificat(?:e|ion)|mark(?:ing)?|approval)+$"
)
_PART = re.compile("[a-z0-9.]+")
# Direct or alternating current is told by the parameter's name as a rule.
_CURRENT = re.compile(r"(?<=[0-9][Vv])\s*(?:dc|ac)$|^(?:dc|ac)\s*(?=[0-9])", re.IGNORECASE)


def compare_words(
    wanted: tuple[str, ...], offered: tuple[str, ...], element: bool, glossary: GlossaryIndex
) -> Finding:
    """Met where one offered word is a wanted one; unmet only where all of them name something for certain.

    ``element`` says that the parameter names chemical elements.
    """
    if not wanted or not offered:
        return UNKNOWN
    pairs = [(word, other) for word in wanted for other in offered]
    if any(_same_word(word, other, glossary, element) for word, other in pairs):
        return MET
    certain = all(_is_designation(word) for word in (*wanted, *offered))
    alike = any(_may_be_same(word, other, glossary) for word, other in pairs)
    return UNKNOWN if alike or not certain else (Outcome.UNMET, None)


def same_certificate(wanted: str, held: str, glossary: GlossaryIndex) -> bool:
    """Whether two names mean one certificate (ISO 9001, ISO9001质量管理体系认证)."""
    if canonical_word(wanted, glossary) == canonical_word(held, glossary):
        return True
    bare = [canonical_word(_PAPER.sub("", normalise(name)) or name, glossary) for name in (wanted, held)]
    if bare[0] == bare[1]:
        return True
    standards = set(standards_in(wanted))
    if standards:
        return bool(standards & set(standards_in(held)))
    short, long = sorted((designation(wanted), designation(held)), key=len)
    return len(short) >= 3 and short in long


def words_of(side: Requirement | Property) -> tuple[str, ...]:
    """The words of a side; a bare number (304) is a word where the other side is one."""
    if side.values:
        return side.values
    if side.low is not None and side.low == side.high and not side.unit:
        return (show(side.low),)
    return ()


def names_element(parameter: str) -> bool:
    """Whether a parameter's values are chemical elements."""
    name = parameter.casefold()
    return any(sign in name for sign in _ELEMENT_SIGNS)


def tells(word: str) -> bool:
    """A word long enough to be looked for in a title; a bare number is not."""
    compact = designation(word)
    return len(compact) > 1 and not compact.replace(".", "").isdigit()


def _same_word(wanted: str, offered: str, glossary: GlossaryIndex, element: bool) -> bool:
    """Equal by glossary or spelling, as quantities, or the offered one only says more (5083 ← 5083-H112)."""
    keys = (word_key(word, glossary, element=element) for word in (wanted, offered))
    if len(set(keys)) == 1:
        return True
    first, second = (_amount(word, glossary) for word in (wanted, offered))
    if first is not None and first == second:
        return True
    return _parts(wanted) < _parts(offered)


def _may_be_same(wanted: str, offered: str, glossary: GlossaryIndex) -> bool:
    if _share_pair(wanted, offered) or _parts(offered) < _parts(wanted):
        return True
    # A Latin and a Chinese name of one thing (LTO, 钛酸锂) have no letter in common.
    foreign = [word for word in (wanted, offered) if word.isascii()]
    known = all(canonical_word(word, glossary) in glossary.canonical for word in (wanted, offered))
    return len(foreign) == 1 and foreign[0].isalpha() and not known


def _parts(word: str) -> frozenset[str]:
    """Parts of a Latin designation; empty for other words and where no part is a name by itself."""
    parts = frozenset(_PART.findall(normalise(word))) if normalise(word).isascii() else frozenset[str]()
    return parts if any(len(part) > 1 for part in parts) else frozenset()


def _amount(word: str, glossary: GlossaryIndex) -> tuple[Decimal, str] | None:
    """A word that is a quantity (“350bar”, “DC1500V”) in base units."""
    stated = parse_property("", _CURRENT.sub("", word), aliases=glossary.units)
    if stated.low is None or stated.low != stated.high or not stated.unit:
        return None
    return units.base(stated.low, stated.unit, glossary.units)


def _is_designation(word: str) -> bool:
    """Whether a text names something (Q355B, 镀锌) and differs from another name for certain."""
    compact = designation(word)
    return 0 < len(compact) <= (24 if compact.isascii() else 4) and "约" not in compact


def _share_pair(word: str, other: str) -> bool:
    """Whether two Chinese words share two characters in a row: 镀锌 and 热镀锌 need a person."""
    first, second = designation(word), designation(other)
    if first.isascii() or second.isascii():
        return False
    return any(first[at : at + 2] in second for at in range(len(first) - 1))
