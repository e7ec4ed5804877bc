"""Who may verify firms."""

from __future__ import annotations

from accounts.models import User
from accounts.roles import Role


def verifies_firms(user: User) -> bool:
    """Task forces of cities, and chain offices for cities that have none; which, ``visible_to`` says."""
    return bool(user.holding(Role.CITY_TASK_FORCE, Role.CHAIN_OFFICE))
