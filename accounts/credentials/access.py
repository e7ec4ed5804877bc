"""Who may make, change and revoke an organisation's applications."""

from __future__ import annotations

from accounts.credentials.models import Application
from accounts.models import Membership, User
from accounts.roles import EVERYWHERE, OFFICES


def may_manage(user: User, application: Application) -> bool:
    """Whether the person has all that the application has: whoever sees a new secret could act with it."""
    theirs = application.user.active_memberships
    return all(any(covers(held, one) for held in user.granting_memberships) for one in theirs)


def covers(held: Membership, other: Membership) -> bool:
    """Whether ``held`` reaches all that ``other`` reaches; in a firm all its people reach the same."""
    if held.organisation_id != other.organisation_id:
        return False
    if held.role not in OFFICES:
        return True
    return (
        held.role == other.role
        and _within(other.chains, held.chains)
        and all(held.reaches_region(region) for region in other.regions)
    )


def _within(wanted: list[str], held: list[str]) -> bool:
    return EVERYWHERE in held or set(wanted) <= set(held)
