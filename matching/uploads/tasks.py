"""Tasks carry an upload's id, nothing else."""

from __future__ import annotations

import uuid

from celery import shared_task
from django.utils import timezone

from matching.uploads import services


@shared_task(name="uploads.work")
def work(upload_id: str) -> None:
    """Read a file, or apply it."""
    services.work(upload_id=uuid.UUID(upload_id))


@shared_task(name="uploads.sweep")
def sweep() -> None:
    """Queue again what a lost worker or a lost broker left behind."""
    for upload_id in services.lost_uploads():
        work.delay(str(upload_id))


@shared_task(name="uploads.remove_old")
def remove_old() -> None:
    """Remove files that have been kept long enough."""
    services.remove_old(now=timezone.now())
