"""Rows proposed from a line's description, and the rows that a person chose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from matching.chains.queries import glossary_for
from matching.engine.specs import ParsedRequirement, parse_specification
from matching.engine.text import index_glossary
from matching.lists.forms.rows import MAX_ROWS, PROPERTIES, REQUIREMENTS, RowsSpec
from matching.lists.forms.writing import written

RECOGNISABLE = {spec.name: spec for spec in (REQUIREMENTS, PROPERTIES)}
PREFIX = "found"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A row that may be added: its number, what would stand in it, and where it was read."""

    number: int
    parameter: str
    value: str
    hard: bool
    start: int
    end: int
    source: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the description; ``known`` where requirements were read from it."""

    text: str
    known: bool


@dataclass(frozen=True, slots=True)
class AddedRows:
    """Rows to append, and how many there were before."""

    start: int
    rows: list[forms.Form]


def proposals(text: str, chain: str) -> list[Proposal]:
    """What the text states, in its order, as people write rows."""
    found = parse_specification(text, index_glossary(glossary_for(chain)))
    return [_proposal(number, text, parsed) for number, parsed in enumerate(found.requirements[:MAX_ROWS])]


def _proposal(number: int, text: str, parsed: ParsedRequirement) -> Proposal:
    wanted = parsed.requirement
    source = text[parsed.start : parsed.end]
    value = written(wanted, tolerance=parsed.tolerance)[:200]
    return Proposal(number, wanted.parameter[:80], value, wanted.hard, parsed.start, parsed.end, source)


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


def added_rows(spec: RowsSpec, posted: Mapping[str, Any]) -> AddedRows:
    """A row for each ticked proposal that has a value, filled in as it was shown or corrected."""
    counted = str(posted.get(f"{spec.name}-TOTAL_FORMS", ""))
    start = min(int(counted), 1000) if counted.isascii() and counted.isdigit() else 0
    chosen = [number for number in range(MAX_ROWS) if posted.get(f"{PREFIX}-{number}-pick")]
    rows = [
        spec.form(prefix=f"{spec.name}-{start + at}", initial=_initial(posted, number))
        for at, number in enumerate(chosen)
    ]
    return AddedRows(start, rows)


def _initial(posted: Mapping[str, Any], number: int) -> dict[str, Any]:
    prefix = f"{PREFIX}-{number}"
    return {
        "parameter": str(posted.get(f"{prefix}-parameter", ""))[:80],
        "value": str(posted.get(f"{prefix}-value", ""))[:200],
        "hard": "must" if posted.get(f"{prefix}-hard") == "must" else "wish",
    }
