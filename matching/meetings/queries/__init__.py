"""Page-shaped reads of signing meetings."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from matching.meetings.models import Appointment, MeetingRule, SigningMeeting
from matching.meetings.queries.times import grid, slot_range, slot_time
from matching.meetings.states import MeetingState

__all__ = ("appointments", "grid", "meetings", "own_appointments", "rules", "slot_range", "slot_time")


def meetings(user: User) -> QuerySet[SigningMeeting]:
    """Visible meetings with the number of their appointments."""
    return (
        SigningMeeting.objects.visible_to(user)
        .select_related("chain", "venue")
        .annotate(appointment_count=Count("appointments"))
    )


def appointments(user: User, meeting: SigningMeeting | None = None) -> QuerySet[Appointment]:
    """Visible appointments with both lines and firms; constant queries.

    Of one meeting they are its whole record, also what it gave up when it was declined or cancelled.
    """
    if meeting is None:
        visible = Appointment.objects.visible_to(user)
    else:
        visible = Appointment.objects.recorded_for(user).filter(meeting=meeting)
    return visible.select_related(
        "meeting__chain",
        "table__venue",
        "review__demand__organisation",
        "review__supply__organisation",
    ).order_by("meeting__date", "slot", "table__number")


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
