"""Workers load every task: one in a module that they do not know stays undone, in silence."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).parents[2]


def forgotten(loaded: Collection[str]) -> set[str]:
    """Modules of tasks that are not loaded."""
    found = (path for room in ("accounts", "matching") for path in ROOT.glob(f"{room}/**/tasks.py"))
    return {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in found} - set(loaded)


def test_workers_load_every_module_of_tasks() -> None:
    assert forgotten(settings.CELERY_INCLUDE) == set()


def test_a_forgotten_module_is_found() -> None:
    """Negative control."""
    assert forgotten(set(settings.CELERY_INCLUDE) - {"matching.papers.tasks"}) == {"matching.papers.tasks"}
