"""Who may ask for a role, who approves it, who accepts it.

Identity and authorisation are apart (GB/T 22239-2019 8.1.5.1 and 8.1.5.3): the system administrator opens
accounts and asks, the security administrator grants; neither gives anybody a role alone.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.permits import Act, Anybody, Permits, Scope, grant
from accounts.roles import Role
from matching.people.states import RoleAction

_ASKS = (Act.VIEW, Act.CREATE, RoleAction.RESEND, RoleAction.WITHDRAW)

ROLE_REQUEST = Permits(
    "role_request",
    _("Role asked for a person"),
    grant(_ASKS, Role.SYSTEM_ADMIN, Scope.ALL),
    grant(
        _ASKS,
        (Role.LEADER_FIRM, Role.MEMBER_FIRM),
        Scope.FIRM,
        when=_("people only; the firm's own role, in force once accepted"),
    ),
    grant(
        (Act.VIEW, RoleAction.APPROVE, RoleAction.REFUSE),
        Role.SECURITY_ADMIN,
        Scope.ALL,
        when=_("what oneself has asked for only where administrators are not kept apart"),
    ),
    grant(RoleAction.ACCEPT, Anybody.VISITOR, Scope.ALL, when=_("with the link of the invitation")),
)

COLLEAGUE = Permits(
    "colleague",
    _("People of one's firm"),
    grant(Act.VIEW, (Role.LEADER_FIRM, Role.MEMBER_FIRM), Scope.FIRM, when=_("people only")),
)

PERMITS = (COLLEAGUE, ROLE_REQUEST)
