"""What every template may ask about the signed-in person."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.access import is_chain_wide
from accounts.models import User
from accounts.roles import OrganisationKind


def roles(request: HttpRequest) -> dict[str, Any]:
    """``held_roles`` (set of role codes), what kinds of offices and firms the person acts for.

    ``is_demo`` is true in demo mode: the sign-in page then shows the demo accounts.
    """
    user = getattr(request, "user", None)
    demo = {"is_demo": settings.MODE == "demo"}
    if not isinstance(user, User):
        return {**demo, "held_roles": frozenset(), "is_office": False, "leader_firms": [], "member_firms": []}
    return {
        **demo,
        "held_roles": frozenset(membership.role for membership in user.active_memberships),
        "is_chain_wide": is_chain_wide(user),
        "is_office": user.is_office,
        "leader_firms": user.firms(OrganisationKind.LEADER_FIRM),
        "member_firms": user.firms(OrganisationKind.MEMBER_FIRM),
    }
