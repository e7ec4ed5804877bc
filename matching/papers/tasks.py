"""Tasks carry a pack's id, nothing else."""

from __future__ import annotations

import uuid
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from matching.papers import services

KEPT = timedelta(days=180)
"""Archives name persons; they are made again in a minute."""


@shared_task(name="papers.make")
def make(pack_id: str) -> None:
    """Make a meeting's papers."""
    services.make(pack_id=uuid.UUID(pack_id))


@shared_task(name="papers.sweep")
def sweep() -> None:
    """Queue again what a lost worker or a lost broker left behind."""
    for pack_id in services.lost_packs():
        make.delay(str(pack_id))


@shared_task(name="papers.remove_old")
def remove_old() -> None:
    """Remove archives that have been kept long enough."""
    services.remove_old(before=timezone.now() - KEPT)
