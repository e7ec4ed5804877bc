"""Who may run, cancel and publish."""

from __future__ import annotations

from accounts import access as roles
from accounts.credentials.services import stands
from accounts.models import User
from matching.runs.models import MatchingRun


def can_run(user: User, chain: str) -> bool:
    """The office that runs the chain's programme."""
    return roles.office_for_chain(user, chain)


def still_ordered(run: MatchingRun) -> bool:
    """Whether whoever ordered the run may still run the chain, with what it was ordered."""
    actor = run.created_by
    return actor is not None and stands(run.ordered_with) and can_run(actor, run.round.chain_id)


def sees_results(user: User, chain: str) -> bool:
    """Chain-wide offices see scores, gaps and near misses."""
    return roles.watches_chain(user, chain)


def can_set_policy(user: User, chain: str) -> bool:
    """The office that runs the chain's programme sets its rules and decides on proposed ones."""
    return roles.office_for_chain(user, chain)
