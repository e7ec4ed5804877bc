"""Verbs on what contracts take of a supply line's capacity.

``SupplyLine.committed`` holds all that is promised: reservations of accepted pairs and, of contracts, what
they take together in their fullest month to come. Whoever reads it alone is safe.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.errors import Conflict
from matching.lists.models import SupplyLine
from matching.lists.takings import CapacityTaken

_PLACES = Decimal("0.0001")


def fullest(takings: Sequence[CapacityTaken], since: date) -> Decimal:
    """The most that is taken in a month at once, from a day on."""
    live = [one for one in takings if one.ends_on >= since]
    days = {max(one.begins_on, since) for one in live}
    return max((_taken_on(day, live) for day in days), default=Decimal(0))


def _taken_on(day: date, takings: Sequence[CapacityTaken]) -> Decimal:
    return sum((one.monthly for one in takings if one.begins_on <= day <= one.ends_on), Decimal(0))


@transaction.atomic
def take_capacity(
    *,
    supply_id: uuid.UUID,
    pair: uuid.UUID,
    source: uuid.UUID,
    monthly: Decimal,
    begins_on: date,
    ends_on: date,
) -> None:
    """Count a contract's monthly quantity among what is promised, or count it anew.

    Side effects: the line stays locked to the end of the transaction. Raises ``Conflict`` where the line's
    free capacity has been promised to others; one of two concurrent calls for the last of it wins.
    """
    line = _locked(supply_id)
    values = {"pair": pair, "monthly": monthly.quantize(_PLACES), "begins_on": begins_on, "ends_on": ends_on}
    CapacityTaken.objects.update_or_create(source=source, defaults={"supply": line, **values})
    _recount(line, timezone.localdate())


@transaction.atomic
def give_back_capacity(*, supply_id: uuid.UUID, source: uuid.UUID) -> None:
    """A contract takes nothing any more. Side effects: the line stays locked; what it took is free."""
    line = _locked(supply_id)
    gone = CapacityTaken.objects.filter(source=source).first()
    if gone is not None:
        line.committed -= gone.counted
        gone.delete()
        _recount(line, timezone.localdate())


@transaction.atomic
def reserve_capacity(*, supply_id: uuid.UUID, more: Decimal) -> Decimal:
    """Reserve as much of ``more`` as is free, or give back where it is negative; returns how much.

    Side effects: the line stays locked to the end of the transaction.
    """
    line = _locked(supply_id)
    if more > 0 and line.free_capacity is not None:
        more = max(Decimal(0), min(more, line.free_capacity - line.committed))
    line.committed += more
    line.save(update_fields=["committed"])
    return more


def release_ended(*, today: date) -> int:
    """Free what contracts took whose time is over; returns how many lines changed. Again changes nothing."""
    over = CapacityTaken.objects.filter(ends_on__lt=today, is_over=False)
    lines = sorted(set(over.values_list("supply_id", flat=True)))
    for supply_id in lines:
        with transaction.atomic():
            _recount(_locked(supply_id), today)
    return len(lines)


def has_contract(*, pair: uuid.UUID) -> bool:
    """Whether a contract of that pair is in force."""
    return CapacityTaken.objects.filter(pair=pair).exists()


def _locked(supply_id: uuid.UUID) -> SupplyLine:
    return SupplyLine.objects.select_for_update(no_key=True).get(pk=supply_id)


def _recount(line: SupplyLine, today: date) -> None:
    takings = list(CapacityTaken.objects.filter(supply=line))
    before = sum((one.counted for one in takings), Decimal(0))
    after = fullest(takings, today)
    live = [one for one in takings if one.ends_on >= today]
    for one in takings:
        # One row stands for all; the others count nothing of their own.
        counted = after if live and one is live[0] else Decimal(0)
        is_over = one.ends_on < today
        if (one.counted, one.is_over) != (counted, is_over):
            one.counted, one.is_over = counted, is_over
            one.save(update_fields=["counted", "is_over"])
    line.committed += after - before
    if after > before and line.free_capacity is not None and line.committed > line.free_capacity:
        raise Conflict(
            _("The supplier's free capacity has been promised to others meanwhile."), code="capacity_taken"
        )
    line.save(update_fields=["committed"])
