"""Presentations: one firm is on once for all that are to meet it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.agenda import (
    Agenda,
    Cause,
    Move,
    Pairing,
    Pin,
    Programme,
    Seat,
    around,
    check_agenda,
    joining,
    plan,
    replan,
    slots_needed,
)
from tests.torture import times

CASES = settings(max_examples=times(60, 2_000), deadline=None)
HEARD = (
    Pairing("a1", "d1", "a", 5, presentation="a"),
    Pairing("a2", "d2", "a", 3, presentation="a"),
    Pairing("b1", "d1", "b", 4, presentation="b"),
)


def stage(slots: int, *pairings: Pairing, away: Mapping[str, frozenset[int]] | None = None) -> Programme:
    """One table."""
    return Programme(pairings or HEARD, 1, slots, away=away or {})


@st.composite
def roadshows(draw: st.DrawFn) -> Programme:
    """Member firms on one stage, each for some leader firms, with absences and rests."""
    slots = draw(st.integers(1, 5))
    who = [f"d{at}" for at in range(4)]
    held = tuple(
        Pairing(f"{firm}-{at}", leader, f"s{firm}", draw(st.integers(0, 9)), presentation=f"s{firm}")
        for firm in range(draw(st.integers(1, 5)))
        for at, leader in enumerate(draw(st.lists(st.sampled_from(who), min_size=1, max_size=4)))
    )
    absent = st.sampled_from((*who, "s0", "s1"))
    away = draw(st.dictionaries(absent, st.frozensets(st.integers(0, slots - 1)), max_size=3))
    return Programme(held, 1, slots, away=away, gap=draw(st.sampled_from((0, 0, 1))))


@CASES
@given(roadshows())
def test_never_fewer_pairs_than_with_the_most_valuable_pair_of_each_firm_alone(programme: Programme) -> None:
    agenda = plan(programme)
    assert check_agenda(programme, agenda) == []
    best: dict[str, Pairing] = {}
    for pairing in sorted(programme.pairings, key=lambda each: (-each.value, each.key)):
        best.setdefault(pairing.together, pairing)
    alone = plan(replace(programme, pairings=tuple(best.values())))
    assert len(agenda.seats) >= len(alone.seats)


@CASES
@given(roadshows())
def test_nobody_is_at_two_presentations_at_once(programme: Programme) -> None:
    seats = plan(programme).seats
    diary: dict[tuple[str, int], set[str]] = {}
    for seat in seats:
        for who in programme.by_key[seat.pairing].attendees:
            diary.setdefault((who, seat.slot), set()).add(programme.by_key[seat.pairing].together)
    assert [at for at, shown in diary.items() if len(shown) > 1] == []
    places = {(programme.by_key[seat.pairing].together, seat.table, seat.slot) for seat in seats}
    assert len(places) == len({shown for shown, _table, _slot in places})


def test_all_hear_it_at_once() -> None:
    agenda = plan(stage(2))
    slot = {seat.pairing: seat.slot for seat in agenda.seats}
    assert slot["a1"] == slot["a2"] != slot["b1"]
    assert (agenda.unplaced, agenda.gap) == ((), 0.0)
    assert slots_needed(HEARD, 1) == 2


def test_the_time_suits_the_most_of_those_who_hear_it() -> None:
    agenda = plan(stage(2, away={"d2": frozenset({0})}))
    assert {seat.pairing: seat.slot for seat in agenda.seats} == {"a1": 1, "a2": 1, "b1": 0}


def test_who_can_never_come_is_left_out() -> None:
    agenda = plan(stage(2, away={"d2": frozenset({0, 1})}))
    assert (agenda.unplaced, agenda.gap) == (("a2",), 0.0)


def test_two_hundred_pairs_of_sixty_firms_are_settled() -> None:
    held = tuple(
        Pairing(f"{firm:02}-{leader}", f"d{leader}", f"s{firm}", firm, presentation=f"s{firm}")
        for firm in range(60)
        for leader in range(1 + firm % 7)
    )
    agenda = plan(stage(20, *held))
    assert check_agenda(stage(20, *held), agenda) == []
    # Twenty firms are on: eight of each of the two that most want to hear, and four of the next.
    assert (len(agenda.seats), agenda.gap) == (8 * 7 + 8 * 6 + 4 * 5, 0.0)


@pytest.mark.parametrize(
    ("seats", "fault"),
    [
        ((Seat("a1", 0, 0), Seat("a2", 0, 1)), "presentation a is at 2 places"),
        ((Seat("a1", 0, 0), Seat("b1", 0, 0)), "table 0 is booked twice in slot 0"),
        ((Seat("a1", 0, 0), Seat("b1", 0, 0)), "d1 is booked twice in slot 0"),
    ],
)
def test_the_checker_tells(seats: tuple[Seat, ...], fault: str) -> None:
    left = tuple({pairing.key for pairing in HEARD} - {seat.pairing for seat in seats})
    assert fault in check_agenda(stage(2), Agenda(seats, left))


def test_one_interpreter_serves_all_who_hear_it() -> None:
    spoken = tuple(replace(pairing, language="de") for pairing in HEARD)
    programme = Programme(spoken, 2, 2, interpreters={"de": 1})
    agenda = plan(programme)
    assert (check_agenda(programme, agenda), agenda.unplaced) == ([], ())


def test_a_presentation_moves_whole_and_says_why() -> None:
    stood = (Seat("a1", 0, 0), Seat("a2", 0, 0))
    held = HEARD[:2]
    new = replan(stage(2, *held, away={"d2": frozenset({0})}), stood)
    assert new.moves == (
        Move("a1", Seat("a1", 0, 0), Seat("a1", 0, 1), Cause.TOGETHER),
        Move("a2", Seat("a2", 0, 0), Seat("a2", 0, 1), Cause.AWAY),
    )
    assert new.fewest


def test_who_joins_a_presentation_that_stands_takes_no_table() -> None:
    stood = (Seat("a1", 0, 0), Seat("b1", 0, 1))
    programme = stage(2)
    assert joining(programme, stood) == (Seat("a2", 0, 0),)
    assert joining(programme, stood, closed={(0, 0)}) == ()
    assert joining(stage(2, away={"d2": frozenset({0})}), stood) == ()
    # Elsewhere it could not be heard: its presentation is settled.
    assert plan(around(replace(programme, slots=3), stood)).unplaced == ("a2",)


def test_a_presentation_has_one_pin() -> None:
    with pytest.raises(ValueError, match="pinned to two places"):
        replace(stage(2), pins={"a1": Pin(0, 0), "a2": Pin(1, 0)})
    tables = replace(stage(2), tables=3, pins={"a1": Pin(1), "a2": Pin(1, 2)})
    assert {(seat.table, seat.slot) for seat in plan(tables).seats if seat.pairing != "b1"} == {(2, 1)}
    pinned = replace(stage(2), pins={"a1": Pin(1, 0), "a2": Pin(1, 0)})
    assert {seat.pairing: seat.slot for seat in plan(pinned).seats} == {"a1": 1, "a2": 1, "b1": 0}
