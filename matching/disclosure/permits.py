"""Who reads who saw a firm's data."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.permits import Act, Permits, Scope, grant
from accounts.roles import Role

DISCLOSURE = Permits(
    "disclosure",
    _("Who saw our data"),
    grant(Act.VIEW, (Role.LEADER_FIRM, Role.MEMBER_FIRM), Scope.FIRM),
)

PERMITS = (DISCLOSURE,)
