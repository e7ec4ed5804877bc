"""Requirements and properties read from one cell: the exact writing first, then what people write."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from matching.engine.specs import parse_specification
from matching.engine.text import index_glossary
from matching.engine.types import Glossary, Operator, Requirement
from matching.engine.values import parse_property, parse_requirement
from matching.sheets.specified import grammar

MAX_PARAMETER = 80
MAX_WORD = 120
MAX_UNIT = 20
_WHOLE_DIGITS = 16
_PLACES = 8
_SEPARATOR = re.compile(r"[;；\n\r]+")
_BLANK = re.compile(r"[\s;；]*")
_BULLET = re.compile(
    r"(?:[(（]?[0-9]{1,2}[)）、．]|[0-9]{1,2}\.(?![0-9])|[①-⑳]|[•·*●■◆\-–](?![0-9]))[^\S\n\r]*"
)
_COMMA = re.compile(r"[,，。](?![0-9]{3}(?![0-9]))")
_NAMED = re.compile(
    r"(?P<name>[^\s=:：≥≤><,，。;；][^=:：≥≤><,，。;；]{0,39}?)\s*(?:[:：=]|(?P<sign>>=|<=|[≥≤><]))\s*(?P<value>\S.*)"
)
_SOFT = re.compile(r"\s*[(（](?:可选|optional)[)）]\s*$")


@dataclass(frozen=True, slots=True)
class Specified:
    """What a cell states: rows as the API takes them, and the texts that nobody understood.

    ``free`` counts the characters that were not written exactly, so that the engine had to make them out.
    """

    rows: tuple[dict[str, Any], ...] = ()
    unread: tuple[str, ...] = ()
    free: int = field(default=0, compare=False)


def read_requirements(text: str) -> Specified:
    """Requirements of a cell."""
    return _read(text, _requirement_row)


def read_properties(text: str) -> Specified:
    """Properties of a cell. A wish is no property: it stays unread."""
    return _read(text, _property_row)


def row_of_property(row: Mapping[str, Any]) -> dict[str, Any]:
    """A property's row with what was left out."""
    return {
        "parameter": row["parameter"],
        "low": row.get("low"),
        "high": row.get("high"),
        "values": list(row.get("values") or ()),
        "unit": row.get("unit") or "",
        "tolerance": bool(row.get("tolerance")),
    }


@dataclass(frozen=True, slots=True)
class _Stated:
    """What a piece states; ``tolerance`` matters to properties alone."""

    wanted: Requirement
    tolerance: bool = False


def _requirement_row(stated: _Stated) -> dict[str, Any] | None:
    wanted = stated.wanted
    return {"operator": str(wanted.operator), **_common(wanted), "hard": wanted.hard}


def _property_row(stated: _Stated) -> dict[str, Any] | None:
    wanted = stated.wanted
    return {**_common(wanted), "tolerance": stated.tolerance} if wanted.hard else None


def _common(wanted: Requirement) -> dict[str, Any]:
    return {
        "parameter": wanted.parameter,
        "low": wanted.low,
        "high": wanted.high,
        "values": list(wanted.values),
        "unit": wanted.unit,
    }


def _read(text: str, row_of: Callable[[_Stated], dict[str, Any] | None]) -> Specified:
    rows: list[dict[str, Any]] = []
    unread: list[str] = []
    free = 0
    for source, found, rest, exact in _pieces(text):
        free += 0 if exact else len(source)
        made = [row_of(wanted) for wanted in found]
        if any(row is None or not _fits(row) for row in made):
            unread.append(source)
            continue
        rows += [row for row in made if row is not None]
        unread += rest
    return Specified(tuple(rows), tuple(unread), free)


Piece = tuple[str, list[_Stated], list[str], bool]


def _pieces(text: str) -> Iterator[Piece]:
    """Each piece of the cell: its text, what it states, what nobody understood, whether it is exact."""
    at = _blank(text, 0)
    while at < len(text):
        bullet = _BULLET.match(text, at)
        start = bullet.end() if bullet else at
        item = grammar.match(text, at) if not bullet else grammar.match(text, start)
        if item is not None:
            yield text[at : item.end], [_wanted(item)], [], True
            at = _blank(text, item.end)
            continue
        separator = _SEPARATOR.search(text, at)
        end = separator.start() if separator else len(text)
        yield _free(text[start:end].strip())
        at = _blank(text, end)


def _blank(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at


def _wanted(item: grammar.Item) -> _Stated:
    wanted = Requirement(
        item.name, item.operator, item.low, item.high, item.words, item.unit, hard=not item.soft
    )
    return _Stated(wanted, item.tolerance)


def _free(piece: str) -> Piece:
    """A piece in people's own words: as one specification, else clause by clause."""
    soft = _SOFT.search(piece)
    written = piece[: soft.start()] if soft else piece
    found, rest = _specified(written)
    if not found or rest:
        clauses = [clause.strip() for clause in _COMMA.split(written) if clause.strip()]
        read = [_clause(clause) for clause in clauses]
        found = [wanted for stated, _rest in read for wanted in stated]
        rest = [left for _stated, lefts in read for left in lefts]
    if soft:
        found = [_as_wish(wanted) for wanted in found]
    return piece, found, rest, False


def _clause(clause: str) -> tuple[list[_Stated], list[str]]:
    found, rest = _specified(clause)
    if found and not rest:
        return found, []
    named = _NAMED.fullmatch(clause)
    if named:
        value = (named["sign"] or "") + named["value"]
        wanted = parse_requirement(named["name"], value)
        if wanted.low is not None or wanted.high is not None or wanted.values:
            return [_Stated(wanted, parse_property(named["name"], value).tolerance)], []
    # A word or two alone say nothing (“表面” of “表面无划伤”): the clause stays whole.
    return found, [clause]


def _specified(text: str) -> tuple[list[_Stated], list[str]]:
    stated = parse_specification(text, index_glossary(Glossary()))
    return [_Stated(item.requirement, item.tolerance) for item in stated.requirements], [
        text[first:last] for first, last in stated.rest
    ]


def _as_wish(stated: _Stated) -> _Stated:
    return replace(stated, wanted=replace(stated.wanted, hard=False))


def _fits(row: Mapping[str, Any]) -> bool:
    """Whether the database takes the row."""
    return (
        0 < len(row["parameter"]) <= MAX_PARAMETER
        and len(row["unit"]) <= MAX_UNIT
        and all(0 < len(word) <= MAX_WORD for word in row["values"])
        and all(_number_fits(row[end]) for end in ("low", "high"))
        and (row.get("operator") != Operator.ONE_OF or bool(row["values"]) or row["low"] is not None)
    )


def _number_fits(number: Decimal | None) -> bool:
    if number is None:
        return True
    if not number.is_finite():
        return False
    exponent = number.normalize().as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -_PLACES and number.adjusted() < _WHOLE_DIGITS
