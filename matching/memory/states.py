"""States of a confirmation and the legal transitions, as one table."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from matching.machine import Machine, Transition


class ConfirmationState(models.TextChoices):
    """Whether a confirmation counts."""

    STANDING = "standing", _("In force")
    WITHDRAWN = "withdrawn", _("Taken back with its match")
    REVOKED = "revoked", _("Revoked by the office")


class ConfirmationAction(models.TextChoices):
    """How a confirmation ends: with what it came from, or by the office."""

    WITHDRAW = "withdraw", _("Take back")
    REVOKE = "revoke", _("Revoke")


_STANDING = frozenset({ConfirmationState.STANDING})
# What has ended never comes back: whoever confirms anew makes a new confirmation.
CONFIRMATION = Machine(
    [
        Transition(ConfirmationAction.WITHDRAW, _STANDING, ConfirmationState.WITHDRAWN),
        Transition(ConfirmationAction.REVOKE, _STANDING, ConfirmationState.REVOKED),
    ]
)
