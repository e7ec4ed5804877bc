"""States of invitations to signing meetings and the legal transitions, as one table."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from matching.machine import Machine, Transition


class InvitationState(models.TextChoices):
    """How an invitation stands."""

    WAITING = "waiting", _("On the waiting list")
    OPEN = "invited", _("No answer yet")
    ACCEPTED = "accepted", _("Comes")
    DECLINED = "declined", _("Does not come")
    LAPSED = "lapsed", _("Not answered in time")
    WITHDRAWN = "withdrawn", _("No longer invited")


class InvitationAction(models.TextChoices):
    """What can happen to an invitation."""

    INVITE = "invite", _("Offer a place")
    ACCEPT = "accept", _("Come")
    DECLINE = "decline", _("Do not come")
    WAIT = "wait", _("Wait for a place")
    LAPSE = "lapse", _("Let the place go")
    WITHDRAW = "withdraw", _("Withdraw the invitation")


_PLACELESS = frozenset(
    {
        InvitationState.WAITING,
        InvitationState.DECLINED,
        InvitationState.LAPSED,
        InvitationState.WITHDRAWN,
    }
)
INVITATION = Machine(
    [
        Transition(InvitationAction.INVITE, _PLACELESS, InvitationState.OPEN),
        Transition(
            InvitationAction.ACCEPT,
            frozenset({InvitationState.OPEN, InvitationState.ACCEPTED}),
            InvitationState.ACCEPTED,
        ),
        Transition(
            InvitationAction.DECLINE,
            frozenset({InvitationState.OPEN, InvitationState.ACCEPTED, InvitationState.WAITING}),
            InvitationState.DECLINED,
        ),
        Transition(
            InvitationAction.WAIT,
            frozenset({InvitationState.DECLINED, InvitationState.LAPSED}),
            InvitationState.WAITING,
        ),
        Transition(InvitationAction.LAPSE, frozenset({InvitationState.OPEN}), InvitationState.LAPSED),
        Transition(
            InvitationAction.WITHDRAW,
            frozenset({InvitationState.OPEN, InvitationState.ACCEPTED, InvitationState.WAITING}),
            InvitationState.WITHDRAWN,
        ),
    ]
)
ANSWERS = frozenset({InvitationAction.ACCEPT, InvitationAction.DECLINE, InvitationAction.WAIT})
"""What the invited answer; all else follows from the plan and the clock."""
PLACED = frozenset({InvitationState.OPEN, InvitationState.ACCEPTED})
"""States in which a place is kept."""
REFUSED = frozenset({InvitationState.DECLINED, InvitationState.LAPSED})
"""States in which the waiting list passes an organisation over."""


class AnswerVia(models.TextChoices):
    """How an answer came."""

    LINK = "link", _("by the link of the letter")
    PORTAL = "portal", _("on the portal")
    API = "api", _("by a program")
    OFFICE = "office", _("told to the office")
