"""Ticks of the clock on signing meetings."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from matching.meetings import services


@shared_task(name="meetings.propose_meetings")
def propose_meetings() -> None:
    """Propose what the chains' rules ask for."""
    services.propose_meetings(today=timezone.localdate())
