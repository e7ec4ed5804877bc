"""What beat does for sign-in: tell people that they are locked, forget what has ended."""

from __future__ import annotations

from celery import shared_task

from accounts.security.services import forget_ended, tell_locked


@shared_task(name="accounts.tell_locked")
def tell_locked_people() -> None:
    """Send the e-mails about locked accounts."""
    tell_locked()


@shared_task(name="accounts.forget_ended")
def forget_ended_sessions() -> None:
    """Delete ended sessions and old counters."""
    forget_ended()
