"""Tasks of the changes feed and of webhooks: ticks of the clock that carry nothing."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from matching.feeds import services


@shared_task(name="feeds.gather")
def gather() -> None:
    """Take over what was written, and write the messages about it."""
    while services.gather():
        pass
    services.fan_out()


@shared_task(name="feeds.send")
def send() -> None:
    """Send what is due."""
    services.pump()


@shared_task(name="feeds.forget")
def forget() -> None:
    """Remove old deliveries with their log."""
    services.forget(before=timezone.now() - timedelta(days=settings.WEBHOOK_KEEP_DAYS))
