"""The day of one party, and the day of each table."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet

from accounts.models import User
from matching.lists.models import DemandLine, SupplyLine
from matching.meetings.models import Appointment, SigningMeeting
from matching.review.access import shows_contacts


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """An appointment as one of its two firms sees it; contacts as long as both say yes."""

    appointment: Appointment
    own: DemandLine | SupplyLine
    other: DemandLine | SupplyLine
    contact: str


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on a table: its number and its appointments in their order."""

    number: int
    appointments: tuple[Appointment, ...]


def agenda_of(meeting: SigningMeeting, organisation_id: uuid.UUID) -> list[AgendaItem]:
    """Standing appointments of one firm at a meeting, in their order; one query."""
    own = _standing(meeting).filter(parties__organisation_id=organisation_id)
    return [_seen_by(item, organisation_id) for item in own]


def _seen_by(appointment: Appointment, organisation_id: uuid.UUID) -> AgendaItem:
    review = appointment.review
    sides: tuple[DemandLine | SupplyLine, DemandLine | SupplyLine] = (review.demand, review.supply)
    own, other = sides if review.demand.organisation_id == organisation_id else sides[::-1]
    contact = f"{other.contact_name} {other.contact_phone}".strip()
    return AgendaItem(appointment, own, other, contact if shows_contacts(review.state) else "")


def cards(user: User, meeting: SigningMeeting) -> list[Card]:
    """A card for each table that a meeting uses, for who sees all of its parties; one query."""
    visible = Appointment.objects.visible_to(user).values("pk")
    planned = _standing(meeting).filter(pk__in=visible).order_by("table__number", "slot")
    return list(_by_table(planned))


def _by_table(planned: Iterable[Appointment]) -> Iterable[Card]:
    for number, items in groupby(planned, lambda item: item.table.number):
        yield Card(number, tuple(items))


def _standing(meeting: SigningMeeting) -> QuerySet[Appointment]:
    return (
        meeting.appointments.filter(is_active=True)
        .select_related(
            "meeting",
            "table__venue",
            "review__demand__organisation",
            "review__supply__organisation",
        )
        .order_by("during", "table__number", "pk")
    )
