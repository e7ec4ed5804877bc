"""What every template may ask about the signed-in person."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from accounts.models import User
from accounts.roles import OrganisationKind, Role


def roles(request: HttpRequest) -> dict[str, Any]:
    """``held_roles`` (set of role codes), ``is_office``, ``leader_firms``, ``member_firms``."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"held_roles": frozenset(), "is_office": False, "leader_firms": [], "member_firms": []}
    return {
        "held_roles": frozenset(membership.role for membership in user.active_memberships),
        "is_chain_office": bool(user.holding(Role.CHAIN_OFFICE)),
        "is_office": user.is_office,
        "leader_firms": user.firms(OrganisationKind.LEADER_FIRM),
        "member_firms": user.firms(OrganisationKind.MEMBER_FIRM),
    }
