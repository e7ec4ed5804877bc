"""Who may run, cancel and publish."""

from __future__ import annotations

from accounts import access as roles
from accounts.models import User


def can_run(user: User, chain: str) -> bool:
    """The office that runs the chain's programme."""
    return roles.office_for_chain(user, chain)


def sees_results(user: User, chain: str) -> bool:
    """Chain-wide offices see scores, gaps and near misses."""
    return roles.watches_chain(user, chain)


def can_set_policy(user: User, chain: str) -> bool:
    """The office that runs the chain's programme sets its rules and decides on proposed ones."""
    return roles.office_for_chain(user, chain)
