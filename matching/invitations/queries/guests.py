"""Which organisations have no appointments of their own."""

from __future__ import annotations

from accounts.roles import OrganisationKind
from matching.invitations.models import Invitation


def is_guest(invitation: Invitation) -> bool:
    """Offices come as guests: they have no appointments."""
    return invitation.organisation.kind == OrganisationKind.OFFICE
