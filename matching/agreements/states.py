"""States of agreements and of supervision orders, and the legal transitions, as tables."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from matching.machine import Machine, Transition


class AgreementState(models.TextChoices):
    """How far the two firms stand by what one of them has stated."""

    STATED = "stated", _("Stated by one side")
    DISPUTED = "disputed", _("Disputed")
    CONFIRMED = "confirmed", _("Confirmed")
    CORRECTED = "corrected", _("Confirmed, correction proposed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    BROKEN_OFF = "broken_off", _("Broken off")


class AgreementAction(models.TextChoices):
    """What can happen to an agreement."""

    CONFIRM = "confirm", _("Confirm")
    DISPUTE = "dispute", _("Dispute")
    CORRECT = "correct", _("Correct")
    WITHDRAW = "withdraw", _("Withdraw")
    ANNUL = "annul", _("Annul")
    BREAK_OFF = "break_off", _("Break off")


_OPEN = frozenset({AgreementState.STATED, AgreementState.DISPUTED})
_HELD = frozenset({AgreementState.CONFIRMED, AgreementState.CORRECTED})
_PROPOSED = frozenset({AgreementState.CORRECTED})

# What both firms confirmed stays in force until both confirm its correction.
AGREEMENT = Machine(
    [
        Transition(
            AgreementAction.CONFIRM,
            frozenset({AgreementState.STATED, AgreementState.CORRECTED}),
            AgreementState.CONFIRMED,
        ),
        Transition(AgreementAction.DISPUTE, frozenset({AgreementState.STATED}), AgreementState.DISPUTED),
        Transition(AgreementAction.DISPUTE, _PROPOSED, AgreementState.CONFIRMED),
        Transition(AgreementAction.CORRECT, _OPEN, AgreementState.STATED),
        Transition(AgreementAction.CORRECT, _HELD, AgreementState.CORRECTED),
        Transition(AgreementAction.WITHDRAW, _OPEN, AgreementState.WITHDRAWN),
        Transition(AgreementAction.WITHDRAW, _PROPOSED, AgreementState.CONFIRMED),
        Transition(AgreementAction.ANNUL, _OPEN | _HELD, AgreementState.WITHDRAWN),
        Transition(AgreementAction.BREAK_OFF, _OPEN | _HELD, AgreementState.BROKEN_OFF),
    ]
)
IN_FORCE = _HELD
"""States in which both sides stand by the values of the agreement: these alone count in figures."""
ENDED = frozenset({AgreementState.WITHDRAWN, AgreementState.BROKEN_OFF})
NEEDS_REASON = frozenset({AgreementAction.DISPUTE, AgreementAction.ANNUL, AgreementAction.BREAK_OFF})


class OrderState(models.TextChoices):
    """A supervision order (督办单)."""

    OPEN = "open", _("Answer required")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")


class OrderAction(models.TextChoices):
    """What can happen to a supervision order."""

    ANSWER = "answer", _("Answer")
    RETURN = "return", _("Return for another answer")
    CLOSE = "close", _("Close")


ORDER = Machine(
    [
        Transition(OrderAction.ANSWER, frozenset({OrderState.OPEN}), OrderState.ANSWERED),
        Transition(OrderAction.RETURN, frozenset({OrderState.ANSWERED}), OrderState.OPEN),
        Transition(OrderAction.CLOSE, frozenset({OrderState.OPEN, OrderState.ANSWERED}), OrderState.CLOSED),
    ]
)
