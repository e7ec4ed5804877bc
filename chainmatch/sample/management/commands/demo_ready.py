"""``manage.py demo_ready --wait``: let the workers match the closed rounds and tell the demo's story."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chainmatch.sample import people, places, story
from matching.runs.models import MatchingRun

PATIENCE_SECONDS = 120.0
POLL_SECONDS = 0.3


class Command(BaseCommand):
    """Start the runs, wait for the workers, then review, publish and propose; once."""

    help = "Match the sample's closed rounds and show one of them to the end. A second call changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to wait."""
        parser.add_argument("--wait", action="store_true", help="wait until the workers have finished")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit code 1 where no worker answers or a run fails."""
        places.refuse_production()
        if people.missing_accounts():
            raise CommandError("There is no sample; run first: python manage.py load_sample")
        runs = story.start_runs()
        if options["wait"]:
            self._wait(runs)
        elif not story.progress(runs).finished:
            self.stdout.write("The runs are queued; call again with --wait to see the story to its end.")
            return
        published = story.tell(runs)
        if published is None:
            self.stdout.write("演示已就绪。 The demo is ready.")
        else:
            self.stdout.write(
                f"{published.chain.name_en}: matching list no. {published.number} published, "
                f"{published.matches} matches, {published.gaps} gaps"
            )

    def _wait(self, runs: list[MatchingRun]) -> None:
        """Until all runs are finished; patience begins anew with every finished shard."""
        seen, since = -1, time.monotonic()
        while True:
            now = story.progress(runs)
            if now.failed:
                raise CommandError(f"匹配运算失败。 A run failed: {now.failed}")
            if now.done != seen:
                seen, since = now.done, time.monotonic()
                self.stdout.write(f"PROGRESS {now.done} {now.total}")
                self.stdout.flush()
            if now.finished:
                return
            if time.monotonic() - since > PATIENCE_SECONDS:
                raise CommandError(
                    f"{PATIENCE_SECONDS:.0f} 秒内没有工作进程应答，请检查 Celery 工作进程与消息队列。 "
                    f"No worker has finished anything for {PATIENCE_SECONDS:.0f} seconds; "
                    "check that a Celery worker, beat and the broker are running."
                )
            time.sleep(POLL_SECONDS)
