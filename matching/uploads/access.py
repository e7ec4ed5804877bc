"""Who may hand in files."""

from __future__ import annotations

from accounts.credentials.services import stands
from accounts.models import Organisation, User
from accounts.permits import Act
from accounts.roles import OrganisationKind
from matching.uploads.models import Side, Upload
from matching.uploads.permits import UPLOAD

OWNER = {Side.DEMAND: OrganisationKind.LEADER_FIRM, Side.SUPPLY: OrganisationKind.MEMBER_FIRM}


def firms(user: User, side: str) -> list[Organisation]:
    """Firms whose list of that side the person writes."""
    own = UPLOAD.firms(user, Act.CREATE)
    return [firm for firm in user.firms(OWNER[Side(side)]) if firm.pk in own]


def still_ordered(upload: Upload) -> bool:
    """Whether whoever ordered the present step may still write the list, with what it was ordered."""
    actor = upload.applied_by or upload.uploaded_by
    return (
        actor is not None and stands(upload.ordered_with) and upload.organisation in firms(actor, upload.side)
    )


def uploads(user: User) -> bool:
    """Whether the person acts for any firm."""
    return UPLOAD.somewhere(user, Act.CREATE)
