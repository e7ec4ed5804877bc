"""Who invites, answers and reads answers."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.permits import Act, Anybody, Permits, Scope, grant
from accounts.roles import CHAIN_ROLES, GRANTING, Role
from matching.invitations.states import InvitationAction


class InvitationAct(TextChoices):
    """What can be done beside the steps of an invitation."""

    OVERSEE = "oversee", _("See all answers")
    REMIND = "remind", _("Remind")


_KEEPERS = (Role.LEAD_DEPARTMENT, Role.CHAIN_OFFICE)
_ANSWERS = (InvitationAction.ACCEPT, InvitationAction.DECLINE, InvitationAction.WAIT)
_OWN = _("an invitation of one's own organisation")
_TOLD = _("told by telephone")

INVITATION = Permits(
    "invitation",
    _("Invitation to a signing meeting"),
    grant((Act.VIEW, InvitationAct.OVERSEE), CHAIN_ROLES, Scope.WHOLE_CHAIN),
    grant(Act.VIEW, GRANTING, Scope.FIRM, when=_OWN),
    grant(_ANSWERS, GRANTING, Scope.FIRM, when=_OWN),
    grant(_ANSWERS, _KEEPERS, Scope.WHOLE_CHAIN, when=_TOLD),
    grant((Act.CREATE, InvitationAct.REMIND), _KEEPERS, Scope.WHOLE_CHAIN),
)
CALENDAR = Permits(
    "calendar",
    _("Calendar to subscribe to"),
    grant((Act.VIEW, Act.CREATE, Act.DELETE), Anybody.SIGNED_IN, Scope.SELF),
)

PERMITS = (INVITATION, CALENDAR)
