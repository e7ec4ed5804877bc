"""Sweeps of the log."""

from __future__ import annotations

from celery import shared_task

from matching.disclosure import services


@shared_task(name="disclosure.forget_old")
def forget_old() -> None:
    """Remove entries that need not be kept any longer."""
    services.forget_old()
