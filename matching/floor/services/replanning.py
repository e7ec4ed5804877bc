"""A late firm, one that does not come, or a lost table: what the rest of the day would be."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import time

from django.utils.translation import gettext as _

from accounts.models import User
from matching.errors import Forbidden
from matching.floor.services.locks import refuse_other_day
from matching.meetings import access
from matching.meetings import services as meetings
from matching.meetings.changes import Absent, Changes
from matching.meetings.models import PlanDraft, SigningMeeting

MOST_LONGER = 6
"""Slots by which a day may end later than planned."""


def replan(
    *,
    actor: User,
    meeting_id: uuid.UUID,
    coming: Mapping[uuid.UUID, time | None],
    shut: Collection[int] = (),
    longer: int = 0,
    take_in: bool = False,
) -> PlanDraft:
    """Ask what the rest of a running day would be; applied like any other draft.

    ``coming`` says when on the day a firm comes, None where it does not come at all; ``shut`` are numbers of
    lost tables, ``longer`` how many slots more than planned it may take, ``take_in`` whether pairs that wait,
    and whose firms are both here, get the places that become free. Side effects: as ``draft``. Raises
    ``Forbidden``, ``Invalid``, and ``Conflict`` where the meeting is not on today.
    """
    meeting = SigningMeeting.objects.get(pk=meeting_id)
    if not access.can_draft(actor, meeting):
        raise Forbidden(_("Your role does not allow this."), code="not_your_meeting")
    refuse_other_day(meeting)
    changes = Changes(
        slots=meeting.slots + longer if longer else None,
        shut=tuple(sorted(shut)),
        absent=tuple(Absent(firm, ends=at) for firm, at in coming.items()),
        take_in=take_in,
    )
    return meetings.draft(actor=actor, meeting_id=meeting_id, changes=changes)
