"""``manage.py import_confirmations``: what an office confirmed before the programme knew of it."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from matching import kinds
from matching.errors import Refusal
from matching.memory.reading import COLUMNS, decoded, read
from matching.memory.services import Outcome, remember_history


class Command(BaseCommand):
    """Each row for itself; running it again changes nothing."""

    help = (
        "Remember confirmed pairs from a file: a JSON array of objects, or a table with commas or tabs "
        f"and the columns {'/'.join(COLUMNS)} ({'/'.join(names[0] for names in COLUMNS.values())})."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and on whose word."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--actor", required=True, help="user name of the chain's office that vouches")
        parser.add_argument(
            "--kind", default=kinds.PRODUCT.code, choices=[code for code, _name in kinds.choices()]
        )
        parser.add_argument("--dry-run", action="store_true", help="tell what would happen, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Tell every row that is not remembered, then how many were."""
        try:
            rows = read(decoded(options["file"].read_bytes()))
            told = remember_history(
                actor=User.objects.get(username=options["actor"]),
                pairs=[row.pair for row in rows],
                kind=options["kind"],
                dry_run=options["dry_run"],
            )
        except OSError as error:
            raise CommandError(str(error)) from error
        except User.DoesNotExist as error:
            raise CommandError(f"There is no account {options['actor']}.") from error
        except Refusal as refusal:
            raise CommandError(refusal.message or str(refusal)) from refusal
        for row, one in zip(rows, told, strict=True):
            if one.outcome == Outcome.REFUSED:
                self.stderr.write(f"{row.number}: {one.problem}")
        counts = Counter(one.outcome for one in told)
        self.stdout.write(", ".join(f"{counts[outcome]} {outcome}" for outcome in Outcome))
