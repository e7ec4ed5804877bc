"""Seals trade secrets under the newest data key; with ``--new-key`` it makes a newer one first."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.sealing import keys
from accounts.sealing.renewing import drop_outdated, renew_column, renew_files, renew_keys, sealed_columns


class Command(BaseCommand):
    """May run while the service runs, and again after it was interrupted, then without ``--new-key``.

    Running processes seal under the new key within a minute; what they wrote until then, a second call finds.
    """

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether a key is made."""
        parser.add_argument("--new-key", action="store_true", help="make a newer data key first")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Renew columns, then files, drop what is made again, and tell how many of each."""
        self.stdout.write(f"accounts.DataKey.secret: {renew_keys()}")
        if options["new_key"]:
            try:
                self.stdout.write(f"data key {keys.add()}")
            except ImproperlyConfigured as refusal:
                raise CommandError(str(refusal)) from refusal
        for column in sealed_columns():
            self.stdout.write(f"{column}: {renew_column(column)}")
        self.stdout.write(f"files: {renew_files()}")
        for what, dropped in drop_outdated():
            self.stdout.write(f"{what}: {dropped}")
