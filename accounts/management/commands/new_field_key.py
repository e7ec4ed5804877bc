"""Writes a fresh key for CHAINMATCH_FIELD_KEYS."""

from __future__ import annotations

from typing import Any

from cryptography.fernet import Fernet
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Stores nothing."""

    help = __doc__
    requires_system_checks: tuple[str, ...] = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Write the key."""
        self.stdout.write(Fernet.generate_key().decode())
