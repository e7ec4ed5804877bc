"""When a failed delivery is tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.feeds.backoff import JITTER, LONGEST_ASKED, PAUSES, pause

TABLE = {
    1: "0:00:05",
    2: "0:05:00",
    3: "0:30:00",
    4: "2:00:00",
    5: "5:00:00",
    6: "10:00:00",
    7: "14:00:00",
    8: "20:00:00",
    9: "1 day, 0:00:00",
}


def test_the_table_is_exact_and_ends_after_three_days() -> None:
    assert {number: str(pause(number, luck=0)) for number in TABLE} == TABLE
    assert pause(10, luck=0) is None
    assert sum(PAUSES, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)


@given(st.integers(1, 9), st.floats(0, 1, exclude_max=True))
def test_jitter_makes_pauses_longer_by_a_tenth_at_most(attempts: int, luck: float) -> None:
    planned = PAUSES[attempts - 1]
    got = pause(attempts, luck=luck)
    assert got is not None
    assert planned <= got <= planned * (1 + JITTER)


@given(st.integers(1, 9), st.timedeltas(timedelta(), timedelta(days=400)))
def test_a_receiver_may_ask_for_longer_never_for_shorter_pauses(attempts: int, asked: timedelta) -> None:
    got = pause(attempts, luck=0, asked=asked)
    assert got is not None
    assert got >= PAUSES[attempts - 1]
    assert got <= max(PAUSES[attempts - 1], LONGEST_ASKED)
    assert got >= min(asked, LONGEST_ASKED)


@pytest.mark.parametrize("attempts", [10, 11, 1000])
def test_after_ten_attempts_there_is_no_other(attempts: int) -> None:
    assert pause(attempts, luck=0.5, asked=timedelta(days=1)) is None
