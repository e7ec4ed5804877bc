"""How values are written beside a condition."""

from __future__ import annotations

from decimal import Decimal

from matching.engine import units
from matching.engine.types import Operator, Outcome, Phrase, Property, Requirement
from matching.engine.units import show

OUTCOME_ZH = {Outcome.MET: "满足", Outcome.UNMET: "不满足", Outcome.UNKNOWN: "待确认"}
OUTCOME_EN = {Outcome.MET: "met", Outcome.UNMET: "not met", Outcome.UNKNOWN: "to be confirmed"}
_SIGNS = {
    Operator.AT_LEAST: "≥",
    Operator.AT_MOST: "≤",
    Operator.MORE_THAN: ">",
    Operator.LESS_THAN: "<",
    Operator.EQUAL: "",
}


def describe_requirement(requirement: Requirement) -> str:
    """What is wanted, in the unit in which it was written (“≥690 MPa”, “3～5 mm”)."""
    low, high, unit = requirement.low, requirement.high, requirement.unit
    if requirement.values:
        return " / ".join(requirement.values)
    operator = requirement.operator
    if operator is Operator.BETWEEN or operator is Operator.EQUAL:
        return _ends(low, high, unit)
    first, second = (low, high) if operator in {Operator.AT_LEAST, Operator.MORE_THAN} else (high, low)
    bound = first if first is not None else second
    return "" if bound is None else with_unit(_SIGNS.get(operator, "") + show(bound), unit)


def describe_property(stated: Property) -> str:
    """What is offered, as the supplier wrote it."""
    if stated.values:
        return " / ".join(stated.values)
    return _ends(stated.low, stated.high, stated.unit, stated.tolerance)


def property_like(stated: Property, unit: str, aliases: units.UnitAliases) -> str:
    """The offered value in the need's unit where that is possible, so that the two can be read together."""
    if stated.values or units.measure(unit, aliases).base != units.measure(stated.unit, aliases).base:
        return describe_property(stated)
    ends = (stated.low, stated.high)
    low, high = (None if end is None else units.convert(end, stated.unit, unit, aliases) for end in ends)
    return _ends(low, high, unit, stated.tolerance)


def in_unit_of(converted: Decimal | None, to: str, value: Decimal, unit: str) -> str:
    """The offered quantity in the need's unit; as the supplier wrote it where the two can't be compared."""
    return with_unit(show(value), unit) if converted is None else with_unit(show(converted), to)


def with_unit(number: str, unit: str) -> str:
    """A number and its unit with the space that belongs between them."""
    return f"{number}{unit}" if unit in {"", "%", "‰"} else f"{number} {unit}"


def outcome_phrase(topic: tuple[str, str], text: tuple[str, str], outcome: Outcome) -> Phrase:
    """“产能：…，满足” and the same in English."""
    return Phrase(
        f"{topic[0]}：{text[0]}，{OUTCOME_ZH[outcome]}", f"{topic[1]}: {text[1]}, {OUTCOME_EN[outcome]}"
    )


def _ends(low: Decimal | None, high: Decimal | None, unit: str, tolerance: bool = False) -> str:
    if low is not None and high is not None:
        if tolerance and low != high:
            return with_unit(f"{show((low + high) / 2)}±{show((high - low) / 2)}", unit)
        return with_unit(show(low) if low == high else f"{show(low)}～{show(high)}", unit)
    if low is not None:
        return with_unit(f"≥{show(low)}", unit)
    return "" if high is None else with_unit(f"≤{show(high)}", unit)
