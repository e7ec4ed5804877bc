"""Tasks of the changes feed and of webhooks: ticks of the clock that carry nothing."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from matching.feeds import services

SHARE = 4
"""Batches a tick: 8,000 entries take a second on two cores. Beat ticks every two, so that a worker
has half of its time for others even while 200,000 entries wait: 50 s, by the time of a batch."""


@shared_task(name="feeds.gather")
def gather() -> None:
    """Take over what was written, at most ``SHARE`` batches, and write the messages about it.

    The next tick goes on. Until then a reader's place is before what waits, so nothing is missed.
    """
    for _ in range(SHARE):
        if services.gather() < services.BATCH:
            break
    services.fan_out()


@shared_task(name="feeds.send")
def send() -> None:
    """Send what is due."""
    services.pump()


@shared_task(name="feeds.forget")
def forget() -> None:
    """Remove old deliveries with their log."""
    services.forget(before=timezone.now() - timedelta(days=settings.WEBHOOK_KEEP_DAYS))
