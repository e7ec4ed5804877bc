"""Fixtures for every room's tests."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from hypothesis import settings as examples
from limits.storage import Storage, storage_from_string
from pytest_django import DjangoDbBlocker

from matching.http.limits import storage_url
from tests.services import WorkerProcess, empty_broker

# The same examples on every machine, in every selection of tests, and no clock in them.
examples.register_profile("same", deadline=None, derandomize=True, database=None)
examples.load_profile("same")

SECONDS_A_DAY = 86_400
LONGEST_TEST = 60


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """No test begins on one day and ends on the next: "today" means one day in all of it."""
    now = datetime.now(ZoneInfo(settings.TIME_ZONE))
    left = SECONDS_A_DAY - (now.hour * 3600 + now.minute * 60 + now.second)
    if left <= LONGEST_TEST:
        time.sleep(left)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """End the sessions that servers in threads keep open, so that the test database can be dropped."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True)
def fresh_memory() -> None:
    """What earlier tests asked for counts against no limit of this one, and nothing of it is remembered."""
    caches["process"].clear()
    counters = storage_from_string(storage_url(settings.CELERY_BROKER_URL))
    assert isinstance(counters, Storage)
    counters.reset()


@pytest.fixture
def worker(transactional_db: None, tmp_path: Path) -> Iterator[WorkerProcess]:
    """A real Celery worker, started; ``kill``, ``start`` and ``restart`` are the test's to call."""
    empty_broker()
    process = WorkerProcess(tmp_path)
    process.start()
    yield process
    process.stop()
    empty_broker()
