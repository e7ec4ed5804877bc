"""Free specification text (“厚度3±0.1mm，屈服强度不低于690MPa，…”) as typed requirements with their source.

What is not understood is never made into a requirement: it stays text, and ``rest`` tells where.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from matching.engine import units
from matching.engine.nines import is_count
from matching.engine.specs.found import Canvas, Found
from matching.engine.specs.quantities import find_quantities
from matching.engine.specs.tokens import find_notations
from matching.engine.specs.tracing import Traced, trace
from matching.engine.specs.vocabulary import SOFT
from matching.engine.specs.words import find_words
from matching.engine.text import GlossaryIndex, clean
from matching.engine.types import Requirement

_SOFT = re.compile(SOFT)
_HARD = re.compile(r"必须|应当|不得|(?i:\b(?:must|shall)\b)")
_CLAUSE_END = re.compile(r"[，,;。!?\n\r\t]|\.(?=\s|$)")
_SENTENCE_END = re.compile(r"[;。!?\n\r]|\.(?=\s|$)")
_HEADED = re.compile(rf"(?:{SOFT})[^，,;。\n:]{{0,12}}:")
_REST = re.compile(r"[^\s\0，,;。、:.!?()~/·×\-]+(?:[^\0，,;。、\n]*[^\s\0，,;。、:.!?()~/·×\-])?")
_FILLER = re.compile(
    "^(?:的|为|是|应|须|需|要求|其中|和|及|与|或|且|并|等|执行|符合|满足|采用|材质|标准|按照?|通过|具有|必须|处理|优先|最好|可选|"
    "宜|建议|尽量|供应商|产品|the|and|a|shall|must|be|of|with|max|have)*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ParsedRequirement:
    """A requirement and the words it was read from.

    ``start`` and ``end`` are positions in the text as it was given; ``unit_written`` is the unit as it
    stands there, empty where a notation implies it (φ840 is in mm). ``tolerance``: the ends were written as
    deviations from one value (3±0.1).
    """

    requirement: Requirement
    start: int
    end: int
    unit_written: str = ""
    tolerance: bool = False


@dataclass(frozen=True, slots=True)
class Specification:
    """What a text asks for: requirements in the order of the text, and the spans nobody understood."""

    requirements: tuple[ParsedRequirement, ...] = ()
    rest: tuple[tuple[int, int], ...] = ()


def parse_specification(text: str, glossary: GlossaryIndex) -> Specification:
    """Every requirement that a Chinese, English or mixed specification text states."""
    traced = trace(text)
    canvas = Canvas(traced.text)
    find_notations(canvas)
    find_words(canvas, glossary)
    find_quantities(canvas, glossary)
    weights = _Weights(traced.text)
    parsed = [
        _parsed(text, traced, found, weights)
        for found in sorted(canvas.found, key=lambda f: (f.start, f.end))
    ]
    return Specification(tuple(parsed), tuple(_rest(traced, canvas.text)))


def _parsed(source: str, traced: Traced, found: Found, weights: _Weights) -> ParsedRequirement:
    start, end = traced.source(found.start, found.end)
    written = ""
    values = found.values
    if found.values_at:
        values = (source[slice(*traced.source(*found.values_at))],)
    if found.unit_at:
        first, last = traced.source(*found.unit_at)
        written = source[first:last]
        if is_count(written):
            written = ""
        if "分之" in written:
            written = written[: written.index("分之") + 2]
    requirement = Requirement(
        found.parameter,
        found.operator,
        found.low,
        found.high,
        tuple(clean(value) for value in values),
        found.unit,
        hard=not weights.is_soft(found.start, found.end),
    )
    return ParsedRequirement(requirement, start, end, written, found.tolerance)


class _Weights:
    """Which requirements of a text are wishes."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._wishes = _SOFT.search(text) is not None
        self._clauses = [0, *(match.end() for match in _CLAUSE_END.finditer(text))]
        self._sentences = [0, *(match.end() for match in _SENTENCE_END.finditer(text))]

    def is_soft(self, start: int, end: int) -> bool:
        """A word of wishing in the clause, or in the heading of its sentence (“优选：…”)."""
        if not self._wishes:
            return False
        clause = self._clauses[bisect_right(self._clauses, start) - 1]
        ahead = _SOFT.search(self._text, clause, start)
        if ahead and _HARD.search(self._text, ahead.end(), start):
            return False
        clause_end = _CLAUSE_END.search(self._text, end)
        if _SOFT.search(self._text, clause, clause_end.start() if clause_end else len(self._text)):
            return True
        sentence = self._sentences[bisect_right(self._sentences, start) - 1]
        return _HEADED.search(self._text, sentence, start) is not None


def _rest(traced: Traced, left: str) -> list[tuple[int, int]]:
    """Words that no requirement was read from, without those that only link others."""
    spans = []
    for match in _REST.finditer(left):
        if not _FILLER.match(match.group()):
            spans.append(traced.source(*match.span()))
    return spans


def in_base_unit(parsed: ParsedRequirement, glossary: GlossaryIndex) -> Requirement:
    """The requirement with its ends in the base unit of their dimension (mm, kg, MPa …)."""
    wanted = parsed.requirement
    if wanted.low is None and wanted.high is None:
        return wanted
    # The colour of light is told in kelvin by everybody; nobody compares it with a warmth.
    light = "色温" in wanted.parameter and wanted.unit == "K"
    measure = units.Measure("K") if light else units.measure(wanted.unit, glossary.units)
    low = None if wanted.low is None else measure.to_base(wanted.low)
    high = None if wanted.high is None else measure.to_base(wanted.high)
    return Requirement(
        wanted.parameter, wanted.operator, low, high, wanted.values, measure.base, hard=wanted.hard
    )
