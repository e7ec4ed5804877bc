"""What beat does for sign-in: tell people that they are locked, forget what has ended."""

from __future__ import annotations

from celery import shared_task

from accounts.security.idle import switch_off_idle, tell_idle
from accounts.security.services import forget_ended, tell_locked


@shared_task(name="accounts.tell_locked")
def tell_locked_people() -> None:
    """Send the e-mails about locked accounts."""
    tell_locked()


@shared_task(name="accounts.forget_ended")
def forget_ended_sessions() -> None:
    """Delete ended sessions and old counters."""
    forget_ended()


@shared_task(name="accounts.idle")
def idle_accounts() -> None:
    """Announce that idle accounts are switched off, and switch off those that were announced."""
    switch_off_idle()
    tell_idle()
