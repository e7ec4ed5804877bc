"""States of a firm's request to join and the legal transitions, as one table."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from matching.machine import Machine, Transition


class JoinState(models.TextChoices):
    """How far a firm's request has come."""

    UNCONFIRMED = "unconfirmed", _("E-mail not confirmed")
    REQUESTED = "requested", _("Waits for verification")
    VERIFIED = "verified", _("Verified")
    RETURNED = "returned", _("Returned")


class JoinAction(models.TextChoices):
    """What can happen to a request."""

    CONFIRM = "confirm", _("Confirm the e-mail address")
    VERIFY = "verify", _("Verify")
    RETURN = "return", _("Return")
    RESUBMIT = "resubmit", _("Hand in again")


JOIN = Machine(
    [
        Transition(JoinAction.CONFIRM, frozenset({JoinState.UNCONFIRMED}), JoinState.REQUESTED),
        Transition(JoinAction.VERIFY, frozenset({JoinState.REQUESTED}), JoinState.VERIFIED),
        Transition(JoinAction.RETURN, frozenset({JoinState.REQUESTED}), JoinState.RETURNED),
        Transition(JoinAction.RESUBMIT, frozenset({JoinState.RETURNED}), JoinState.REQUESTED),
    ]
)
OFFICE_ACTIONS = frozenset({JoinAction.VERIFY, JoinAction.RETURN})
EDITABLE = frozenset({JoinState.RETURNED})
"""States in which the firm may correct what it wrote."""
