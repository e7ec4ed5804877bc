"""What papers say of a meeting's appointments, in the order of the day."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from matching.chains.queries import region_names
from matching.meetings.models import Appointment, SigningMeeting

AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Party:
    """A firm with its line; ``contact`` is for offices and for the other party."""

    firm: uuid.UUID
    name: str
    uscc: str
    region: str
    product: str
    contact: str
    phone: str


@dataclass(frozen=True, slots=True)
class Seat:
    """One appointment."""

    appointment: uuid.UUID
    slot: int
    table: int
    begins: str
    ends: str
    buyer: Party
    seller: Party
    quantity: Decimal
    unit: str


def standing(meeting: SigningMeeting) -> QuerySet[Appointment]:
    """Appointments that still hold, by time and table."""
    rows = Appointment.objects.filter(meeting=meeting, is_active=True)
    return rows.order_by("slot", "table__number", "pk")


def seats(rows: QuerySet[Appointment]) -> list[Seat]:
    """Appointments as papers tell them; a constant number of queries for each ``AT_A_TIME``."""
    with_lines = rows.select_related("table", "review__demand__organisation", "review__supply__organisation")
    return [_seat(row) for row in with_lines.iterator(chunk_size=AT_A_TIME)]


def _seat(row: Any) -> Seat:
    review = row.review
    return Seat(
        appointment=row.pk,
        slot=row.slot,
        table=row.table.number,
        begins=f"{timezone.localtime(row.during.lower):%H:%M}",
        ends=f"{timezone.localtime(row.during.upper):%H:%M}",
        buyer=_party(review.demand),
        seller=_party(review.supply),
        quantity=review.quantity,
        unit=review.supply.unit,
    )


def _party(line: Any) -> Party:
    firm = line.organisation
    return Party(
        firm=firm.pk,
        name=firm.name,
        uscc=firm.uscc or "",
        region=firm.region,
        product=line.title,
        contact=line.contact_name,
        phone=line.contact_phone,
    )


def places(told: Iterable[Seat]) -> dict[str, str]:
    """Names of the regions that these firms are in; one query."""
    return region_names({party.region for seat in told for party in (seat.buyer, seat.seller)})


def stamp(seat: Seat) -> str:
    """Changes with whatever papers say of the appointment."""
    return hashlib.sha256(repr(seat).encode()).hexdigest()[:16]


def stamps(told: Iterable[Seat]) -> dict[str, str]:
    """By the appointment's id."""
    return {str(seat.appointment): stamp(seat) for seat in told}


def changed(before: dict[str, str], now: dict[str, str]) -> int:
    """Appointments that came, went or say something else."""
    return sum(before.get(key) != now.get(key) for key in before.keys() | now.keys())
