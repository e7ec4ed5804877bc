"""Page-shaped reads of signing meetings."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from matching.meetings.models import Appointment, MeetingRule, SigningMeeting
from matching.meetings.queries.drafts import alternatives, drafts, reasons_of, told, told_outcome
from matching.meetings.queries.times import grid, slot_range, slot_ranges
from matching.meetings.states import GIVEN_UP, MeetingState

__all__ = (
    "alternatives",
    "appointments",
    "drafts",
    "grid",
    "meetings",
    "own_appointments",
    "plan_of",
    "reasons_of",
    "rules",
    "slot_range",
    "slot_ranges",
    "told",
    "told_outcome",
)


def meetings(user: User) -> QuerySet[SigningMeeting]:
    """Visible meetings with the number of their appointments that the person may see.

    Of those given up, as many as there were.
    """
    standing = Q(appointments__is_active=True) | Q(state__in=sorted(GIVEN_UP))
    standing &= Q(appointments__in=Appointment.objects.recorded_for(user).values("pk"))
    return (
        SigningMeeting.objects.visible_to(user)
        .select_related("chain", "venue")
        .annotate(appointment_count=Count("appointments", filter=standing))
    )


def appointments(user: User, meeting: SigningMeeting | None = None) -> QuerySet[Appointment]:
    """Visible appointments with both lines and firms; constant queries.

    Of a meeting that was declined or cancelled they are its record: what it gave up then.
    """
    if meeting is None or meeting.state not in GIVEN_UP:
        visible = Appointment.objects.visible_to(user)
    else:
        visible = Appointment.objects.recorded_for(user)
    if meeting is not None:
        visible = visible.filter(meeting=meeting)
    return visible.select_related(
        "meeting__chain",
        "meeting__venue",
        "table__venue",
        "review__demand__organisation",
        "review__supply__organisation",
    ).order_by("meeting__date", "slot", "table__number")


def plan_of(user: User, meeting: SigningMeeting) -> tuple[SigningMeeting, list[Appointment]]:
    """The meeting with its appointments as they were at one moment, whatever is planned anew meanwhile.

    Both come from one statement; only a meeting without visible appointments is as it was read before.
    """
    planned = list(appointments(user, meeting))
    if not planned:
        return meeting, planned
    found: Any = planned[0].meeting
    found.appointment_count = len(planned)
    return found, planned


def own_appointments(user: User, *, past: bool) -> QuerySet[Appointment]:
    """The person's firm's appointments to come, the next first; or those that are over, the last first.

    Over is also what a meeting gave up when it was declined or cancelled.
    """
    firms = {firm.pk for firm in user.firms()}
    own = Appointment.objects.recorded_for(user).filter(parties__organisation_id__in=firms)
    today, order = timezone.localdate(), ("meeting__date", "slot", "pk")
    over = Q(is_active=False) | Q(meeting__date__lt=today) | Q(meeting__state=MeetingState.HELD)
    shown = own.filter(over).order_by(*order).reverse() if past else own.exclude(over).order_by(*order)
    return shown.select_related(
        "meeting__chain",
        "table__venue",
        "review__demand__organisation",
        "review__supply__organisation",
    ).distinct()


def rules(user: User) -> QuerySet[MeetingRule]:
    """Rules of the chains that the person's office roles see whole."""
    return MeetingRule.objects.visible_to(user).order_by("chain_id")
