"""What kind of office or firm somebody is, for menus; what a person may do is asked of the rooms' tables."""

from __future__ import annotations

from accounts.models import Organisation, User
from accounts.permits.rows import ORGANISATION, FirmAct
from accounts.roles import CHAIN_ROLES, EVERYWHERE, OrganisationKind


def is_chain_wide(user: User) -> bool:
    """Holds an office of a chain that is not limited to cities."""
    return any(EVERYWHERE in membership.regions for membership in user.holding(*CHAIN_ROLES))


def sets_grades(user: User, firm: Organisation) -> bool:
    """Whether the person recognises grades of firms in that one's city."""
    return firm.kind != OrganisationKind.OFFICE and ORGANISATION.allows(
        user, FirmAct.GRADE, region=firm.region
    )
