"""Counting matches against the sample's truth."""

from __future__ import annotations

from datetime import date

import pytest

from benchmarks.truth import ALL, Share, Tally, measure
from chainmatch.sample.generate import generate


def test_shares_are_of_what_was_matched_and_of_what_is_right() -> None:
    share = Share(found=6, missed=2, wrong=3)
    assert share.precision == pytest.approx(6 / 9)
    assert share.recall == 0.75


def test_no_share_of_nothing() -> None:
    assert Share(found=0, missed=0, wrong=4).recall is None
    assert Share(found=0, missed=2, wrong=0).precision is None


def test_kinds_are_those_that_occur() -> None:
    tally = Tally()
    tally.found.update(("units", ALL))
    tally.wrong.update(("decoy",))
    assert tally.kinds == (ALL, "decoy", "units")
    assert tally.share("units") == Share(1, 0, 0)


def test_the_sample_is_matched_far_better_than_by_chance() -> None:
    tally = measure(generate(3, today=date(2026, 11, 22)))
    share = tally.share(ALL)
    assert share.precision is not None
    assert share.recall is not None
    assert min(share.precision, share.recall) > 0.75
    assert tally.first_right > 0.75 * tally.demands
