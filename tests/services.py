"""Throw-away PostgreSQL and Valkey for the tests, and real worker processes beside them.

Loaded by ``-p tests.services`` before Django's settings are read. The process that starts pytest starts
the services; xdist's workers find them in the environment. ``DATABASE_URL`` and ``REDIS_URL`` that are
set already are used as they are. Nothing is left behind, not even by ``kill -9``.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from celery import current_app
from django.conf import settings
from django.db import connections

from chainmatch.embedded.process import Child, Command, Undertaker
from chainmatch.embedded.services import ThrowAway

PROJECT = Path(__file__).resolve().parent.parent
WORKER_START_SECONDS = 60.0
_running = pytest.StashKey[ThrowAway]()


def database_number(url: str, worker: str) -> str:
    """The same broker URL with a database of its own for each of xdist's workers (``gw0`` …)."""
    number = 1 + int(worker.removeprefix("gw")) % 15
    head, _, _ = url.partition("?")
    return (
        f"{head}?virtual_host={number}"
        if url.startswith("redis+socket:")
        else f"{url.rpartition('/')[0]}/{number}"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Start the services before any hook that reads the settings."""
    os.environ["CHAINMATCH_MODE"] = "test"
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is not None:
        os.environ["REDIS_URL"] = database_number(os.environ["REDIS_URL"], worker)
        return
    running = ThrowAway.start(os.environ)
    early_config.stash[_running] = running
    os.environ.update(running.services.environment())
    os.environ["DATABASE_AS_OWNER"] = "1"  # tests make and empty databases; programs beside them don't
    files = running.folder / "files"
    (files / "static").mkdir(parents=True)
    os.environ.setdefault("CHAINMATCH_DATA_DIR", str(files))
    # Compiled once for all sessions, not once for each one's throw-away folder.
    os.environ.setdefault("NUMBA_CACHE_DIR", str(PROJECT / "build" / "kernels"))
    early_config.add_cleanup(running.stop)


class WorkerProcess:
    """A real Celery worker on the test's own database and broker.

    For tests with ``transactional_db``: another process sees only what was committed.
    """

    def __init__(self, folder: Path, *, processes: int = 2, beat: bool = False, **variables: str) -> None:
        """``beat``: also tick the clock. ``variables`` join the environment: ``LEASE_SECONDS="2"``."""
        self._watcher = Undertaker()
        self._command = Command(
            name="worker",
            arguments=(
                *(sys.executable, "-m", "celery", "-A", "chainmatch", "worker", "--loglevel", "INFO"),
                *("--concurrency", str(processes), "--without-mingle", "--without-gossip"),
                *(("--beat", "--schedule", str(folder / "beat")) if beat else ()),
            ),
            environment={
                **os.environ,
                "REMAP_SIGTERM": "SIGQUIT",
                **variables,
                "DATABASE_URL": current_database_url(role=settings.DATABASE_APP_ROLE),
                "DATABASE_OWNER_URL": "",
            },
            log=folder / "worker.log",
            folder=PROJECT,
        )
        self._child: Child | None = None

    @property
    def pid(self) -> int:
        """Process id of the running worker."""
        return self._running().pid

    @property
    def log(self) -> str:
        """Everything that the worker has written so far."""
        return self._command.log.read_text(errors="replace")

    def start(self) -> None:
        """Start it and return once it takes tasks."""
        seen = len(self.log) if self._command.log.exists() else 0
        self._child = Child(self._command, self._watcher)
        deadline = time.monotonic() + WORKER_START_SECONDS
        while " ready." not in self.log[seen:]:
            if self._child.exit_code() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the worker did not start:\n{self._child.last_words(40)}")
            time.sleep(0.05)

    def kill(self) -> None:
        """End it with all its processes as ``kill -9`` does."""
        self._running().kill()
        self._child = None

    def restart(self) -> None:
        """``kill`` and ``start``."""
        self.kill()
        self.start()

    def stop(self) -> None:
        """Stop it in order if it runs."""
        if self._child is not None:
            self._child.stop()
            self._child = None
        self._watcher.close()

    def _running(self) -> Child:
        assert self._child is not None, "the worker is not running"
        return self._child


def current_database_url(role: str = "") -> str:
    """``DATABASE_URL`` of the database that this test process uses, as another role where one is given."""
    used = connections["default"].settings_dict
    if role:
        # Of the role's own address everything but the name of the database holds.
        return os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{used['NAME']}"
    password = f":{quote(used['PASSWORD'], safe='')}" if used["PASSWORD"] else ""
    port = f":{used['PORT']}" if used["PORT"] else ""
    return f"postgresql://{used['USER']}{password}@{quote(used['HOST'], safe='')}{port}/{used['NAME']}"


def empty_broker() -> None:
    """Remove every message that waits in the broker."""
    current_app.control.purge()


def wait_until(condition: Callable[[], bool], seconds: float = 90.0) -> None:
    """Return as soon as ``condition`` holds; fail after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)
