"""Plans and new plans against everything that is possible."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.agenda import Cause, Programme, check_agenda, plan, replan
from tests.engine.agenda.instances import greedy, programmes, timetables, worth
from tests.torture import times

CASES = settings(max_examples=times(60, 2_000), deadline=None)


@CASES
@given(programmes(), st.randoms(use_true_random=False))
def test_valid_and_never_fewer_meetings_than_a_greedy_plan(
    programme: Programme, shuffle: random.Random
) -> None:
    agenda = plan(programme)
    assert check_agenda(programme, agenda) == []
    assert len(agenda.seats) >= greedy(programme)
    shuffled = list(programme.pairings)
    shuffle.shuffle(shuffled)
    assert plan(replace(programme, pairings=tuple(shuffled))) == agenda


@CASES
@given(programmes(most=5, slots=3))
def test_nothing_is_better(programme: Programme) -> None:
    best = max(worth(programme, slot_of) for slot_of in timetables(programme))
    agenda = plan(programme)
    assert (agenda.worth, agenda.bound, agenda.gap) == (best, best, 0.0)


@st.composite
def changes(draw: st.DrawFn) -> tuple[Programme, Programme]:
    """A meeting, and the same after something happened to it."""
    before = draw(programmes(most=5, slots=3))
    slot = st.integers(0, before.slots - 1)
    what = draw(st.sampled_from(("away", "table", "withdrawn")))
    if what == "away":
        who = draw(st.sampled_from(("d0", "d1", "s0", "wang")))
        gone = before.away.get(who, frozenset()) | draw(st.frozensets(slot, min_size=1))
        return before, replace(before, away={**before.away, who: gone})
    if what == "table":
        return before, replace(before, shut=before.shut | {(0, draw(slot))})
    held = before.pairings[1:]
    keys = {pairing.key for pairing in held}
    return before, replace(
        before, pairings=held, pins={key: pin for key, pin in before.pins.items() if key in keys}
    )


@CASES
@given(changes())
def test_a_new_plan_moves_as_few_as_possible(change: tuple[Programme, Programme]) -> None:
    before, after = change
    current = plan(before).seats
    new = replan(after, current)
    assert check_agenda(after, new.agenda) == []
    stood = {seat.pairing: seat.slot for seat in current}

    def kept(slot_of: object) -> int:
        assert isinstance(slot_of, dict)
        return sum(slot_of.get(key) == slot for key, slot in stood.items())

    found = {seat.pairing: seat.slot for seat in new.agenda.seats}
    best = max((worth(after, slots).parts, kept(slots)) for slots in timetables(after))
    assert (new.agenda.worth.parts, kept(found), new.fewest) == (*best, True)
    seats = {seat.pairing: seat for seat in new.agenda.seats}
    assert {(move.pairing, move.now) for move in new.moves} == {
        (seat.pairing, seats.get(seat.pairing)) for seat in current if seats.get(seat.pairing) != seat
    }
    assert all(move.cause is Cause.MADE_ROOM or not move.made_room_for for move in new.moves)


@CASES
@given(programmes())
def test_nothing_moves_where_nothing_changed(programme: Programme) -> None:
    agenda = plan(programme)
    assert replan(programme, agenda.seats).moves == ()
