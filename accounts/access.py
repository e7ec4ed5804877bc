"""What kind of office or firm somebody is, for menus; what a person may do is asked of the rooms' tables."""

from __future__ import annotations

from accounts.models import User
from accounts.roles import CHAIN_ROLES, EVERYWHERE


def is_chain_wide(user: User) -> bool:
    """Holds an office of a chain that is not limited to cities."""
    return any(EVERYWHERE in membership.regions for membership in user.holding(*CHAIN_ROLES))
