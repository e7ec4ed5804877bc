"""Who may ask to join, and who verifies."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.permits import Act, Anybody, Permits, Scope, grant
from accounts.roles import Role
from matching.joining.states import JoinAction

_OFFICE = (Act.VIEW, JoinAction.VERIFY, JoinAction.RETURN)

JOIN_REQUEST = Permits(
    "join_request",
    _("Request to join"),
    grant(Act.CREATE, Anybody.VISITOR, Scope.ALL),
    grant(_OFFICE, Role.CITY_TASK_FORCE, Scope.CITY, when=_("once its e-mail address is confirmed")),
    grant(
        _OFFICE,
        Role.CHAIN_OFFICE,
        Scope.CITY,
        when=_("once its e-mail address is confirmed, where the city has no task force"),
    ),
)

PERMITS = (JOIN_REQUEST,)
