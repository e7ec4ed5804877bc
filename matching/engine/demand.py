"""How much a need wants per month, and how many months one of its orders covers."""

from __future__ import annotations

from decimal import Decimal

from matching.engine.types import Need, Period

_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}


def order_months(need: Need) -> int:
    """Months that the stated quantity is for; ``ONCE`` takes the delivery window, at least one."""
    if need.period is not Period.ONCE:
        return _MONTHS[need.period]
    if need.deliver_from is None or need.deliver_until is None:
        return 1
    days = (need.deliver_until - need.deliver_from).days
    return max(1, (days + 15) // 30)


def monthly_quantity(need: Need) -> Decimal | None:
    """Quantity per month in the need's unit; None where the need states none."""
    return None if need.quantity is None else need.quantity / order_months(need)
