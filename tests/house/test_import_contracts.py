"""The import contracts of the house are kept, and each of them bites."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent.parent

SEEDED = [
    ("accounts/roles.py", "import chainmatch.env", "Nothing imports the composition root"),
    ("matching/record.py", "import chainmatch.env", "Nothing imports the composition root"),
    ("accounts/roles.py", "import matching.errors", "accounts never imports matching"),
    ("matching/lists/states.py", "import matching.runs.states", "Stage order"),
    ("matching/notices/services/outbox.py", "import matching.lists.states", "Stage order"),
    ("matching/joining/states.py", "import matching.lists.states", "Stage order"),
    ("matching/chains/queries.py", "import matching.joining.states", "Stage order"),
    ("matching/memory/states.py", "import matching.runs.states", "Stage order"),
    ("matching/disclosure/queries.py", "import matching.lists.models", "Stage order"),
    ("matching/meanings/queries.py", "import matching.lists.queries", "Stage order"),
    ("matching/lists/states.py", "import matching.memory.states", "Stage order"),
    ("matching/runs/states.py", "import matching.review.states", "Stage order"),
    ("matching/review/states.py", "import matching.meetings.states", "Stage order"),
    ("matching/meetings/states.py", "import matching.overview.queries", "Stage order"),
    ("matching/meetings/states.py", "import matching.feeds.states", "Stage order"),
    ("matching/meetings/states.py", "import matching.agreements.states", "Stage order"),
    ("matching/agreements/states.py", "import matching.floor.states", "Stage order"),
    ("matching/floor/states.py", "import matching.papers.states", "Stage order"),
    ("matching/papers/states.py", "import matching.feeds.states", "Stage order"),
    ("matching/meetings/states.py", "import matching.invitations.states", "Stage order"),
    ("matching/invitations/states.py", "import matching.feeds.states", "Stage order"),
    ("matching/feeds/states.py", "import matching.overview.queries", "Stage order"),
    ("matching/feeds/services/gathering.py", "import matching.feeds.tasks", "Inside a room"),
    ("matching/feeds/sending.py", "import matching.feeds.models", "What leaves for other machines"),
    ("matching/engine/text/normal.py", "import django.conf", "engine, kinds, sheets and documents are pure"),
    ("matching/kinds/product.py", "import redis", "engine, kinds, sheets and documents are pure"),
    ("matching/engine/units.py", "import celery", "engine, kinds, sheets and documents are pure"),
    ("matching/engine/units.py", "import rest_framework", "engine, kinds, sheets and documents are pure"),
    ("matching/sheets/types.py", "import django.conf", "engine, kinds, sheets and documents are pure"),
    ("matching/documents/paper.py", "import django.conf", "engine, kinds, sheets and documents are pure"),
    ("matching/lists/services/lines.py", "import matching.lists.tasks", "Inside a room"),
    ("matching/lists/states.py", "import matching.lists.models", "Inside a room"),
    ("matching/joining/services.py", "import matching.joining.tasks", "Inside a room"),
    ("matching/runs/models.py", "import matching.runs.access", "Inside a room"),
    ("matching/review/access.py", "import matching.review.queries", "Inside a room"),
    ("matching/runs/api/runs.py", "import matching.runs.portal", "Inside a room"),
    ("matching/runs/portal/runs.py", "import matching.runs.api", "Inside a room"),
]


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": "", "COLUMNS": "400"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code that a test may spoil."""
    folder = tmp_path_factory.mktemp("house")
    for name in ("accounts", "chainmatch", "matching"):
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "data"))
    shutil.copy(PROJECT / "pyproject.toml", folder)
    return folder


def test_all_contracts_are_kept(house: Path) -> None:
    done = _lint(house)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("file", "line", "contract"), SEEDED)
def test_a_seeded_violation_is_caught(house: Path, file: str, line: str, contract: str) -> None:
    path = house / file
    sound = path.read_text()
    path.write_text(f"{sound}\n{line}\n")
    try:
        done = _lint(house)
    finally:
        path.write_text(sound)
    broken = [row for row in done.stdout.splitlines() if row.rstrip().endswith("BROKEN")]
    assert done.returncode == 1, done.stdout + done.stderr
    assert any(row.startswith(contract) for row in broken), done.stdout
