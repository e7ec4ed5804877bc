"""Who may read the memory, and who may change it."""

from __future__ import annotations

from accounts import access as roles
from accounts.models import User
from accounts.roles import EVERYWHERE, Role


def reads_memory(user: User) -> bool:
    """Chain-wide offices; the words of a need may be a firm's secret, so firms never do."""
    return bool(roles.chain_wide(user))


def keeps_memory(user: User, chain: str) -> bool:
    """The office that runs the chain's programme tells and revokes."""
    return roles.office_for_chain(user, chain)


def keeps_some_memory(user: User) -> bool:
    """Runs the programme of at least one chain."""
    return bool(roles.chain_wide(user, Role.CHAIN_OFFICE))


def kept_chains(user: User) -> list[str] | None:
    """Codes of the chains whose memory the person may change; None for all of them."""
    codes = roles.chains_of(roles.chain_wide(user, Role.CHAIN_OFFICE))
    return None if EVERYWHERE in codes else codes
