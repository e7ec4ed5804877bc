"""Who states, confirms and follows up what two firms agreed on."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.permits import Act, Permits, Scope, grant
from accounts.roles import CHAIN_ROLES, Role
from matching.agreements.states import AgreementAction, OrderAction


class ProgressAct(TextChoices):
    """What can be done about the way from a match to its delivery."""

    RECORD = "record", _("Record a result")
    PLAN = "plan", _("Set a due date")
    DELIVER = "deliver", _("Record the delivery")
    BREAK_OFF = "break_off", _("Break off")


_FIRMS = (Role.LEADER_FIRM, Role.MEMBER_FIRM)
_KEEPERS = (Role.LEAD_DEPARTMENT, Role.CHAIN_OFFICE)
_OTHER_SIDE = _("where the other side stated it")
_OWN_SIDE = _("where one's own side stated it")

AGREEMENT = Permits(
    "agreement",
    _("Agreement"),
    grant(Act.VIEW, CHAIN_ROLES, Scope.WHOLE_CHAIN),
    grant(Act.VIEW, _FIRMS, Scope.FIRM),
    grant(Act.CREATE, _KEEPERS, Scope.WHOLE_CHAIN),
    grant(Act.CREATE, _FIRMS, Scope.FIRM),
    grant((AgreementAction.CONFIRM, AgreementAction.CORRECT), _KEEPERS, Scope.WHOLE_CHAIN),
    grant((AgreementAction.CONFIRM, AgreementAction.DISPUTE), _FIRMS, Scope.FIRM, when=_OTHER_SIDE),
    grant(AgreementAction.CORRECT, _FIRMS, Scope.FIRM),
    grant(AgreementAction.WITHDRAW, _FIRMS, Scope.FIRM, when=_OWN_SIDE),
    grant(AgreementAction.ANNUL, _KEEPERS, Scope.WHOLE_CHAIN),
)
PROGRESS = Permits(
    "progress",
    _("Progress of an accepted pair"),
    grant(Act.VIEW, CHAIN_ROLES, Scope.WHOLE_CHAIN),
    grant(list(ProgressAct), _KEEPERS, Scope.WHOLE_CHAIN),
    grant(Act.VIEW, _FIRMS, Scope.FIRM, when=_("once both firms have said yes")),
    grant((ProgressAct.RECORD, ProgressAct.PLAN, ProgressAct.BREAK_OFF), _FIRMS, Scope.FIRM),
    grant(ProgressAct.DELIVER, Role.LEADER_FIRM, Scope.FIRM),
)
ORDER = Permits(
    "supervision_order",
    _("Supervision order"),
    grant(Act.VIEW, CHAIN_ROLES, Scope.WHOLE_CHAIN),
    grant(OrderAction.ANSWER, Role.LEAD_DEPARTMENT, Scope.WHOLE_CHAIN),
    grant((OrderAction.RETURN, OrderAction.CLOSE), Role.CHAIN_OFFICE, Scope.WHOLE_CHAIN),
)
RULE = Permits(
    "follow_up_rule",
    _("Rule of following up"),
    grant(Act.VIEW, CHAIN_ROLES, Scope.WHOLE_CHAIN),
    grant(Act.EDIT, _KEEPERS, Scope.WHOLE_CHAIN),
)

PERMITS = (AGREEMENT, PROGRESS, ORDER, RULE)
