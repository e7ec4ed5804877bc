"""What beat does for credentials."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone
from oauth2_provider.models import clear_expired

from accounts.credentials.services import remove_expired


@shared_task(name="accounts.remove_expired_credentials")
def remove_expired_credentials() -> None:
    """Delete tokens and secrets that have expired."""
    remove_expired(now=timezone.now())
    clear_expired()
