"""``manage.py load_reference``: chains, glossary and regions."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from matching.chains.services import load_reference


class Command(BaseCommand):
    """Idempotent; run after every upgrade."""

    help = "Load or refresh chains, chain nodes, the glossary and regions."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and tell how much there is."""
        counts = load_reference()
        self.stdout.write(", ".join(f"{count} {name}" for name, count in counts.items()))
