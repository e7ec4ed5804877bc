"""Who may run, cancel and publish."""

from __future__ import annotations

from accounts.credentials.services import stands
from accounts.models import User
from accounts.permits import Act
from matching.runs.models import MatchingRun
from matching.runs.permits import POLICY, RESULT, RUN, RunAct
from matching.runs.states import RunAction


def can_run(user: User, chain: str) -> bool:
    """The office that runs the chain's programme."""
    return RUN.allows(user, RunAction.START, chain=chain)


def runs_some_chain(user: User) -> bool:
    """Runs the programme of at least one chain."""
    return RUN.somewhere(user, RunAction.START)


def sees_runs(user: User) -> bool:
    """Chain-wide offices."""
    return RUN.somewhere(user, Act.VIEW)


def still_ordered(run: MatchingRun) -> bool:
    """Whether whoever ordered the run may still run the chain, with what it was ordered."""
    actor = run.created_by
    return actor is not None and stands(run.ordered_with) and can_run(actor, run.round.chain_id)


def sees_results(user: User, chain: str) -> bool:
    """Chain-wide offices see scores, gaps and near misses."""
    return RESULT.allows(user, Act.VIEW, chain=chain)


def sees_secrets(user: User, chain: str) -> bool:
    """Only the chain's own office sees prices and free capacity in a result."""
    return RESULT.allows(user, RunAct.SECRETS, chain=chain)


def can_set_policy(user: User, chain: str) -> bool:
    """The office that runs the chain's programme sets its rules and decides on proposed ones."""
    return POLICY.allows(user, Act.CREATE, chain=chain)


def sets_some_policy(user: User) -> bool:
    """Sets the rules of at least one chain."""
    return POLICY.somewhere(user, Act.CREATE)
