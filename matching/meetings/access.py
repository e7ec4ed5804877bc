"""Who proposes, approves and reads signing meetings."""

from __future__ import annotations

import uuid

from accounts.models import User
from accounts.permits import Act
from matching.meetings.models import SigningMeeting
from matching.meetings.permits import APPOINTMENT, AVAILABILITY, DRAFT, MEETING, RULE, VENUE, MeetingAct
from matching.meetings.states import MEETING as STEPS
from matching.meetings.states import DraftAction, MeetingAction


def can_propose(user: User, chain: str) -> bool:
    """The chain's office and its lead department."""
    return MEETING.allows(user, MeetingAct.PROPOSE, chain=chain)


def keeps_venues(user: User) -> bool:
    """Chain-wide offices and departments, which all draw on the same venues."""
    return VENUE.somewhere(user, Act.EDIT)


def proposes_somewhere(user: User) -> bool:
    """For at least one chain."""
    return MEETING.somewhere(user, MeetingAct.PROPOSE)


def can_move(user: User, chain: str) -> bool:
    """Who proposes moves appointments as well."""
    return APPOINTMENT.allows(user, MeetingAct.MOVE, chain=chain)


def keeps_rule(user: User, chain: str) -> bool:
    """Says by which rule the chain's meetings are proposed."""
    return RULE.allows(user, Act.EDIT, chain=chain)


def keeps_some_rule(user: User) -> bool:
    """For at least one chain."""
    return RULE.somewhere(user, Act.CREATE)


def can_decide(user: User, meeting: SigningMeeting, action: MeetingAction) -> bool:
    """The chain's lead department, its chain head, or its office on their behalf."""
    return MEETING.allows(user, action, chain=meeting.chain_id)


def sees_whole(user: User, meeting: SigningMeeting) -> bool:
    """Chain-wide offices see every party of a meeting, firms only their own appointments."""
    return MEETING.allows(user, MeetingAct.WHOLE, chain=meeting.chain_id)


def actions(user: User, meeting: SigningMeeting) -> list[MeetingAction]:
    """Actions that role, state and the rule's way of approving allow now."""
    legal = [MeetingAction(action) for action in STEPS.actions(meeting.state)]
    other_way = MeetingAction.APPROVE if meeting.needs_head else MeetingAction.ENDORSE
    return [action for action in legal if action != other_way and can_decide(user, meeting, action)]


def can_pin(user: User, chain: str) -> bool:
    """Who moves appointments says which of them stay."""
    return APPOINTMENT.allows(user, MeetingAct.PIN, chain=chain)


def can_draft(user: User, meeting: SigningMeeting) -> bool:
    """Who may ask what a changed plan would be."""
    return DRAFT.allows(user, Act.CREATE, chain=meeting.chain_id)


def can_apply(user: User, meeting: SigningMeeting) -> bool:
    """Who may put a draft into force."""
    return DRAFT.allows(user, DraftAction.APPLY, chain=meeting.chain_id)


def keeps_availability(user: User, firm: uuid.UUID) -> bool:
    """A firm's own people."""
    return AVAILABILITY.allows(user, Act.EDIT, firm=firm)
