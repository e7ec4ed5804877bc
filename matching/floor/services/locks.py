"""One lock for what happens at a meeting on its day: the meeting's row, as for its plan."""

from __future__ import annotations

import uuid

from django.utils.translation import gettext as _

from matching.errors import Conflict
from matching.meetings.models import SigningMeeting
from matching.meetings.queries.today import is_on
from matching.meetings.states import MeetingState


def lock_running(meeting_id: uuid.UUID) -> SigningMeeting:
    """The locked meeting. Raises ``Conflict`` where it is not approved, or over."""
    meeting = (
        SigningMeeting.objects.select_for_update(of=("self",)).select_related("chain").get(pk=meeting_id)
    )
    if meeting.state != MeetingState.APPROVED:
        raise Conflict(_("This meeting is not on: it is not approved, or over."), code="meeting_not_on")
    return meeting


def refuse_other_day(meeting: SigningMeeting) -> None:
    """Raises ``Conflict`` where the meeting is not approved, or today is not its day."""
    if not is_on(meeting):
        raise Conflict(_("This is done on the day of the meeting."), code="not_the_day")
