"""Numeric statements compared in base units."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from matching.engine import units
from matching.engine.types import FULL_SCORE, Operator, Outcome, Property, Requirement

_SPANS = ("范围", "温度", "量程", "行程", "工作区间", "频段", "range")
Finding = tuple[Outcome, int | None]
"""An outcome and, where something measurable is missing, the relative shortfall in basis points."""
MET: Finding = (Outcome.MET, None)
UNKNOWN: Finding = (Outcome.UNKNOWN, None)


class Span(NamedTuple):
    """The two ends of a statement in the base unit of its dimension; None where an end is open.

    ``tolerance`` as in ``Property``.
    """

    base: str
    low: Decimal | None
    high: Decimal | None
    tolerance: bool = False


def span_of(side: Requirement | Property, measured: units.Measure) -> Span:
    """A statement's ends in base units."""
    low = None if side.low is None else measured.to_base(side.low)
    high = low if side.high == side.low else None if side.high is None else measured.to_base(side.high)
    return Span(measured.base, low, high, isinstance(side, Property) and side.tolerance)


def compare(
    requirement: Requirement, stated: Property, units_of: units.UnitAliases = units.NO_ALIASES
) -> Finding:
    """Compare two numeric statements in base units: outcome and, if unmet, the relative shortfall."""
    wanted = span_of(requirement, units.measure(requirement.unit, units_of))
    offered = span_of(stated, units.measure(stated.unit, units_of))
    return compare_spans(requirement.operator, names_span(requirement.parameter), wanted, offered)


def compare_spans(operator: Operator, names_a_span: bool, wanted: Span, offered: Span) -> Finding:
    """As ``compare``, of values that are in base units already."""
    base, need_low, need_high, _ = wanted
    if base != offered[0]:
        return UNKNOWN
    _, low, high, tolerance = offered
    relative = base != "°C"
    if tolerance and not names_a_span and low is not None and high is not None:
        return _every_piece(operator, wanted, (low, high), relative)
    if operator is Operator.AT_LEAST or operator is Operator.MORE_THAN:
        bound = need_low if need_low is not None else need_high
        return _at_least(bound, low, high, operator is Operator.MORE_THAN, relative)
    if operator is Operator.AT_MOST or operator is Operator.LESS_THAN:
        bound = need_high if need_high is not None else need_low
        strict = operator is Operator.LESS_THAN
        return _at_least(_minus(bound), _minus(high), _minus(low), strict, relative)
    return _between(need_low, need_high, low, high, names_a_span and need_low != need_high, relative)


def _every_piece(
    operator: Operator, wanted: Span, offered: tuple[Decimal, Decimal], relative: bool
) -> Finding:
    """A tolerance suits where both of its ends do; one value is wanted as the middle that it is."""
    base, need_low, need_high, _ = wanted
    if need_low is not None and need_low == need_high and operator in {Operator.EQUAL, Operator.BETWEEN}:
        return _between(need_low, need_high, *offered, False, relative)
    worst = MET
    for end in offered:
        one = compare_spans(operator, False, wanted, Span(base, end, end))
        if one[0] is not Outcome.MET and (worst is MET or (one[1] or 0) > (worst[1] or 0)):
            worst = one
    return worst


def names_span(parameter: str) -> bool:
    """Whether a parameter names a span that must be covered whole."""
    name = parameter.casefold()
    return any(word in name for word in _SPANS)


def shortfall_of(missing: Decimal, of: Decimal, relative: bool = True) -> int | None:
    """What is missing in basis points of what is wanted, at least 1; None where that has no meaning."""
    if not relative or of == 0:
        return None
    return max(1, min(10 * FULL_SCORE, int(abs(missing / of) * FULL_SCORE)))


def _minus(value: Decimal | None) -> Decimal | None:
    return None if value is None else -value


def _at_least(
    bound: Decimal | None, low: Decimal | None, high: Decimal | None, strict: bool, relative: bool
) -> Finding:
    """``at most`` is the same with all signs turned round."""
    if bound is None:
        return UNKNOWN
    best = high if high is not None else low
    if best is None:
        return UNKNOWN
    if best < bound or (strict and best == bound):
        return Outcome.UNMET, shortfall_of(bound - best, bound, relative)
    # “At most 800” says nothing about reaching 690.
    return UNKNOWN if low is None else MET


def _between(
    need_low: Decimal | None,
    need_high: Decimal | None,
    low: Decimal | None,
    high: Decimal | None,
    whole: bool,
    relative: bool,
) -> Finding:
    if (need_low is None and need_high is None) or (low is None and high is None):
        return UNKNOWN
    if need_low is None or need_high is None:
        if need_low is not None:
            return _at_least(need_low, low, high, False, relative)
        return _at_least(_minus(need_high), _minus(high), _minus(low), False, relative)
    if high is not None and high < need_low:
        return Outcome.UNMET, shortfall_of(need_low - high, need_low, relative)
    if low is not None and low > need_high:
        return Outcome.UNMET, shortfall_of(low - need_high, need_high, relative)
    if low is None or high is None:
        return UNKNOWN
    if whole and (low > need_low or high < need_high):
        missing = max(low - need_low, need_high - high)
        return Outcome.UNMET, shortfall_of(missing, need_high - need_low)
    return MET
