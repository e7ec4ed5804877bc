"""Work of the clock."""

from __future__ import annotations

from celery import shared_task

from matching.http import idempotency


@shared_task(name="http.forget_answers")
def forget_answers() -> int:
    """Remove kept answers that are older than ``API_IDEMPOTENCY_KEEP_HOURS``; how many there were."""
    return idempotency.forget()
