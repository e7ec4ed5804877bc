"""States of uploads and the legal transitions, as a table."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from matching.machine import Machine, Transition


class UploadState(models.TextChoices):
    """A file of a list on its way into the list."""

    RECEIVED = "received", _("Received")
    READING = "reading", _("Being read")
    PREVIEWED = "previewed", _("Ready to look at")
    REFUSED = "refused", _("Not readable")
    APPLYING = "applying", _("Being applied")
    APPLIED = "applied", _("Applied")
    FAILED = "failed", _("Failed")


class UploadAction(models.TextChoices):
    """What can happen to an upload."""

    READ = "read", _("Read")
    PREVIEW = "preview", _("Show")
    REFUSE = "refuse", _("Refuse")
    APPLY = "apply", _("Apply")
    FINISH = "finish", _("Finish")
    FAIL = "fail", _("Fail")
    READ_AGAIN = "read_again", _("Read again")


RUNNING = frozenset({UploadState.RECEIVED, UploadState.READING, UploadState.APPLYING})
"""A worker has it, or will."""

UPLOAD = Machine(
    [
        Transition(UploadAction.READ, frozenset({UploadState.RECEIVED}), UploadState.READING),
        Transition(UploadAction.PREVIEW, frozenset({UploadState.READING}), UploadState.PREVIEWED),
        Transition(UploadAction.REFUSE, frozenset({UploadState.READING}), UploadState.REFUSED),
        Transition(UploadAction.APPLY, frozenset({UploadState.PREVIEWED}), UploadState.APPLYING),
        Transition(UploadAction.FINISH, frozenset({UploadState.APPLYING}), UploadState.APPLIED),
        Transition(UploadAction.FAIL, RUNNING, UploadState.FAILED),
        Transition(
            UploadAction.READ_AGAIN,
            frozenset({UploadState.PREVIEWED, UploadState.FAILED}),
            UploadState.RECEIVED,
        ),
    ]
)


class Sort(models.TextChoices):
    """What a row is against the firm's list."""

    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    UNCHANGED = "unchanged", _("Unchanged")
    ABSENT = "absent", _("Not in the file")
    FAULTY = "faulty", _("Faulty")


class Outcome(models.TextChoices):
    """What became of a row that did not go its way; the others have none."""

    STALE = "stale", _("Changed meanwhile")
    REFUSED = "refused", _("Refused")
    UNSENT = "unsent", _("Not submitted")
