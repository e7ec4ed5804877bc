"""What was asked for a month, by families of units: tonnes are never added to pieces."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import (
    Case,
    Count,
    DecimalField,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    QuerySet,
    Sum,
    When,
)

from matching.engine import units
from matching.engine.types import FULL_SCORE, Period
from matching.overview.queries.lines import gaps
from matching.overview.queries.scope import Scope
from matching.runs.models import Award, Match

_NUMBER = DecimalField(max_digits=30, decimal_places=4)
ZERO = Decimal(0)


class Part(StrEnum):
    """What a quantity asked for falls into."""

    AGREED = "agreed"
    ALLOCATED = "allocated"
    UNMET = "unmet"


@dataclass(slots=True)
class Quantity:
    """Of one family of units, a month: ``agreed`` by both firms before the run, ``allocated`` by it,
    ``unmet`` still. ``lines`` is how many demand lines and pairs stand behind it."""

    unit: str
    agreed: Decimal = ZERO
    allocated: Decimal = ZERO
    unmet: Decimal = ZERO
    lines: int = 0

    @property
    def total(self) -> Decimal:
        """All that was asked for."""
        return self.agreed + self.allocated + self.unmet


def part(scope: Scope, which: Part) -> QuerySet[Any]:
    """What stands behind a part: awards, matches that got a quantity, or gaps of lines with one."""
    inside = scope.within("demand__", rounds=False)
    if which is Part.AGREED:
        return Award.objects.visible_to(scope.user).filter(inside)
    if which is Part.ALLOCATED:
        return Match.objects.filter(inside, run_id__in=scope.runs, excluded=False, allocated__gt=0)
    return gaps(scope).filter(demand__quantity__isnull=False)


def monthly(prefix: str = "") -> Any:
    """Quantity a month of a demand line as ``engine.demand`` has it, in the line's unit."""
    window = Func(
        F(f"{prefix}deliver_until"),
        F(f"{prefix}deliver_from"),
        template="GREATEST(1, (%(expressions)s + 15) / 30)",
        arg_joiner=" - ",
        output_field=IntegerField(),
    )
    months = Case(
        When(**{f"{prefix}period": Period.MONTH}, then=1),
        When(**{f"{prefix}period": Period.QUARTER}, then=3),
        When(**{f"{prefix}period": Period.YEAR}, then=12),
        default=window,
        output_field=IntegerField(),
    )
    return ExpressionWrapper(F(f"{prefix}quantity") / months, output_field=_NUMBER)


def quantities(scope: Scope) -> list[Quantity]:
    """Agreed, allocated and unmet quantities, the family with most lines first; three queries."""
    if not scope.runs:
        return []
    agreed, allocated, unmet = (part(scope, which) for which in Part)
    open_part = ExpressionWrapper(monthly("demand__") * F("uncovered") / FULL_SCORE, output_field=_NUMBER)
    return _families(
        [
            *((Part.AGREED, *row) for row in _sums(agreed, "unit", F("quantity"))),
            *((Part.ALLOCATED, *row) for row in _sums(allocated, "unit", F("allocated"))),
            *((Part.UNMET, *row) for row in _sums(unmet, "demand__unit", open_part)),
        ]
    )


def _sums(rows: Any, unit: str, amount: Any) -> Iterable[tuple[str, Decimal, int]]:
    grouped = (
        rows.order_by()
        .values_list(unit)
        .annotate(sum_of_amounts=Sum(amount, output_field=_NUMBER), number_of_rows=Count("*"))
    )
    return [(name, total or ZERO, number) for name, total, number in grouped]


def _families(rows: Iterable[tuple[Part, str, Decimal, int]]) -> list[Quantity]:
    rows = list(rows)
    weight: dict[str, int] = {}
    for _column, unit, _amount, number in rows:
        weight[unit] = weight.get(unit, 0) + number
    # Each family is told in the unit that most of its lines are written in.
    spoken: dict[str, str] = {}
    for unit in sorted(weight, key=lambda unit: (-weight[unit], unit)):
        spoken.setdefault(units.measure(unit).base, unit)
    found: dict[str, Quantity] = {}
    for column, unit, amount, number in rows:
        shown = spoken[units.measure(unit).base]
        family = found.setdefault(shown, Quantity(shown))
        value = units.convert(amount, unit, shown) or ZERO
        setattr(family, column, getattr(family, column) + value)
        family.lines += number
    return sorted(found.values(), key=lambda family: (-family.lines, family.unit))
