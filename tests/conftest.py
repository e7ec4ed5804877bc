"""Fixtures for every room's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services import WorkerProcess, empty_broker


@pytest.fixture
def worker(transactional_db: None, tmp_path: Path) -> Iterator[WorkerProcess]:
    """A real Celery worker, started; ``kill``, ``start`` and ``restart`` are the test's to call."""
    empty_broker()
    process = WorkerProcess(tmp_path)
    process.start()
    yield process
    process.stop()
    empty_broker()
