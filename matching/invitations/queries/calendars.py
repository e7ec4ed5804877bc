"""Which calendar entries go to whom."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.credentials.secrets import Kind, digest, well_formed
from accounts.models import User
from matching.invitations.models import CalendarAddress, CalendarEntry, Invitation
from matching.invitations.queries.guests import is_guest
from matching.meetings.models import SigningMeeting

KEPT_DAYS = 90
"""Entries of meetings that are over stay in a calendar that is subscribed to for so long."""


def entries_of(invitation: Invitation) -> QuerySet[CalendarEntry]:
    """What an invited organisation's calendars know of a meeting, cancelled entries too; one query.

    Firms get their own appointments; guests, who have none, the meeting as a whole.
    """
    return _loaded().filter(
        Q(appointment__parties__organisation_id=invitation.organisation_id)
        | (Q(appointment=None) if is_guest(invitation) else Q(pk=None)),
        meeting=invitation.meeting_id,
    )


def feed_entries(user: User) -> QuerySet[CalendarEntry]:
    """What a person's calendar holds: own organisations' appointments, and meetings that it is to attend.

    For an office also every meeting of its chains. Asked anew at each reading, so a role that has ended
    shows nothing.
    """
    own = [held.organisation_id for held in user.active_memberships]
    since = timezone.localdate() - timedelta(days=KEPT_DAYS)
    seen = SigningMeeting.objects.visible_to(user).filter(date__gte=since)
    shown = Q(appointment__parties__organisation_id__in=own, meeting__in=seen)
    if user.is_office:
        attends = Q(meeting__invitations__organisation_id__in=own, meeting__date__gte=since)
        shown |= Q(appointment=None) & (attends | Q(meeting__in=seen))
    return _loaded().filter(shown)


def _loaded() -> QuerySet[CalendarEntry]:
    return (
        CalendarEntry.objects.select_related(
            "meeting__chain",
            "meeting__venue",
            "appointment__table__venue",
            "appointment__review__demand__organisation",
            "appointment__review__supply__organisation",
        )
        .order_by("meeting__date", "appointment__during", "pk")
        .distinct()
    )


def person_of_address(secret: str) -> User | None:
    """Whose calendar a secret address opens; None where it is unknown, revoked, or the account has ended."""
    if not well_formed(secret, Kind.CALENDAR):
        return None
    found = CalendarAddress.objects.select_related("user").filter(digest=digest(secret)).first()
    return found.user if found is not None and found.user.is_active else None
