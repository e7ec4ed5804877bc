"""States of a review and the legal transitions, as one table."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from matching.machine import Machine, Transition


class ReviewState(models.TextChoices):
    """How far a pair has come between the office and the two firms."""

    PENDING = "pending", _("Pending")
    SHORTLISTED = "shortlisted", _("Shortlisted")
    LEADER_ACCEPTED = "leader_accepted", _("Leader firm said yes")
    MEMBER_ACCEPTED = "member_accepted", _("Member firm said yes")
    ACCEPTED = "accepted", _("Both said yes")
    REJECTED = "rejected", _("Rejected by the office")
    DECLINED = "declined", _("Declined by a firm")


class ReviewAction(models.TextChoices):
    """Who does what."""

    SHORTLIST = "shortlist", _("Shortlist")
    REJECT = "reject", _("Reject")
    REOPEN = "reopen", _("Reopen")
    LEADER_ACCEPT = "leader_accept", _("Leader firm accepts")
    LEADER_DECLINE = "leader_decline", _("Leader firm declines")
    MEMBER_ACCEPT = "member_accept", _("Member firm accepts")
    MEMBER_DECLINE = "member_decline", _("Member firm declines")
    BREAK_OFF = "break_off", _("Cooperation broken off")


# One answer a decider: whoever comes second gets a conflict, and only the office opens a pair again.
REVIEW = Machine(
    [
        Transition(ReviewAction.SHORTLIST, frozenset({ReviewState.PENDING}), ReviewState.SHORTLISTED),
        Transition(ReviewAction.REJECT, frozenset({ReviewState.PENDING}), ReviewState.REJECTED),
        Transition(ReviewAction.REOPEN, frozenset(ReviewState) - {ReviewState.PENDING}, ReviewState.PENDING),
        Transition(
            ReviewAction.LEADER_ACCEPT, frozenset({ReviewState.SHORTLISTED}), ReviewState.LEADER_ACCEPTED
        ),
        Transition(
            ReviewAction.LEADER_ACCEPT, frozenset({ReviewState.MEMBER_ACCEPTED}), ReviewState.ACCEPTED
        ),
        Transition(
            ReviewAction.MEMBER_ACCEPT, frozenset({ReviewState.SHORTLISTED}), ReviewState.MEMBER_ACCEPTED
        ),
        Transition(
            ReviewAction.MEMBER_ACCEPT, frozenset({ReviewState.LEADER_ACCEPTED}), ReviewState.ACCEPTED
        ),
        Transition(
            ReviewAction.LEADER_DECLINE,
            frozenset({ReviewState.SHORTLISTED, ReviewState.MEMBER_ACCEPTED}),
            ReviewState.DECLINED,
        ),
        Transition(
            ReviewAction.MEMBER_DECLINE,
            frozenset({ReviewState.SHORTLISTED, ReviewState.LEADER_ACCEPTED}),
            ReviewState.DECLINED,
        ),
        # Follows from the end of a deal (agreements), and is no answer to a match.
        Transition(ReviewAction.BREAK_OFF, frozenset({ReviewState.ACCEPTED}), ReviewState.DECLINED),
    ]
)

NEEDS_REASON = frozenset({ReviewAction.REJECT, ReviewAction.LEADER_DECLINE, ReviewAction.MEMBER_DECLINE})
OFFICE_ACTIONS = frozenset({ReviewAction.SHORTLIST, ReviewAction.REJECT, ReviewAction.REOPEN})
LEADER_ACTIONS = frozenset({ReviewAction.LEADER_ACCEPT, ReviewAction.LEADER_DECLINE})
MEMBER_ACTIONS = frozenset({ReviewAction.MEMBER_ACCEPT, ReviewAction.MEMBER_DECLINE})

NAMED = frozenset(
    {
        ReviewState.SHORTLISTED,
        ReviewState.LEADER_ACCEPTED,
        ReviewState.MEMBER_ACCEPTED,
        ReviewState.ACCEPTED,
    }
)
"""States in which the two firms see each other's names; contacts only when accepted."""

MISSING_ANSWERS = {
    ReviewState.SHORTLISTED: (ReviewAction.LEADER_ACCEPT, ReviewAction.MEMBER_ACCEPT),
    ReviewState.MEMBER_ACCEPTED: (ReviewAction.LEADER_ACCEPT,),
    ReviewState.LEADER_ACCEPTED: (ReviewAction.MEMBER_ACCEPT,),
    ReviewState.ACCEPTED: (),
}
"""Whose yes a pair of ``NAMED`` still waits for."""

UNWANTED = frozenset({ReviewState.REJECTED, ReviewState.DECLINED})
"""States in which an office or a firm has said no; ``NAMED`` are those in which nobody has."""
