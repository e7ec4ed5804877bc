"""Who may verify firms."""

from __future__ import annotations

from accounts.models import User
from matching.joining.permits import JOIN_REQUEST
from matching.joining.states import JoinAction


def verifies_firms(user: User) -> bool:
    """Task forces of cities, and chain offices for cities that have none; which, ``visible_to`` says."""
    return JOIN_REQUEST.somewhere(user, JoinAction.VERIFY)
