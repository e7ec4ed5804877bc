"""``manage.py verify_audit``: is the audit as it was written?"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.audit.verifying import Head, verify


class Command(BaseCommand):
    """Exit code 0 where every hash fits, 1 where an entry was changed, removed, moved or slipped in."""

    help = "Verify the audit's chain of hashes and print its newest place."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where heads are kept."""
        parser.add_argument(
            "--anchor",
            type=Path,
            help="file of earlier heads, kept out of the database server's reach; each must still be in the "
            "chain, and the newest is added where all is well",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, tell what is wrong, keep the head."""
        file: Path | None = options["anchor"]
        found = verify(_anchors(file))
        if found.problems:
            raise CommandError("\n".join(found.problems))
        self.stdout.write(f"{found.entries} entries verified\n{found.head}")
        if file is not None and found.head.position:
            with file.open("a") as kept:
                kept.write(f"{found.head}\n")


def _anchors(file: Path | None) -> list[Head]:
    if file is None or not file.exists():
        return []
    try:
        return [Head.parse(line) for line in file.read_text().splitlines() if line.strip()]
    except ValueError as error:
        raise CommandError(f"{file} holds a line that is no position:hash: {error}") from error
