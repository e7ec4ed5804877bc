"""Fixtures for every room's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from limits.storage import Storage, storage_from_string
from pytest_django import DjangoDbBlocker

from matching.http.limits import storage_url
from tests.services import WorkerProcess, empty_broker


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
