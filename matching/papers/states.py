"""States of meeting packs and the legal transitions, as a table."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from matching.machine import Machine, Transition


class PackState(models.TextChoices):
    """The papers of a meeting on their way."""

    ORDERED = "ordered", _("Waiting")
    MAKING = "making", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")


class PackAction(models.TextChoices):
    """What can happen to a pack."""

    MAKE = "make", _("Begin to make")
    FINISH = "finish", _("Finish")
    FAIL = "fail", _("Fail")
    ORDER_AGAIN = "order_again", _("Make again")


RUNNING = frozenset({PackState.ORDERED, PackState.MAKING})
"""A worker has it, or will."""

PACK = Machine(
    [
        Transition(PackAction.MAKE, frozenset({PackState.ORDERED}), PackState.MAKING),
        Transition(PackAction.FINISH, frozenset({PackState.MAKING}), PackState.READY),
        Transition(PackAction.FAIL, RUNNING, PackState.FAILED),
        Transition(PackAction.ORDER_AGAIN, frozenset({PackState.READY, PackState.FAILED}), PackState.ORDERED),
    ]
)
