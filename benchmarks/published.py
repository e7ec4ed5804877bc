"""The whole path: rows in PostgreSQL → a run → two Celery workers → a published list.

::

    python -m benchmarks.published [--needs 10000] [--offers 200000] [--json]

Starts a PostgreSQL and a broker of its own that are thrown away (``DATABASE_URL`` and ``REDIS_URL`` are
used where they are set), fills them with generated lines, and measures from the order to run to the
published list. Nothing of the run is left out or done beforehand. One size a process.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from chainmatch.embedded.process import Child, Command, Undertaker
from chainmatch.embedded.services import ThrowAway

PROJECT = Path(__file__).resolve().parent.parent
WORKERS = 2
TICK = 0.05
LONGEST_SECONDS = 1_800.0


@dataclass(frozen=True, slots=True)
class Report:
    """Seconds by step, and what came of it; memory in megabytes."""

    needs: int
    offers: int
    matches: int
    seconds: float
    steps: dict[str, float]
    rows_a_second: int
    worker_megabytes: int
    content_hash: str


def measure(needs: int, offers: int, seed: int = 1, folder: Path | None = None) -> Report:
    """Fill a database, run, publish. Django must not be set up yet in this process."""
    from benchmarks.lines import generate

    with services() as place:
        import django

        django.setup()
        from accounts.audit.services import seal
        from benchmarks.rows import fill
        from matching.feeds.services import gather
        from matching.lists.services import refresh_live_indexes

        migrate()
        filled = fill(*generate(needs, offers, seed))
        # An installation always has the index for typing, and has sealed what it audited and told it to the
        # feeds; done now, for all lines at once, that would take half of both workers.
        refresh_live_indexes()
        while seal() or gather():
            pass
        with workers(folder or place) as child:
            return _path(needs, offers, filled, child)


def _path(needs: int, offers: int, filled, child: Child) -> Report:  # type: ignore[no-untyped-def]
    from matching.runs.services import publish, start_run

    began = time.perf_counter()
    run = start_run(actor=filled.office, round_id=filled.round.pk)
    ordered = time.perf_counter()
    stages = watched(run)
    finished = time.perf_counter()
    memory = _peak_megabytes(child.pid)
    asked = time.perf_counter()
    published = publish(actor=filled.office, run_id=run.pk)
    publishing = time.perf_counter() - asked
    seconds = finished - began + publishing
    steps = {"order": ordered - began, **stages, "publish": publishing}
    return Report(
        needs=needs,
        offers=offers,
        matches=published.matches,
        seconds=round(seconds, 2),
        steps={name: round(value, 2) for name, value in steps.items()},
        rows_a_second=round((needs + offers) / seconds),
        worker_megabytes=memory,
        content_hash=published.content_hash,
    )


def watched(run) -> dict[str, float]:  # type: ignore[no-untyped-def]
    """Seconds that each stage's shards were unfinished."""
    from matching.runs.models import Shard
    from matching.runs.states import LIVE, RunState, ShardState

    spent: dict[str, float] = {}
    before = time.perf_counter()
    while True:
        run.refresh_from_db(fields=["state", "error"])
        open_ = Shard.objects.filter(run=run).exclude(state=ShardState.DONE).order_by("pk")
        stage = open_.values_list("stage", flat=True).first() or "between"
        now = time.perf_counter()
        spent[stage] = spent.get(stage, 0.0) + now - before
        before = now
        if run.state not in LIVE:
            break
        if sum(spent.values()) > LONGEST_SECONDS:
            raise TimeoutError("the run takes too long")
        time.sleep(TICK)
    if run.state != RunState.FINISHED:
        raise RuntimeError(f"the run ended as {run.state}: {run.error}")
    return spent


@contextmanager
def services() -> Iterator[Path]:
    """PostgreSQL and a broker for this process, ended with it; a folder of theirs."""
    running = ThrowAway.start(os.environ)
    try:
        os.environ.update(running.services.environment())
        os.environ["CHAINMATCH_MODE"] = "test"
        os.environ["DATABASE_AS_OWNER"] = "1"  # tables are filled past the application and vacuumed
        os.environ["DJANGO_SETTINGS_MODULE"] = "chainmatch.settings"
        os.environ.setdefault("CHAINMATCH_DATA_DIR", str(running.folder / "files"))
        yield running.folder
    finally:
        from django.db import connections

        connections.close_all()
        running.stop()


def migrate() -> None:
    """Make the tables."""
    command = (sys.executable, "manage.py", "migrate", "--verbosity", "0")
    subprocess.run(command, cwd=PROJECT, check=True)


@contextmanager
def workers(folder: Path) -> Iterator[Child]:
    """Real workers with beat; their log lies in ``folder``."""
    watcher = Undertaker()
    log = folder / "worker.log"
    command = Command(
        name="worker",
        arguments=(
            *(sys.executable, "-m", "celery", "-A", "chainmatch", "worker", "--loglevel", "INFO"),
            *("--concurrency", str(WORKERS), "--without-mingle", "--without-gossip"),
            *("--beat", "--schedule", str(folder / "beat")),
        ),
        environment=dict(os.environ),
        log=log,
        folder=PROJECT,
    )
    child = Child(command, watcher)
    try:
        while not log.exists() or " ready." not in log.read_text(errors="replace"):
            if child.exit_code() is not None:
                raise RuntimeError(f"the worker did not start:\n{child.last_words(40)}")
            time.sleep(TICK)
        yield child
    finally:
        child.stop()
        watcher.close()


def _peak_megabytes(parent: int) -> int:
    """The largest peak of resident memory among the worker's processes (Linux), mapped files included."""
    peaks = [0]
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        if parent in (int(fields["PPid"]), int(fields["Pid"])) and "VmHWM" in fields:
            peaks.append(int(fields["VmHWM"].split()[0]) // 1024)
    return max(peaks)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.published", description=__doc__)
    parser.add_argument("--needs", type=int, default=10_000)
    parser.add_argument("--offers", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="chainmatch-") as folder:
        report = asdict(measure(options.needs, options.offers, options.seed, Path(folder)))
    if options.json:
        print(json.dumps(report))
        return
    for name, value in report.items():
        print(f"{name:20} {value}")


if __name__ == "__main__":
    main()
