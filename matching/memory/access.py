"""Who may read the memory, and who may change it."""

from __future__ import annotations

from accounts.models import User
from accounts.permits import Act
from accounts.roles import EVERYWHERE
from matching.memory.permits import CONFIRMATION, MemoryAct


def reads_memory(user: User) -> bool:
    """Chain-wide offices; the words of a need may be a firm's secret, so firms never do."""
    return CONFIRMATION.somewhere(user, Act.VIEW)


def keeps_memory(user: User, chain: str) -> bool:
    """The office that runs the chain's programme tells and revokes."""
    return CONFIRMATION.allows(user, MemoryAct.REVOKE, chain=chain)


def keeps_some_memory(user: User) -> bool:
    """Runs the programme of at least one chain."""
    return CONFIRMATION.somewhere(user, Act.CREATE)


def kept_chains(user: User) -> list[str] | None:
    """Codes of the chains whose memory the person may change; None for all of them."""
    codes = CONFIRMATION.chains(user, Act.CREATE)
    return None if EVERYWHERE in codes else codes
