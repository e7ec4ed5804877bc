"""Who is to come to a meeting, and who has."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet

from accounts.models import Organisation, User
from matching.floor.codes import code_of, organisation_of
from matching.floor.models import Arrival
from matching.meetings.models import SigningMeeting


@dataclass(frozen=True, slots=True)
class DoorRow:
    """One party at the door; ``first`` is when its first appointment is planned, a presentation counts as
    one."""

    organisation: Organisation
    code: str
    first: datetime
    appointments: int
    arrival: Arrival | None

    @property
    def is_here(self) -> bool:
        """Whether it has arrived."""
        return self.arrival is not None and self.arrival.arrived_at is not None


def invited(meeting: SigningMeeting) -> QuerySet[Organisation]:
    """Firms with a standing appointment."""
    standing = Q(attendances__appointment__meeting=meeting, attendances__is_active=True)
    return (
        Organisation.objects.filter(standing)
        .annotate(
            first=Min("attendances__during__startswith", filter=standing),
            appointments=Count("attendances__presentation", filter=standing, distinct=True),
        )
        .order_by("first", "name", "pk")
    )


def knocking(user: User, meeting: SigningMeeting, words: str = "") -> list[DoorRow]:
    """Parties of a meeting by their first appointment, or those whose name, credit code or code has
    ``words``; two queries."""
    arrivals = {
        arrival.organisation_id: arrival
        for arrival in Arrival.objects.visible_to(user).filter(meeting=meeting)
    }
    rows = [
        DoorRow(firm, code_of(meeting.pk, firm.pk), firm.first, firm.appointments, arrivals.get(firm.pk))  # type: ignore[attr-defined]
        for firm in invited(meeting)
    ]
    asked = "".join(words.split()).casefold()
    return [
        row
        for row in rows
        if asked in f"{row.organisation.name}|{row.organisation.uscc}|{row.code}".casefold()
    ]


def whose_code(meeting: SigningMeeting, code: str) -> uuid.UUID | None:
    """The firm of this meeting that a code belongs to."""
    return organisation_of(code, meeting.pk, invited(meeting).values_list("pk", flat=True))
