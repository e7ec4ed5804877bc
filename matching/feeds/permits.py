"""Who may have changes sent to a program."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.permits import Act, Permits, Scope, grant
from accounts.roles import GRANTING, OFFICES

_ALL = (Act.VIEW, Act.CREATE, Act.EDIT, Act.DELETE)

WEBHOOK = Permits(
    "webhook",
    _("Webhook"),
    grant(_ALL, GRANTING - OFFICES, Scope.FIRM),
    grant(_ALL, OFFICES, Scope.FIRM, when=_("those that see no more than one's own role does")),
)

PERMITS = (WEBHOOK,)
