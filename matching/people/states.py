"""States of a role that somebody asked for on behalf of a person, and the legal transitions, as one table."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from matching.machine import Machine, Transition


class RoleState(models.TextChoices):
    """How far a role that was asked for has come."""

    WAITING = "waiting", _("Waits for the security administrator")
    INVITED = "invited", _("Invited, not yet accepted")
    GRANTED = "granted", _("In force")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class RoleAction(models.TextChoices):
    """What can happen to it."""

    APPROVE = "approve", _("Approve")
    REFUSE = "refuse", _("Refuse")
    ACCEPT = "accept", _("Accept the invitation")
    RESEND = "resend", _("Send the invitation again")
    WITHDRAW = "withdraw", _("Withdraw")


ROLE = Machine(
    [
        Transition(RoleAction.APPROVE, frozenset({RoleState.WAITING}), RoleState.INVITED),
        Transition(RoleAction.REFUSE, frozenset({RoleState.WAITING}), RoleState.REFUSED),
        Transition(RoleAction.ACCEPT, frozenset({RoleState.INVITED}), RoleState.GRANTED),
        Transition(RoleAction.RESEND, frozenset({RoleState.INVITED}), RoleState.INVITED),
        Transition(
            RoleAction.WITHDRAW, frozenset({RoleState.WAITING, RoleState.INVITED}), RoleState.WITHDRAWN
        ),
    ]
)
OPEN = (RoleState.WAITING, RoleState.INVITED)
