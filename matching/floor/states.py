"""States of an appointment on its day, and the legal transitions, as one table."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from matching.machine import Machine, Transition


class SittingState(models.TextChoices):
    """An appointment on its day."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("At the table")
    DONE = "done", _("Finished")
    MISSED = "missed", _("Did not take place")


class SittingAction(models.TextChoices):
    """What can happen to an appointment on its day."""

    BEGIN = "begin", _("Begin")
    FINISH = "finish", _("Finish")
    MISS = "miss", _("Did not come")
    UNDO = "undo", _("Back to waiting")


SITTING = Machine(
    [
        Transition(SittingAction.BEGIN, frozenset({SittingState.WAITING}), SittingState.RUNNING),
        Transition(SittingAction.FINISH, frozenset({SittingState.RUNNING}), SittingState.DONE),
        Transition(SittingAction.MISS, frozenset({SittingState.WAITING}), SittingState.MISSED),
        Transition(
            SittingAction.UNDO, frozenset(SittingState) - {SittingState.WAITING}, SittingState.WAITING
        ),
    ]
)
OVER = frozenset({SittingState.DONE, SittingState.MISSED})
"""States in which neither table nor parties are waited for."""
