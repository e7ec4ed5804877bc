"""A running day: what must wait waits, nothing else."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.agenda import Expected, Sitting, forecast
from tests.torture import times

CASES = settings(max_examples=times(100, 5_000), deadline=None)
LATE = "C"


@st.composite
def days(draw: st.DrawFn) -> list[Sitting]:
    """Plans without double booking of up to four slots of 30 minutes at three tables."""
    planned: list[Sitting] = []
    for slot in range(4):
        free = draw(st.permutations("ABCDEF"))
        for table in range(draw(st.integers(0, 3))):
            parties = (free[2 * table], free[2 * table + 1])
            planned.append(Sitting(f"{slot}.{table}", f"t{table}", parties, 30.0 * slot, 30.0 * slot + 30))
    return planned


def overlaps(day: list[Sitting], expected: dict[str, Expected]) -> list[tuple[str, str]]:
    """Pairs of sittings that share a table or a party and are expected at one time."""
    return [
        (one.key, other.key)
        for one, other in combinations(day, 2)
        if {one.table, *one.parties} & {other.table, *other.parties}
        and expected[one.key].begins < expected[other.key].ends
        and expected[other.key].begins < expected[one.key].ends
    ]


@CASES
@given(days())
def test_without_delay_the_plan_stands(day: list[Sitting]) -> None:
    planned = {one.key: Expected(one.begins, one.ends) for one in day}
    assert forecast(day, now=0) == planned


@CASES
@given(days(), st.integers(0, 150), st.integers(0, 150))
def test_nobody_is_expected_twice_at_once_too_early_or_later_than_need_be(
    day: list[Sitting], now: int, arrival: int
) -> None:
    coming = {LATE: float(arrival)}
    expected = forecast(day, now=now, coming=coming)
    assert overlaps(day, expected) == []
    for one in day:
        found = expected[one.key]
        earlier = [
            expected[other.key].ends
            for other in day
            if {one.table, *one.parties} & {other.table, *other.parties}
            and expected[other.key].begins < found.begins
        ]
        late = coming[LATE] if LATE in one.parties else 0.0
        assert found.begins == max(one.begins, now, late, *earlier)
        assert found.ends - found.begins == one.minutes


@CASES
@given(days(), st.integers(0, 150))
def test_who_has_nothing_to_do_with_the_late_party_is_not_shifted(day: list[Sitting], arrival: int) -> None:
    touched, moved = {LATE}, True
    while moved:
        more = {
            held for one in day if touched & {one.table, *one.parties} for held in (one.table, *one.parties)
        }
        moved, touched = not more <= touched, touched | more
    expected = forecast(day, now=0, coming={LATE: float(arrival)})
    for one in day:
        if not touched & {one.table, *one.parties}:
            assert expected[one.key] == Expected(one.begins, one.ends)


MORNING = [
    Sitting("first", "t1", ("A", "B"), 0, 30),
    Sitting("second", "t1", ("A", "C"), 30, 60),
    Sitting("third", "t1", ("A", "D"), 60, 90),
    Sitting("beside", "t2", ("E", "B"), 30, 60),
]


def test_a_table_that_runs_over_shifts_its_next_and_their_next() -> None:
    day = [replace(MORNING[0], began=0.0), *MORNING[1:]]
    expected = forecast(day, now=45)
    assert expected["first"] == Expected(0, 45)
    assert expected["second"] == Expected(45, 75)
    assert expected["third"] == Expected(75, 105, ("t1", "A"))
    assert expected["beside"] == Expected(45, 75)


def test_what_ended_early_does_not_pull_the_next_forward() -> None:
    day = [replace(MORNING[0], began=0.0, ended=10.0), *MORNING[1:]]
    assert forecast(day, now=12)["second"] == Expected(30, 60)


def test_the_table_does_not_wait_for_a_party_that_is_not_there_yet() -> None:
    expected = forecast(MORNING, now=0, coming={"C": 70})
    assert expected["third"] == Expected(60, 90)
    assert expected["second"] == Expected(90, 120, ("t1", "A", "C"))
