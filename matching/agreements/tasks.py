"""Ticks of the clock on what firms agreed on."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from matching.agreements import services


@shared_task(name="agreements.follow_up")
def follow_up() -> None:
    """Remind firms of steps that are due, and departments of those that are late."""
    services.follow_up(today=timezone.localdate())
