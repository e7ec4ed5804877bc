"""The locks of invitations: the meeting first, as in every verb on meetings, then the invitation."""

from __future__ import annotations

import uuid

from matching.invitations.models import Invitation
from matching.meetings.models import SigningMeeting


def locked_meeting(meeting_id: uuid.UUID) -> SigningMeeting:
    """The meeting under its lock, with what letters say of it."""
    meetings = SigningMeeting.objects.select_for_update(of=("self",)).select_related("chain", "venue")
    return meetings.get(pk=meeting_id)


def locked(invitation_id: uuid.UUID) -> Invitation:
    """The invitation under its meeting's lock and its own."""
    found = Invitation.objects.values_list("meeting_id", flat=True).get(pk=invitation_id)
    meeting = locked_meeting(found)
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=invitation_id)
    )
    invitation.meeting = meeting
    return invitation
