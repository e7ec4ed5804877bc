"""The measurement of a changed line refuses to measure what is wrong."""

from __future__ import annotations

import pytest

from benchmarks import incremental
from matching.engine.incremental import Base, Changes, Rematched, rematch


def test_changed_lines_are_measured_one_by_one() -> None:
    report = incremental.measure(40, 400)
    assert (report.needs, report.offers) == (40, 400)
    assert 0 < report.again < 40


def test_other_results_than_in_full_are_no_measurement(monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetful(base: Base, changes: Changes) -> Rematched:
        return rematch(base, Changes())

    monkeypatch.setattr(incremental, "rematch", forgetful)
    with pytest.raises(AssertionError, match="other results"):
        incremental.measure(40, 400)
