"""Who may read the memory, and who may change it."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.permits import Act, Permits, Scope, grant
from accounts.roles import CHAIN_ROLES, Role


class MemoryAct(TextChoices):
    """How a confirmation ends."""

    REVOKE = "revoke", _("Revoke")


CONFIRMATION = Permits(
    "confirmation",
    _("Confirmed match"),
    grant(Act.VIEW, CHAIN_ROLES, Scope.WHOLE_CHAIN),
    grant((Act.CREATE, MemoryAct.REVOKE), Role.CHAIN_OFFICE, Scope.WHOLE_CHAIN),
)

PERMITS = (CONFIRMATION,)
