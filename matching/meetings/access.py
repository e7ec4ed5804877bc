"""Who proposes, approves and reads signing meetings."""

from __future__ import annotations

from accounts import access as roles
from accounts.models import User
from accounts.roles import Role
from matching.meetings.models import SigningMeeting
from matching.meetings.states import MEETING, MeetingAction


def can_propose(user: User, chain: str) -> bool:
    """The chain's office and its lead department."""
    return roles.department_for_chain(user, chain)


def keeps_venues(user: User) -> bool:
    """Chain-wide offices and departments, which all draw on the same venues."""
    return bool(roles.chain_wide(user, Role.CHAIN_OFFICE, Role.LEAD_DEPARTMENT))


def can_decide(user: User, meeting: SigningMeeting) -> bool:
    """The chain's lead department, its chain head, or its office on their behalf."""
    heads = roles.chain_wide(user, Role.CHAIN_HEAD, Role.CHIEF_CHAIN_HEAD)
    return roles.department_for_chain(user, meeting.chain_id) or any(
        membership.reaches_chain(meeting.chain_id) for membership in heads
    )


def sees_whole(user: User, meeting: SigningMeeting) -> bool:
    """Chain-wide offices see every party of a meeting, firms only their own appointments."""
    return roles.watches_chain(user, meeting.chain_id)


def actions(user: User, meeting: SigningMeeting) -> list[MeetingAction]:
    """Actions that role and state allow now."""
    if not can_decide(user, meeting):
        return []
    return [MeetingAction(action) for action in MEETING.actions(meeting.state)]
