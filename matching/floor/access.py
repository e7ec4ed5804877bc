"""Who runs the day of a meeting, and who sees what of it."""

from __future__ import annotations

import uuid

from accounts.models import User
from matching.floor.permits import FLOOR, FloorAct
from matching.floor.states import SittingAction
from matching.meetings.models import SigningMeeting


def sees_whole(user: User, meeting: SigningMeeting) -> bool:
    """Every table and every arrival."""
    return FLOOR.allows(user, FloorAct.WHOLE, chain=meeting.chain_id)


def keeps_desk(user: User, meeting: SigningMeeting) -> bool:
    """Checks in every party."""
    return FLOOR.allows(user, FloorAct.UNDO_CHECK_IN, chain=meeting.chain_id)


def seats_walk_ins(user: User, meeting: SigningMeeting) -> bool:
    """Gives a pair a table on the spot."""
    return FLOOR.allows(user, FloorAct.WALK_IN, chain=meeting.chain_id)


def may_arrive(user: User, meeting: SigningMeeting, organisation_id: uuid.UUID, act: FloorAct) -> bool:
    """The desk for everybody, a firm for itself."""
    return FLOOR.allows(user, act, chain=meeting.chain_id, firm=organisation_id)


def may_step(user: User, meeting: SigningMeeting, action: SittingAction) -> bool:
    """The chain's office and department."""
    return FLOOR.allows(user, action, chain=meeting.chain_id)
