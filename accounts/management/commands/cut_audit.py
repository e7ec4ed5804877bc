"""``manage.py cut_audit``: remove what is older than the audit is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.audit.services import cut


class Command(BaseCommand):
    """Runs as the tables' owner: the application's role can't remove anything."""

    help = "Remove entries of the audit that are older than AUDIT_KEEP_DAYS, leaving a signed record."

    def handle(self, *args: Any, **options: Any) -> None:
        """Cut and tell."""
        made = cut(before=timezone.now() - timedelta(days=settings.AUDIT_KEEP_DAYS))
        self.stdout.write(
            f"{made.entries} entries removed, up to place {made.position}" if made else "nothing is that old"
        )
