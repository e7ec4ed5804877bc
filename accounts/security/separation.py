"""The three administrators apart (三员分立): who may hold which of their roles, and who may not sign in."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from accounts.models import Membership, User
from accounts.roles import ADMINISTRATORS, FIRMS, OFFICES, Role
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


def incompatible(roles: Collection[str]) -> str:
    """Why these roles are not given to one person; empty where they are.

    Stricter than ``conflict``, which decides at the door about what was given before: an office's person who
    acts for a firm would see what its rivals keep from it, and under a profile that keeps administrators
    apart (GB/T 22239-2019 8.1.5) one of them has no part in the programme's business.
    """
    held = set(roles)
    if held & FIRMS and held & OFFICES:
        return _(
            "Whoever acts for a firm can't hold a role of a public office: it shows other firms' secrets."
        )
    if current().administrators_apart and held & ADMINISTRATORS and held - ADMINISTRATORS:
        return _(
            "An administrator of the installation holds no other role; open an account of its own for it."
        )
    return conflict(held)


def only_holder_of(user: User) -> set[Role]:
    """The administrators' roles that nobody but this person holds.

    Locks those who hold the same roles, so that of two who end each other at once the second is refused.
    """
    holders = Membership.objects.select_for_update(of=("self",)).filter(
        role__in=ADMINISTRATORS, is_active=True, user__is_active=True
    )
    people: dict[str, set[int]] = {}
    for held in holders.order_by("pk"):
        people.setdefault(held.role, set()).add(held.user_id)
    return {Role(role) for role, held_by in people.items() if held_by == {user.pk}}
