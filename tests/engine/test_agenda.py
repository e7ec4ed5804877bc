from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.agenda import check_agenda, plan, slots_needed
from matching.engine.types import Agenda, Pairing, Seat


@st.composite
def _pairings(draw: st.DrawFn) -> list[Pairing]:
    count = draw(st.integers(0, 30))
    return [
        Pairing(
            f"p{at:02}", f"d{draw(st.integers(0, 6))}", f"s{draw(st.integers(0, 6))}", draw(st.integers(0, 9))
        )
        for at in range(count)
    ]


def _greedy(pairings: list[Pairing], tables: int, slots: int) -> int:
    busy: set[tuple[str, int]] = set()
    load = [0] * slots
    for pairing in sorted(pairings, key=lambda p: (-p.value, p.key)):
        for slot in range(slots):
            parties = {(pairing.demand_party, slot), (pairing.supply_party, slot)}
            if load[slot] < tables and not parties & busy:
                busy |= parties
                load[slot] += 1
                break
    return sum(load)


@given(_pairings(), st.integers(0, 5), st.integers(0, 12), st.randoms(use_true_random=False))
def test_valid_deterministic_and_no_worse_than_greedy(
    pairings: list[Pairing], tables: int, slots: int, shuffle: random.Random
) -> None:
    agenda = plan(pairings, tables, slots)
    assert check_agenda(pairings, agenda, tables, slots) == []
    assert len(agenda.seats) >= _greedy(pairings, tables, slots)
    shuffled = list(pairings)
    shuffle.shuffle(shuffled)
    assert plan(shuffled, tables, slots) == agenda


@given(_pairings(), st.integers(1, 5))
def test_between_buyers_and_sellers_the_lower_bound_is_reached(pairings: list[Pairing], tables: int) -> None:
    busiest = [
        sum(party in (p.demand_party, p.supply_party) for p in pairings) for party in _parties(pairings)
    ]
    least = max([0, *busiest, -(-len(pairings) // tables)])
    assert slots_needed(pairings, tables) == least
    assert plan(pairings, tables, least).unplaced == ()


def _parties(pairings: list[Pairing]) -> set[str]:
    return {party for p in pairings for party in (p.demand_party, p.supply_party)}


def test_a_firm_that_buys_and_sells_is_one_party() -> None:
    triangle = [Pairing("1", "a", "b"), Pairing("2", "b", "c"), Pairing("3", "c", "a")]
    assert slots_needed(triangle, 9) == 3
    assert check_agenda(triangle, plan(triangle, 9, 3), 9, 3) == []
    assert len(plan(triangle, 9, 2).unplaced) == 1


def test_the_more_valuable_meet_when_not_all_fit() -> None:
    pairings = [Pairing("a", "d", "s1", 1), Pairing("b", "d", "s2", 5)]
    assert plan(pairings, 1, 1) == Agenda((Seat("b", 0, 0),), ("a",))


def test_a_buyer_keeps_its_table() -> None:
    pairings = [Pairing(f"{d}{s}", f"d{d}", f"s{s}") for d in range(3) for s in range(3)]
    agenda = plan(pairings, 3, 3)
    tables = {(seat.pairing[0], seat.table) for seat in agenda.seats}
    assert len(tables) == 3


def test_a_full_day_is_placed() -> None:
    pairings = [Pairing(f"{d:02}-{s:02}", f"d{d}", f"s{(d + s) % 40}") for d in range(40) for s in range(12)]
    agenda = plan(pairings, 40, 12)
    assert agenda.unplaced == ()
    assert check_agenda(pairings, agenda, 40, 12) == []


def test_no_tables_place_nobody() -> None:
    pairings = [Pairing("a", "d", "s")]
    assert plan(pairings, 0, 9).unplaced == ("a",)
    with pytest.raises(ValueError, match="at least one table"):
        slots_needed(pairings, 0)
    assert slots_needed([], 0) == 0


@pytest.mark.parametrize("room", [(-1, 1), (1, -1)])
def test_negative_rooms_are_refused(room: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="negative"):
        plan([], *room)


def test_shared_keys_are_refused() -> None:
    with pytest.raises(ValueError, match="share a key"):
        plan([Pairing("a", "d", "s"), Pairing("a", "d", "t")], 1, 1)


@pytest.mark.parametrize(
    ("seats", "complaint"),
    [
        ((Seat("a", 0, 0), Seat("b", 1, 0)), "d is booked twice"),
        ((Seat("a", 0, 0), Seat("c", 0, 0)), "table 0 is booked twice"),
        ((Seat("a", 2, 0),), "no table 2"),
        ((Seat("x", 0, 0),), "no such pairing"),
        ((Seat("a", 0, 0), Seat("a", 0, 1)), "named 2 times"),
        ((), "a is missing"),
    ],
)
def test_the_checker_finds_faults(seats: tuple[Seat, ...], complaint: str) -> None:
    pairings = [Pairing("a", "d", "s"), Pairing("b", "d", "t"), Pairing("c", "e", "u")]
    assert any(complaint in problem for problem in check_agenda(pairings, Agenda(seats), 2, 2))
