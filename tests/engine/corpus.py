"""The specification texts of ``specifications/corpus.txt`` with what a careful reader finds in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from matching.engine.specs import ParsedRequirement, Specification, in_base_unit, parse_specification
from matching.engine.text import GlossaryIndex, clean, designation, index_glossary
from matching.engine.types import Glossary, Operator, Requirement

FOLDER = Path(__file__).parent / "specifications"
_SIGNS = {">=": "at_least", "<=": "at_most", ">": "more_than", "<": "less_than", "=": "equal"}
_VALUE = re.compile(
    r"(?P<sign>>=|<=|>|<|=)?(?P<low>[-0-9.e]+?)(?:\.\.(?P<high>[-0-9.e]+))?(?: (?P<unit>.+))?"
)


@dataclass(frozen=True)
class Example:
    """A text and the requirements expected of it, as keys."""

    text: str
    expected: tuple[str, ...]
    held_out: bool


def examples(name: str = "corpus.txt") -> list[Example]:
    """All examples; every third is held out from tuning."""
    blocks = re.split(r"\n\s*\n", (FOLDER / name).read_text(encoding="utf-8"))
    found: list[Example] = []
    for block in blocks:
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        if lines:
            expected = tuple(_expected(line) for line in lines[1:])
            found.append(Example(lines[0], expected, len(found) % 3 == 2))
    return found


def keys(text: str, glossary: GlossaryIndex) -> tuple[str, ...]:
    """What the engine finds, written like the expectations."""
    return _keys(parse_specification(text, glossary), glossary)


def _keys(found: Specification, glossary: GlossaryIndex) -> tuple[str, ...]:
    return tuple(_key(in_base_unit(parsed, glossary)) for parsed in found.requirements)


def _key(wanted: Requirement) -> str:
    mark = "=" if wanted.hard else "~"
    name = designation(wanted.parameter)
    if wanted.values:
        return f"{mark}{name}|:{'/'.join(map(designation, wanted.values))}"
    ends = [None if end is None else f"{end.normalize():f}" for end in (wanted.low, wanted.high)]
    return f"{mark}{name}|{wanted.operator} {ends[0]} {ends[1]} {wanted.unit}"


def _expected(line: str) -> str:
    name, value = (part.strip() for part in line[1:].split("|", 1))
    if value.startswith(":"):
        requirement = Requirement(
            name, Operator.EQUAL, values=tuple(value[1:].split("/")), hard=line[0] == "="
        )
        return _key(requirement)
    found = _VALUE.fullmatch(value)
    assert found, line
    low, high = (Decimal(found[end]) if found[end] else None for end in ("low", "high"))
    operator = Operator.BETWEEN if high is not None else Operator(_SIGNS[found["sign"]])
    if operator in {Operator.AT_MOST, Operator.LESS_THAN}:
        low, high = None, low
    elif operator is Operator.EQUAL:
        high = low
    wanted = Requirement(name, operator, low, high, unit=clean(found["unit"] or ""), hard=line[0] == "=")
    return _key(in_base_unit(ParsedRequirement(wanted, 0, 0), index_glossary(Glossary())))


def score(chosen: Iterable[Example], glossary: GlossaryIndex) -> tuple[int, int, int]:
    """How many requirements are right, how many were found, how many should have been."""
    right = found = wanted = 0
    for example in chosen:
        got, expected = Counter(keys(example.text, glossary)), Counter(example.expected)
        right += (got & expected).total()
        found += got.total()
        wanted += expected.total()
    return right, found, wanted
