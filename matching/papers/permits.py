"""Who makes papers of a meeting, and who reads them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.permits import Act, Permits, Scope, grant
from accounts.roles import CHAIN_ROLES, Role
from matching.papers.states import PackAction

_KEEPERS = (Role.LEAD_DEPARTMENT, Role.CHAIN_OFFICE)
_FIRMS = (Role.LEADER_FIRM, Role.MEMBER_FIRM)

PACK = Permits(
    "paper_pack",
    _("Papers of a meeting"),
    grant(Act.VIEW, CHAIN_ROLES, Scope.WHOLE_CHAIN),
    grant((Act.CREATE, PackAction.ORDER_AGAIN), _KEEPERS, Scope.WHOLE_CHAIN),
)
LETTER = Permits(
    "letter_template",
    _("Template of letters of intent"),
    grant(Act.VIEW, CHAIN_ROLES, Scope.WHOLE_CHAIN),
    grant((Act.EDIT, Act.DELETE), _KEEPERS, Scope.WHOLE_CHAIN),
)
SUMMARY = Permits(
    "summary",
    _("Summary of demand and supply"),
    grant(Act.VIEW, CHAIN_ROLES, Scope.WHOLE_CHAIN),
)
OWN_PAPER = Permits(
    "own_paper",
    _("Own agenda and letters of a meeting"),
    grant(Act.VIEW, _FIRMS, Scope.FIRM, when=_("once the meeting was approved")),
)

PERMITS = (PACK, LETTER, SUMMARY, OWN_PAPER)
