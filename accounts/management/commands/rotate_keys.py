"""Brings everything that stands encrypted under the newest key of CHAINMATCH_FIELD_KEYS."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from accounts.rotation import SECOND_FACTORS, encrypted_columns, rotate_column, rotate_second_factors


class Command(BaseCommand):
    """May run while the service runs, and again after it was interrupted."""

    help = __doc__

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Rotate column after column and tell how many values changed."""
        for model, name in encrypted_columns():
            self.stdout.write(f"{model._meta.label}.{name}: {rotate_column(model, name)}")
        self.stdout.write(f"{SECOND_FACTORS}.data: {rotate_second_factors()}")
