"""Ticks of the clock on rounds and lines."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from matching.lists import services


@shared_task(name="lists.advance_rounds")
def advance_rounds() -> None:
    """Open and close rounds on their dates."""
    services.advance_rounds(now=timezone.now())


@shared_task(name="lists.expire_lines")
def expire_lines() -> None:
    """Lines past their validity become expired."""
    services.expire_lines(today=timezone.localdate())


@shared_task(name="lists.remind_expiring")
def remind_expiring() -> None:
    """Ask owners of lines that lapse soon."""
    services.remind_expiring(today=timezone.localdate())


@shared_task(name="lists.release_ended")
def release_ended() -> None:
    """Capacity of contracts whose time is over is free again."""
    services.release_ended(today=timezone.localdate())


@shared_task(name="lists.refresh_live_indexes")
def refresh_live_indexes() -> None:
    """Index titles anew in which firms find similar products while they type."""
    services.refresh_live_indexes()
