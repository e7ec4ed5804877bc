"""Who may run, publish and read what was computed, and who sets the rules."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.permits import Act, Permits, Scope, grant
from accounts.roles import CHAIN_ROLES, Role
from matching.runs.states import ProposalAction, RunAction


class RunAct(TextChoices):
    """What can be done beside the steps of a run."""

    PUBLISH = "publish", _("Publish")
    SECRETS = "secrets", _("See prices, ceilings and free capacity")
    ASK = "ask", _("Ask what would be if")
    RESTORE = "restore", _("Restore")


_OFFICE = (Role.CHAIN_OFFICE,)

RUN = Permits(
    "run",
    _("Matching run"),
    grant((Act.VIEW, RunAct.ASK), CHAIN_ROLES, Scope.WHOLE_CHAIN),
    grant((RunAction.START, RunAction.CANCEL, RunAct.PUBLISH), _OFFICE, Scope.WHOLE_CHAIN),
)
RESULT = Permits(
    "result",
    _("Scores, gaps and near misses"),
    grant(Act.VIEW, CHAIN_ROLES, Scope.WHOLE_CHAIN),
    grant(RunAct.SECRETS, _OFFICE, Scope.WHOLE_CHAIN),
)
MATCHING_LIST = Permits("matching_list", _("Matching list"), grant(Act.VIEW, CHAIN_ROLES, Scope.WHOLE_CHAIN))
POLICY = Permits(
    "policy",
    _("Matching rules"),
    grant(Act.VIEW, CHAIN_ROLES, Scope.WHOLE_CHAIN),
    grant((Act.CREATE, RunAct.RESTORE), _OFFICE, Scope.WHOLE_CHAIN),
)
PROPOSAL = Permits(
    "proposal",
    _("Proposed rules"),
    grant(Act.VIEW, CHAIN_ROLES, Scope.WHOLE_CHAIN),
    grant((ProposalAction.ADOPT, ProposalAction.REJECT), _OFFICE, Scope.WHOLE_CHAIN),
)

PERMITS = (RUN, RESULT, MATCHING_LIST, POLICY, PROPOSAL)
