"""Ticks of the clock on invitations, and what follows an answer."""

from __future__ import annotations

import uuid
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from matching.invitations import services


@shared_task(name="invitations.keep_up")
def keep_up() -> None:
    """Invitations and calendars follow the plans."""
    services.keep_all_up(now=timezone.now())


@shared_task(name="invitations.keep_meeting")
def keep_meeting(meeting_id: str) -> None:
    """Those of one meeting."""
    services.keep_up(meeting_id=uuid.UUID(meeting_id), now=timezone.now())


@shared_task(name="invitations.remind")
def remind() -> None:
    """Remind who has not answered, and who comes tomorrow."""
    services.remind_all(now=timezone.now())


@shared_task(name="invitations.forget_delegates")
def forget_delegates() -> None:
    """Forget the people who came."""
    kept = timedelta(days=settings.RETENTION_DAYS["delegates"])
    services.forget_delegates(before=timezone.localdate() - kept)
