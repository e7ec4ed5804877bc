"""Every test that ``docs/security.md`` names exists."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
DOCUMENT = TESTS.parent / "docs" / "security.md"
NAMED = re.compile(r"`(?:tests/)?([\w/]+/test_\w+\.py)?(?:::(test_\w+))?`")


def _missing(text: str) -> set[str]:
    """Tests that are named and not there; ``::name`` is of the file named before."""
    missing, file = set(), ""
    for found in NAMED.finditer(text):
        file = found[1] or file
        path = TESTS / file
        if not path.is_file() or (found[2] and f"def {found[2]}(" not in path.read_text()):
            missing.add(f"{file}::{found[2] or ''}")
    return missing


def test_every_test_that_is_named_exists() -> None:
    assert _missing(DOCUMENT.read_text()) == set()


def test_a_test_that_went_is_found() -> None:
    told = "`house/test_gone.py::test_it`, `house/test_classes.py`, `::test_gone`"
    assert _missing(told) == {"house/test_gone.py::test_it", "house/test_classes.py::test_gone"}
