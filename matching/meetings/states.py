"""States of signing meetings and of drafts of plans, and the legal transitions, as tables."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from matching.machine import Machine, Transition


class MeetingState(models.TextChoices):
    """A signing meeting."""

    PROPOSED = "proposed", _("Proposed")
    ENDORSED = "endorsed", _("Awaits the chain head")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    CANCELLED = "cancelled", _("Cancelled")
    HELD = "held", _("Held")


class MeetingAction(models.TextChoices):
    """What can happen to a signing meeting."""

    ENDORSE = "endorse", _("Agree and submit to the chain head")
    APPROVE = "approve", _("Approve")
    CONFIRM = "confirm", _("Approve as chain head")
    RETURN = "return", _("Send back")
    DECLINE = "decline", _("Decline")
    CANCEL = "cancel", _("Cancel")
    HOLD = "hold", _("Mark as held")


OPEN = frozenset({MeetingState.PROPOSED, MeetingState.ENDORSED})
"""States of a proposal that is not decided yet."""
MEETING = Machine(
    [
        Transition(MeetingAction.ENDORSE, frozenset({MeetingState.PROPOSED}), MeetingState.ENDORSED),
        Transition(MeetingAction.APPROVE, frozenset({MeetingState.PROPOSED}), MeetingState.APPROVED),
        Transition(MeetingAction.CONFIRM, frozenset({MeetingState.ENDORSED}), MeetingState.APPROVED),
        Transition(MeetingAction.RETURN, frozenset({MeetingState.ENDORSED}), MeetingState.PROPOSED),
        Transition(MeetingAction.DECLINE, OPEN, MeetingState.DECLINED),
        Transition(MeetingAction.CANCEL, OPEN | {MeetingState.APPROVED}, MeetingState.CANCELLED),
        Transition(MeetingAction.HOLD, frozenset({MeetingState.APPROVED}), MeetingState.HELD),
    ]
)
GIVEN_UP = frozenset({MeetingState.DECLINED, MeetingState.CANCELLED})
"""States in which a meeting holds neither tables, parties nor pairs."""
PLANNED_ANEW = frozenset({MeetingState.PROPOSED, MeetingState.APPROVED})
"""States in which the plan may change; what awaits the chain head is sent back first."""
NEEDS_REASON = frozenset({MeetingAction.DECLINE, MeetingAction.CANCEL, MeetingAction.RETURN})


class DraftState(models.TextChoices):
    """A draft of a changed plan."""

    WAITING = "waiting", _("Is being computed")
    READY = "ready", _("Computed")
    FAILED = "failed", _("Not possible")
    APPLIED = "applied", _("Applied")


class DraftAction(models.TextChoices):
    """What can happen to a draft."""

    FINISH = "finish", _("Finish")
    FAIL = "fail", _("Fail")
    RECOMPUTE = "recompute", _("Compute again")
    APPLY = "apply", _("Apply")


DRAFT = Machine(
    [
        Transition(DraftAction.FINISH, frozenset({DraftState.WAITING}), DraftState.READY),
        Transition(DraftAction.FAIL, frozenset({DraftState.WAITING}), DraftState.FAILED),
        Transition(
            DraftAction.RECOMPUTE, frozenset({DraftState.READY, DraftState.FAILED}), DraftState.WAITING
        ),
        Transition(DraftAction.APPLY, frozenset({DraftState.READY}), DraftState.APPLIED),
    ]
)
