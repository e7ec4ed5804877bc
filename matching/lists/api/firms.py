"""The firm that a request is for."""

from __future__ import annotations

import uuid

from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.roles import OrganisationKind
from matching.errors import Forbidden, Invalid


def firms_of(user: User, kind: OrganisationKind) -> list[Organisation]:
    """Firms of that kind that the person writes for. Raises ``Forbidden`` for who has none."""
    firms = user.firms(kind)
    if not firms:
        raise Forbidden(
            _("Leader firms write demand lines, member firms supply lines."), code="wrong_kind_of_firm"
        )
    return firms


def firm_of(user: User, wanted: uuid.UUID | None, kind: OrganisationKind) -> Organisation:
    """The firm that a request is for. Raises ``Forbidden`` or ``Invalid``."""
    firms = firms_of(user, kind)
    if wanted is None and len(firms) > 1:
        raise Invalid({"organisation": [_("You act for several firms; name one.")]}, code="required")
    for firm in firms:
        if wanted in (None, firm.pk):
            return firm
    raise Invalid({"organisation": [_("You do not act for this firm.")]}, code="not_your_firm")
