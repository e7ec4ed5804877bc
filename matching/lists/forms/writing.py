"""Values written as people write them."""

from __future__ import annotations

from decimal import Decimal

from matching.engine import types
from matching.lists.models import Property, Requirement

OPERATOR_SIGNS = {
    types.Operator.AT_LEAST: "≥",
    types.Operator.AT_MOST: "≤",
    types.Operator.MORE_THAN: ">",
    types.Operator.LESS_THAN: "<",
}


def plain(number: Decimal) -> str:
    """A number without idle zeros."""
    return format(number.normalize(), "f")


def written(
    row: Requirement | Property | types.Requirement | types.Property, *, tolerance: bool = False
) -> str:
    """The value of a requirement or property as people write it, readable by ``engine.values`` again.

    ``tolerance`` writes a range as deviations from its middle, as a property that is one always is.
    """
    if row.values:
        return "/".join(row.values)
    low, high = row.low, row.high
    operator = types.Operator(getattr(row, "operator", types.Operator.EQUAL))
    if low is not None and high is not None:
        if low == high:
            return f"{plain(low)}{row.unit}"
        if tolerance or getattr(row, "tolerance", False):
            return f"{plain((low + high) / 2)}±{plain((high - low) / 2)}{row.unit}"
        return f"{plain(low)}~{plain(high)}{row.unit}"
    if low is not None:
        return f"{OPERATOR_SIGNS.get(operator, '≥')}{plain(low)}{row.unit}"
    if high is not None:
        return f"{OPERATOR_SIGNS.get(operator, '≤')}{plain(high)}{row.unit}"
    return ""
