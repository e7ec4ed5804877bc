"""A parsed specification as plain values, the same for the command line, the API and the portal."""

from __future__ import annotations

from decimal import Decimal
from typing import TypedDict

import msgspec

from matching.engine.specs.parsing import ParsedRequirement, Specification, in_base_unit
from matching.engine.text import GlossaryIndex


class RequirementRecord(TypedDict):
    """One requirement; ``low`` and ``high`` are in ``unit``, the base unit of their dimension."""

    parameter: str
    operator: str
    low: Decimal | None
    high: Decimal | None
    unit: str
    unit_written: str
    values: list[str]
    hard: bool
    span: list[int]
    text: str


class RestRecord(TypedDict):
    """A piece of text that was not understood."""

    span: list[int]
    text: str


def requirement_records(
    source: str, found: Specification, glossary: GlossaryIndex
) -> list[RequirementRecord]:
    """The requirements in the order of the text."""
    return [_record(source, parsed, glossary) for parsed in found.requirements]


def rest_records(source: str, found: Specification) -> list[RestRecord]:
    """What nobody understood, in the order of the text."""
    return [{"span": [start, end], "text": source[start:end]} for start, end in found.rest]


def _record(source: str, parsed: ParsedRequirement, glossary: GlossaryIndex) -> RequirementRecord:
    wanted = in_base_unit(parsed, glossary)
    return {
        "parameter": wanted.parameter,
        "operator": wanted.operator.value,
        "low": _plain(wanted.low),
        "high": _plain(wanted.high),
        "unit": wanted.unit,
        "unit_written": parsed.unit_written,
        "values": list(wanted.values),
        "hard": wanted.hard,
        "span": [parsed.start, parsed.end],
        "text": source[parsed.start : parsed.end],
    }


def _plain(value: Decimal | None) -> Decimal | None:
    """The same number without an exponent or idle zeros."""
    if value is None:
        return None
    text = format(value, "f")
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


_ENCODER = msgspec.json.Encoder(decimal_format="number")


def as_json(records: list[RequirementRecord]) -> str:
    """One line of JSON; decimal numbers are written with all their digits, never as binary fractions."""
    return _ENCODER.encode(records).decode()
