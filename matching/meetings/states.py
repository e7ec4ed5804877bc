"""States of signing meetings and appointments, and the legal transitions, as tables."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from matching.machine import Machine, Transition


class MeetingState(models.TextChoices):
    """A signing meeting."""

    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    CANCELLED = "cancelled", _("Cancelled")
    HELD = "held", _("Held")


class MeetingAction(models.TextChoices):
    """What can happen to a signing meeting."""

    APPROVE = "approve", _("Approve")
    DECLINE = "decline", _("Decline")
    CANCEL = "cancel", _("Cancel")
    HOLD = "hold", _("Mark as held")


MEETING = Machine(
    [
        Transition(MeetingAction.APPROVE, frozenset({MeetingState.PROPOSED}), MeetingState.APPROVED),
        Transition(MeetingAction.DECLINE, frozenset({MeetingState.PROPOSED}), MeetingState.DECLINED),
        Transition(
            MeetingAction.CANCEL,
            frozenset({MeetingState.PROPOSED, MeetingState.APPROVED}),
            MeetingState.CANCELLED,
        ),
        Transition(MeetingAction.HOLD, frozenset({MeetingState.APPROVED}), MeetingState.HELD),
    ]
)
GIVEN_UP = frozenset({MeetingState.DECLINED, MeetingState.CANCELLED})
"""States in which a meeting holds neither tables, parties nor pairs."""
NEEDS_REASON = frozenset({MeetingAction.DECLINE, MeetingAction.CANCEL})
