"""Rows and fields proposed from a line's description."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from matching.chains.queries import glossary_for
from matching.engine import types, units
from matching.engine.specs import ParsedRequirement, parse_specification
from matching.engine.specs.tokens import CERTIFICATE, STANDARD
from matching.engine.text import index_glossary
from matching.lists.forms.rows import MAX_ROWS, PROPERTIES, REQUIREMENTS, RowsSpec
from matching.lists.forms.writing import written

_NAMED = {STANDARD: "standards", CERTIFICATE: "certificates"}
_DELIVERY = re.compile("(?:交货|供货|交付|到货)(?:期|周期|时间)|lead time|delivery", re.IGNORECASE)
_LONGEST_DAYS = 3660
RECOGNISABLE = {spec.name: spec for spec in (REQUIREMENTS, PROPERTIES)}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A row that may be added: its number, what would stand in it, and where it was read.

    ``place`` is the field that the line has for it; empty where it becomes a row.
    """

    number: int
    parameter: str
    value: str
    hard: bool
    start: int
    end: int
    source: str
    place: str


@dataclass(frozen=True, slots=True)
class Proposals:
    """What was found in a text, and how much more there was than a form takes."""

    rows: list[Proposal]
    further: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the description; ``known`` where requirements were read from it."""

    text: str
    known: bool


def proposals(spec: RowsSpec, text: str, chain: str, today: date) -> Proposals:
    """What the text states, in its order, as people write rows.

    A delivery time is counted from ``today`` where the line asks for a day.
    """
    found = parse_specification(text, index_glossary(glossary_for(chain))).requirements
    rows = [_proposal(spec, number, text, parsed, today) for number, parsed in enumerate(found[:MAX_ROWS])]
    return Proposals(rows, max(0, len(found) - MAX_ROWS))


def _proposal(spec: RowsSpec, number: int, text: str, parsed: ParsedRequirement, today: date) -> Proposal:
    wanted = parsed.requirement
    place = _place(spec, wanted)
    value = written(wanted)[:200]
    if place == "deliver_until":
        value = (today + timedelta(days=days_of(wanted) or 0)).isoformat()
    source = text[parsed.start : parsed.end]
    return Proposal(
        number, wanted.parameter[:80], value, wanted.hard, parsed.start, parsed.end, source, place
    )


def _place(spec: RowsSpec, wanted: types.Requirement) -> str:
    if wanted.values and wanted.parameter in _NAMED:
        return _NAMED[wanted.parameter]
    if _DELIVERY.search(wanted.parameter) and days_of(wanted) is not None:
        return "deliver_until" if spec is REQUIREMENTS else "lead_time"
    return ""


def days_of(wanted: types.Requirement) -> int | None:
    """Full days of a time; None for what is no time, or longer than anybody plans."""
    length = wanted.high if wanted.high is not None else wanted.low
    days = None if length is None else units.convert(length, wanted.unit, "天")
    return int(days) if days is not None and 0 < days < _LONGEST_DAYS else None


def segments(text: str, found: Iterable[Proposal]) -> list[Segment]:
    """The text cut where proposals begin and end, so that a page can mark them."""
    pieces: list[Segment] = []
    at = 0
    for proposal in sorted(found, key=lambda each: (each.start, -each.end)):
        start = max(at, proposal.start)
        if proposal.end <= start:
            continue
        pieces += (Segment(text[at:start], False), Segment(text[start : proposal.end], True))
        at = proposal.end
    return [piece for piece in (*pieces, Segment(text[at:], False)) if piece.text]
