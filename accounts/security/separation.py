"""The three administrators apart (三员分立): who may hold which of their roles, and who may not sign in."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import ADMINISTRATORS
from accounts.security.profiles import current


def refusal(user: User) -> str:
    """Why the profile does not let that account sign in; empty where it does."""
    if not current().administrators_apart:
        return ""
    if user.is_superuser:
        return _(
            "An account with all rights can't sign in under this security profile. "
            "Use the account of a system, security or audit administrator."
        )
    return conflict({membership.role for membership in user.active_memberships})


def conflict(roles: Collection[str]) -> str:
    """Why these roles can't belong to one person; empty where they can."""
    held = ADMINISTRATORS & set(roles)
    if not current().administrators_apart or len(held) < 2:
        return ""
    return _(
        "One person can't hold more than one of: system administrator, security administrator, auditor. "
        "Give each role to an account of its own."
    )
