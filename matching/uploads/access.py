"""Who may hand in files."""

from __future__ import annotations

from accounts.models import Organisation, User
from accounts.roles import OrganisationKind
from matching.uploads.models import Side

OWNER = {Side.DEMAND: OrganisationKind.LEADER_FIRM, Side.SUPPLY: OrganisationKind.MEMBER_FIRM}


def firms(user: User, side: str) -> list[Organisation]:
    """Firms whose list of that side the person writes."""
    return user.firms(OWNER[Side(side)])


def uploads(user: User) -> bool:
    """Whether the person acts for any firm."""
    return bool(user.firms())
