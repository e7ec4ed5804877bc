"""``manage.py load_sample``: ten chains of fictitious firms and their lists."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chainmatch.sample import people, places, store
from chainmatch.sample.generate import SEED, generate
from chainmatch.sample.truth import write_truth
from matching.chains.models import Chain
from matching.errors import Refusal


class Command(BaseCommand):
    """Load the sample once; later calls change nothing."""

    help = "Load the sample lists and demo accounts. A second call changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the truth goes, and which sample it is."""
        parser.add_argument(
            "--truth", type=Path, metavar="FILE", help="where to write the truth (JSON lines)"
        )
        parser.add_argument("--truth-only", type=Path, metavar="FILE", help="write the truth, load nothing")
        parser.add_argument("--seed", type=int, default=SEED)

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, or write the truth alone."""
        places.refuse_production()
        loaded = store.loaded_on()
        today = loaded or timezone.localdate()
        if options["truth_only"]:
            write_truth(options["truth_only"], generate(options["seed"], today=today).truth)
            self.stdout.write(f"Truth written: {options['truth_only']}")
            return
        truth_file: Path = options["truth"] or places.truth_file()
        if loaded and truth_file.exists() and not people.missing_accounts():
            self.stdout.write("示例数据已载入。 The sample is loaded already.")
            return
        self._load(options["seed"], truth_file, fresh=loaded is None)

    def _load(self, seed: int, truth_file: Path, *, fresh: bool) -> None:
        if not Chain.objects.exists():
            raise CommandError("Load the reference data first: python manage.py load_reference")
        sample = generate(seed, today=store.loaded_on() or timezone.localdate())
        if fresh:
            store.store(sample)
        try:
            people.ensure_accounts(sample.guide)
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        write_truth(truth_file, sample.truth)
        leaders = sum(firm.leads for firm in sample.firms)
        self.stdout.write(
            f"{leaders} leader firms, {len(sample.firms) - leaders} member firms, "
            f"{len(sample.demands)} demand lines, {len(sample.supplies)} supply lines"
        )
