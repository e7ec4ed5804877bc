"""The audit of dependencies never passes for clean where nothing was learned."""

from __future__ import annotations

import json
from typing import Any

import pytest

from requirements import audit

SOUND: Any = {"name": "django", "version": "5.2.1", "vulns": []}
BAD: Any = {"name": "pip", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": []}]}
UNKNOWN: Any = {"name": "absl-py", "skip_reason": "not found on PyPI"}


@pytest.mark.parametrize(
    ("found", "code", "told"),
    [
        ([SOUND], audit.CLEAN, "1 pinned dependencies, no known vulnerability"),
        ([SOUND, UNKNOWN, BAD], audit.VULNERABLE, "Vulnerable:\npip 1.0: PYSEC-1"),
        (
            [SOUND, UNKNOWN],
            audit.NOT_CHECKED,
            "NOT CHECKED: of 2 pinned dependencies the vulnerability service knows nothing about 1: absl-py",
        ),
    ],
)
def test_clean_is_only_what_was_answered_for_all(found: list[Any], code: int, told: str) -> None:
    assert audit.verdict(json.dumps({"dependencies": found}), "") == (code, told)


def test_a_service_that_is_away_is_told() -> None:
    told = "NOT CHECKED: the vulnerability service was not reached (ERROR: no route to host)"
    assert audit.verdict("", "warning\nERROR: no route to host\n") == (audit.NOT_CHECKED, told)
    assert audit.verdict(json.dumps({"dependencies": []}), "")[0] == audit.NOT_CHECKED
