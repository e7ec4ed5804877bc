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


def written(row: Requirement | Property | types.Requirement | types.Property) -> str:
    """The value of a requirement or property as people write it, readable by ``engine.values`` again."""
    if row.values:
        return "/".join(row.values)
    low, high = row.low, row.high
    operator = types.Operator(getattr(row, "operator", types.Operator.EQUAL))
    if low is not None and high is not None:
        return f"{plain(low)}{row.unit}" if low == high else f"{plain(low)}~{plain(high)}{row.unit}"
    if low is not None:
        return f"{OPERATOR_SIGNS.get(operator, '≥')}{plain(low)}{row.unit}"
    if high is not None:
        return f"{OPERATOR_SIGNS.get(operator, '≤')}{plain(high)}{row.unit}"
    return ""
