"""Leases on uploads: at-least-once delivery, exactly-once effect.

A worker holds an upload until its lease runs out; the next one gets a higher token. What a worker has made
is stored in one transaction that ends with ``current``, so that a late one changes nothing.
"""

from __future__ import annotations

import uuid
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from matching.keeping import kept
from matching.kinds.declaration import Label
from matching.notices.services import enqueue
from matching.uploads.models import Upload
from matching.uploads.states import RUNNING, UPLOAD, UploadAction, UploadState

WORK = "uploads.work"
MOST_LEASES = 5
PATIENCE_SECONDS = 30
PAUSE_SECONDS = 1.0


class LeaseLost(Exception):
    """Another worker has taken over."""


@dataclass(slots=True)
class Lease:
    """The right to store what comes of an upload, and how far its holder is."""

    upload: Upload
    token: int
    done: int = 0
    total: int = field(default=0)


def queue(upload: Upload) -> None:
    """Ask for a worker. Side effects: one outbox message; the caller saves the upload."""
    upload.queued_at = timezone.now()
    upload.attempts, upload.leased_until, upload.done, upload.total = 0, None, 0, 0
    enqueue(task=WORK, arguments=[upload.pk])


@transaction.atomic
def lease(*, upload_id: uuid.UUID) -> Lease | None:
    """Take an upload that is free or whose lease ran out; None where there is nothing to do.

    Side effects: one that ``MOST_LEASES`` workers have lost fails, so that nobody waits for ever.
    """
    upload = Upload.objects.select_for_update().filter(pk=upload_id, state__in=RUNNING).first()
    now = timezone.now()
    if upload is None or (upload.leased_until is not None and upload.leased_until > now):
        return None
    if upload.attempts >= MOST_LEASES:
        fail(
            upload,
            Label(
                "处理多次中断，文件没有导入。请稍后重试，或联系管理员。",
                "Work on this file was cut off several times; nothing was applied. Try again later.",
            ),
        )
        return None
    if upload.state == UploadState.RECEIVED:
        upload.state = UPLOAD.target(upload.state, UploadAction.READ)
    upload.token += 1
    upload.attempts += 1
    upload.leased_until = _until(now)
    upload.save()
    return Lease(upload=upload, token=upload.token)


def renewed(held: Lease) -> AbstractContextManager[None]:
    """Keep the lease alive and the progress bar moving while its holder works."""
    return kept(partial(renew, held), min(PAUSE_SECONDS, settings.LEASE_SECONDS / 3))


def renew(held: Lease) -> bool:
    """Put off the end of a lease and tell how far its holder is; False where it is lost."""
    mine = Upload.objects.filter(pk=held.upload.pk, token=held.token, state=held.upload.state)
    return bool(mine.update(leased_until=_until(timezone.now()), done=held.done, total=held.total))


def _until(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.LEASE_SECONDS)


def current(held: Lease) -> Upload:
    """The upload, locked until the transaction ends. Raises ``LeaseLost``."""
    upload = (
        Upload.objects.select_for_update()
        .filter(pk=held.upload.pk, token=held.token, state=held.upload.state)
        .first()
    )
    if upload is None:
        raise LeaseLost
    return upload


def finish(upload: Upload, action: UploadAction) -> None:
    """Bring an upload to rest; the caller holds its lock."""
    upload.state = UPLOAD.target(upload.state, action)
    upload.finished_at, upload.leased_until = timezone.now(), None
    upload.save()


def fail(upload: Upload, error: Label) -> None:
    """The upload has failed; the caller holds its lock."""
    upload.error = {"zh": error.zh, "en": error.en}
    finish(upload, UploadAction.FAIL)


def lost_uploads() -> list[uuid.UUID]:
    """Uploads that nobody works on: their message or their worker was lost.

    Side effects: they count as queued now, so that they are not queued again at each sweep.
    """
    now = timezone.now()
    forgotten = Q(queued_at__lt=now - timedelta(seconds=PATIENCE_SECONDS))
    free = Q(leased_until=None) & forgotten
    ran_out = Q(leased_until__lt=now) & (forgotten | Q(queued_at__lt=F("leased_until")))
    with transaction.atomic():
        lost = Upload.objects.select_for_update(skip_locked=True).filter(free | ran_out, state__in=RUNNING)
        found = list(lost.values_list("pk", flat=True)[:100])
        Upload.objects.filter(pk__in=found).update(queued_at=now)
    return found
