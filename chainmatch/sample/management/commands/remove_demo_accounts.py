"""``manage.py remove_demo_accounts``: nobody signs in with a known password any more."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from chainmatch.sample import people


class Command(BaseCommand):
    """Deactivate demo accounts and delete their tokens."""

    help = "Deactivate all demo accounts and delete their tokens."

    def handle(self, *args: Any, **options: Any) -> None:
        """Switch them off; what they wrote stays."""
        self.stdout.write(f"{people.switch_off()} demo accounts deactivated, their tokens deleted")
