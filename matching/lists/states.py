"""States of rounds and of lines, and the legal transitions, as tables."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from matching.machine import Machine, Transition


class RoundState(models.TextChoices):
    """A collection period."""

    PLANNED = "planned", _("Planned")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    PUBLISHED = "published", _("Published")


class RoundAction(models.TextChoices):
    """What can happen to a round."""

    OPEN = "open", _("Open")
    CLOSE = "close", _("Close")
    PUBLISH = "publish", _("Publish")


ROUND = Machine(
    [
        Transition(RoundAction.OPEN, frozenset({RoundState.PLANNED}), RoundState.OPEN),
        Transition(RoundAction.CLOSE, frozenset({RoundState.OPEN}), RoundState.CLOSED),
        Transition(
            RoundAction.PUBLISH, frozenset({RoundState.CLOSED, RoundState.PUBLISHED}), RoundState.PUBLISHED
        ),
    ]
)


class LineState(models.TextChoices):
    """A line of a firm's list."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    VERIFIED = "verified", _("Verified")
    RETURNED = "returned", _("Returned")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


class LineAction(models.TextChoices):
    """What can happen to a line."""

    EDIT = "edit", _("Edit")
    SUBMIT = "submit", _("Submit")
    VERIFY = "verify", _("Verify")
    RETURN = "return", _("Return")
    WITHDRAW = "withdraw", _("Withdraw")
    RESTORE = "restore", _("Restore")
    CONFIRM = "confirm", _("Confirm validity")
    EXPIRE = "expire", _("Expire")


class LineNote(models.TextChoices):
    """What is recorded of a line beside the steps that it takes."""

    ATTACH = "attach", _("File added")
    DETACH = "detach", _("File deleted")


_LIVE = frozenset({LineState.DRAFT, LineState.SUBMITTED, LineState.VERIFIED, LineState.RETURNED})

LINE = Machine(
    [
        Transition(LineAction.EDIT, _LIVE | {LineState.EXPIRED}, LineState.DRAFT),
        Transition(LineAction.SUBMIT, frozenset({LineState.DRAFT, LineState.RETURNED}), LineState.SUBMITTED),
        Transition(LineAction.VERIFY, frozenset({LineState.SUBMITTED}), LineState.VERIFIED),
        Transition(
            LineAction.RETURN, frozenset({LineState.SUBMITTED, LineState.VERIFIED}), LineState.RETURNED
        ),
        Transition(LineAction.CONFIRM, frozenset({LineState.VERIFIED}), LineState.VERIFIED),
        Transition(LineAction.CONFIRM, frozenset({LineState.EXPIRED}), LineState.SUBMITTED),
        Transition(LineAction.WITHDRAW, _LIVE | {LineState.EXPIRED}, LineState.WITHDRAWN),
        Transition(LineAction.RESTORE, frozenset({LineState.WITHDRAWN}), LineState.DRAFT),
        Transition(LineAction.EXPIRE, _LIVE, LineState.EXPIRED),
    ]
)
FIRM_ACTIONS = frozenset(
    {
        LineAction.EDIT,
        LineAction.SUBMIT,
        LineAction.WITHDRAW,
        LineAction.RESTORE,
        LineAction.CONFIRM,
    }
)
OFFICE_ACTIONS = frozenset({LineAction.VERIFY, LineAction.RETURN})
