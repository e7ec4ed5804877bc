"""Each rule of a meeting by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.agenda import (
    Agenda,
    Cause,
    Pairing,
    Pin,
    Programme,
    Seat,
    Worth,
    check_agenda,
    plan,
    replan,
    slots_needed,
)
from tests.engine.agenda.instances import pairings

ONE, TWO = Pairing("a", "d", "s"), Pairing("b", "d", "t")


def _slots(programme: Programme) -> dict[str, int]:
    agenda = plan(programme)
    assert check_agenda(programme, agenda) == []
    return {seat.pairing: seat.slot for seat in agenda.seats}


@given(pairings(30), st.integers(1, 5))
def test_between_buyers_and_sellers_the_lower_bound_is_reached(
    held: tuple[Pairing, ...], tables: int
) -> None:
    parties = [party for pairing in held for party in {pairing.demand_party, pairing.supply_party}]
    least = max([0, *(parties.count(party) for party in parties), -(-len(held) // tables)])
    assert slots_needed(held, tables) == least
    agenda = plan(Programme(held, tables, least))
    assert (agenda.unplaced, agenda.gap) == ((), 0.0)


def test_a_firm_that_buys_and_sells_is_one_party() -> None:
    triangle = (Pairing("1", "a", "b"), Pairing("2", "b", "c"), Pairing("3", "c", "a"))
    assert slots_needed(triangle, 9) == 3
    assert len(plan(Programme(triangle, 9, 2)).unplaced) == 1


def test_the_more_valuable_meet_when_not_all_fit() -> None:
    held = (replace(ONE, value=1), replace(TWO, value=5))
    agenda = plan(Programme(held, 1, 1))
    assert (agenda.seats, agenda.unplaced) == ((Seat("b", 0, 0),), ("a",))
    assert (agenda.worth, agenda.bound) == (Worth(1, 2, 5), Worth(1, 2, 5))


def test_every_firm_that_both_sides_want_meets_someone_before_values_count() -> None:
    held = (*(Pairing(f"r{at}", "d1", f"s{at}", 9) for at in range(3)), Pairing("poor", "d2", "s9", 1))
    assert "poor" in _slots(Programme(held, 1, 3))


def test_who_is_away_meets_at_another_time() -> None:
    assert _slots(Programme((ONE,), 1, 3, away={"s": frozenset({0, 2})})) == {"a": 1}
    assert _slots(Programme((ONE,), 1, 1, away={"d": frozenset({0})})) == {}


def test_a_person_is_at_one_place_only() -> None:
    held = (Pairing("a", "d", "s", people=("wang",)), Pairing("b", "e", "t", people=("wang",)))
    assert sorted(_slots(Programme(held, 2, 2)).values()) == [0, 1]
    assert len(_slots(Programme(held, 2, 1))) == 1


def test_interpreters_are_counted_slot_by_slot() -> None:
    held = tuple(Pairing(f"p{at}", f"d{at}", f"s{at}", language="de") for at in range(3))
    assert sorted(_slots(Programme(held, 9, 3, interpreters={"de": 1})).values()) == [0, 1, 2]
    assert _slots(Programme(held, 9, 3)) == {}


def test_attendees_rest_between_appointments() -> None:
    assert sorted(_slots(Programme((ONE, TWO), 2, 3, gap=1)).values()) == [0, 2]
    assert len(_slots(Programme((ONE, TWO), 2, 2, gap=1))) == 1


def test_the_way_from_city_to_city_takes_its_slots() -> None:
    held = (replace(ONE, city="1401"), replace(TWO, city="1402"))
    travel = {frozenset(("1401", "1402")): 2}
    assert sorted(_slots(Programme(held, 2, 4, travel=travel)).values()) == [0, 3]
    assert len(_slots(Programme(held, 2, 3, travel=travel))) == 1
    assert sorted(_slots(Programme((held[0], replace(TWO, city="1401")), 2, 2, travel=travel)).values()) == [
        0,
        1,
    ]


def test_a_pin_holds_slot_and_table() -> None:
    programme = Programme((ONE, TWO), 3, 3, pins={"a": Pin(2, 1)})
    assert Seat("a", 1, 2) in plan(programme).seats
    assert check_agenda(programme, plan(programme)) == []


def test_shut_tables_stay_empty() -> None:
    held = tuple(Pairing(f"p{at}", f"d{at}", f"s{at}") for at in range(3))
    programme = Programme(held, 2, 2, shut=frozenset({(0, 0)}))
    agenda = plan(programme)
    assert check_agenda(programme, agenda) == []
    assert {(seat.table, seat.slot) for seat in agenda.seats} == {(1, 0), (0, 1), (1, 1)}


def test_a_buyer_keeps_its_table() -> None:
    held = tuple(Pairing(f"{d}{s}", f"d{d}", f"s{s}") for d in range(3) for s in range(3))
    agenda = plan(Programme(held, 3, 3))
    assert len({(seat.pairing[0], seat.table) for seat in agenda.seats}) == 3


def test_a_full_day_is_placed() -> None:
    held = tuple(Pairing(f"{d:02}-{s:02}", f"d{d}", f"s{(d + s) % 40}") for d in range(40) for s in range(12))
    programme = Programme(held, 40, 12)
    assert plan(programme).unplaced == ()
    assert check_agenda(programme, plan(programme)) == []


def test_no_tables_place_nobody() -> None:
    assert plan(Programme((ONE,), 0, 9)).unplaced == ("a",)
    with pytest.raises(ValueError, match="at least one table"):
        slots_needed([ONE], 0)
    assert slots_needed([], 0) == 0


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"tables": -1}, "negative"),
        ({"slots": -1}, "negative"),
        ({"gap": -1}, "negative"),
        ({"pairings": (replace(ONE, value=-1),)}, "negative"),
        ({"pairings": (ONE, replace(TWO, key="a"))}, "share a key"),
        ({"pins": {"x": Pin(0)}}, "leads nowhere"),
        ({"pins": {"a": Pin(9)}}, "leads nowhere"),
        ({"pins": {"a": Pin(0, 0), "b": Pin(0, 0)}}, "share a place"),
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Programme(**{"pairings": (ONE, TWO), "tables": 1, "slots": 1, **wrong})


@pytest.mark.parametrize(
    ("seats", "complaint"),
    [
        ((Seat("a", 0, 0), Seat("b", 1, 0)), "d is booked twice"),
        ((Seat("a", 0, 0), Seat("c", 0, 0)), "table 0 is booked twice"),
        ((Seat("a", 2, 0),), "no table 2"),
        ((Seat("a", 1, 1),), "table 1 is shut"),
        ((Seat("c", 0, 1),), "e is away"),
        ((Seat("b", 0, 2),), "left the place"),
        ((Seat("a", 0, 0), Seat("b", 0, 1)), "no rest"),
        ((Seat("a", 0, 0), Seat("b", 0, 2)), "travel"),
        ((Seat("f", 0, 0), Seat("g", 1, 0)), "too few interpreters"),
        ((Seat("x", 0, 0),), "no such pairing"),
        ((Seat("a", 0, 0), Seat("a", 0, 1)), "named 2 times"),
        ((), "a is missing"),
    ],
)
def test_the_checker_finds_faults(seats: tuple[Seat, ...], complaint: str) -> None:
    programme = Programme(
        (
            replace(ONE, city="1401"),
            replace(TWO, city="1402"),
            Pairing("c", "e", "u"),
            Pairing("f", "g", "v", language="de"),
            Pairing("g", "h", "w", language="de"),
        ),
        2,
        4,
        away={"e": frozenset({1})},
        shut=frozenset({(1, 1)}),
        interpreters={"de": 1},
        gap=1,
        travel={frozenset(("1401", "1402")): 2},
        pins={"b": Pin(3)},
    )
    assert any(complaint in problem for problem in check_agenda(programme, Agenda(seats)))


def _moves(programme: Programme, *current: Seat) -> dict[str, tuple[Any, ...]]:
    new = replan(programme, current)
    assert check_agenda(programme, new.agenda) == []
    return {move.pairing: (move.now, move.cause, move.made_room_for) for move in new.moves}


def test_a_new_plan_says_why() -> None:
    held = (ONE, TWO, Pairing("c", "e", "s"))
    stood = (Seat("a", 0, 0), Seat("b", 0, 1), Seat("c", 1, 1))
    programme = Programme(held, 2, 3)
    assert _moves(programme, *stood) == {}
    assert _moves(replace(programme, pairings=held[1:]), *stood) == {"a": (None, Cause.WITHDRAWN, ())}
    assert _moves(replace(programme, away={"t": frozenset({1})}), *stood) == {
        "b": (Seat("b", 0, 2), Cause.AWAY, ())
    }
    lost = frozenset((0, slot) for slot in range(3))
    assert _moves(replace(programme, shut=lost), *stood) == {
        "a": (Seat("a", 1, 0), Cause.SHUT, ()),
        "b": (Seat("b", 1, 2), Cause.SHUT, ()),
    }
    assert _moves(replace(programme, pins={"a": Pin(1)}), *stood)["a"] == (Seat("a", 0, 1), Cause.PINNED, ())
    speaking = replace(programme, pairings=(replace(ONE, language="de"), *held[1:]))
    assert _moves(speaking, *stood) == {"a": (None, Cause.INTERPRETER, ())}


def test_who_makes_room_is_told_for_whom() -> None:
    late = Pairing("late", "e", "t")
    programme = Programme((ONE, late), 1, 2, away={"e": frozenset({1})})
    assert _moves(programme, Seat("a", 0, 0)) == {"a": (Seat("a", 0, 1), Cause.MADE_ROOM, ("late",))}
