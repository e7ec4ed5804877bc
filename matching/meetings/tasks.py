"""Ticks of the clock on signing meetings."""

from __future__ import annotations

import uuid

from celery import shared_task
from django.utils import timezone

from matching.meetings import services


@shared_task(name="meetings.propose_meetings")
def propose_meetings() -> None:
    """Propose what the chains' rules ask for."""
    services.propose_meetings(today=timezone.localdate())


@shared_task(name="meetings.compute_draft")
def compute_draft(draft_id: str) -> None:
    """Compute what a changed plan would be."""
    services.compute_draft(draft_id=uuid.UUID(draft_id))


@shared_task(name="meetings.sweep_drafts")
def sweep_drafts() -> None:
    """Queue again what a lost worker or a lost broker left behind."""
    for draft_id in services.lost_drafts():
        compute_draft.delay(str(draft_id))
