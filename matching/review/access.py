"""Who may decide what about a pair, and what each side may see of it."""

from __future__ import annotations

from accounts import access as roles
from accounts.models import User
from matching.review.models import Review
from matching.review.states import (
    LEADER_ACTIONS,
    MEMBER_ACTIONS,
    NAMED,
    OFFICE_ACTIONS,
    REVIEW,
    ReviewAction,
    ReviewState,
)
from matching.runs.models import Match


def decides_for_office(user: User, pair: Match | Review) -> bool:
    """The office that runs the demand's chain."""
    return roles.office_for_chain(user, pair.demand.chain_id)


def is_leader(user: User, pair: Match | Review) -> bool:
    """Acts for the leader firm of the pair."""
    return roles.leader_firm_of(user, pair.demand.organisation_id)


def is_member(user: User, pair: Match | Review) -> bool:
    """Acts for the member firm of the pair."""
    return roles.member_firm_of(user, pair.supply.organisation_id)


def may(user: User, pair: Match | Review, action: str) -> bool:
    """Whether the person's role allows the action, whatever the state."""
    if action in OFFICE_ACTIONS:
        return decides_for_office(user, pair)
    if action in LEADER_ACTIONS:
        return is_leader(user, pair)
    return action in MEMBER_ACTIONS and is_member(user, pair)


def actions(user: User, pair: Match | Review, state: str) -> list[ReviewAction]:
    """Actions that role and state allow now, for buttons and for clients."""
    return [ReviewAction(action) for action in REVIEW.actions(state) if may(user, pair, action)]


def shows_names(state: str) -> bool:
    """Firms learn each other's names when the office has shortlisted the pair."""
    return state in NAMED


def shows_contacts(state: str) -> bool:
    """Contacts open when both sides have said yes."""
    return state == ReviewState.ACCEPTED
