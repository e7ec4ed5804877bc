"""Who may decide what about a pair, and what each side may see of it."""

from __future__ import annotations

from accounts.models import User
from matching.review.models import Review
from matching.review.permits import REVIEW
from matching.review.states import LEADER_ACTIONS, MEMBER_ACTIONS, NAMED, ReviewAction, ReviewState
from matching.review.states import REVIEW as STEPS
from matching.runs.models import Match


def decides_for_office(user: User, pair: Match | Review) -> bool:
    """The office that runs the demand's chain."""
    return may(user, pair, ReviewAction.SHORTLIST)


def is_leader(user: User, pair: Match | Review) -> bool:
    """Acts for the leader firm of the pair."""
    return may(user, pair, ReviewAction.LEADER_ACCEPT)


def is_member(user: User, pair: Match | Review) -> bool:
    """Acts for the member firm of the pair."""
    return may(user, pair, ReviewAction.MEMBER_ACCEPT)


def may(user: User, pair: Match | Review, action: str) -> bool:
    """Whether the person's role allows the action, whatever the state."""
    firm = None
    if action in LEADER_ACTIONS:
        firm = pair.demand.organisation_id
    elif action in MEMBER_ACTIONS:
        firm = pair.supply.organisation_id
    return REVIEW.allows(user, action, chain=pair.demand.chain_id, firm=firm)


def decides_somewhere(user: User) -> bool:
    """Runs the programme of at least one chain."""
    return REVIEW.somewhere(user, ReviewAction.SHORTLIST)


def actions(user: User, pair: Match | Review, state: str) -> list[ReviewAction]:
    """Actions that role and state allow now, for buttons and for clients."""
    return [ReviewAction(action) for action in STEPS.actions(state) if may(user, pair, action)]


def shows_names(state: str) -> bool:
    """Firms learn each other's names when the office has shortlisted the pair."""
    return state in NAMED


def shows_contacts(state: str) -> bool:
    """Contacts open when both sides have said yes."""
    return state == ReviewState.ACCEPTED
