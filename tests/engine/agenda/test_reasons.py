"""What a new plan says of why appointments move is true."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.agenda import (
    Cause,
    Move,
    Pairing,
    Pin,
    Programme,
    Replan,
    Seat,
    check_agenda,
    plan,
    replan,
)
from tests.engine.agenda.instances import FORBIDS, faults_of, programmes
from tests.torture import times

CASES = settings(max_examples=times(100, 5_000), deadline=None)


def untrue(programme: Programme, new: Replan) -> list[str]:
    """Moves whose reason is not one, by the independent checker."""
    now = {seat.pairing: seat for seat in new.agenda.seats}
    return [move.pairing for move in new.moves if not _is_true(programme, now, move)]


def _is_true(programme: Programme, now: dict[str, Seat], move: Move) -> bool:
    if move.cause is Cause.WITHDRAWN:
        return move.pairing not in programme.by_key and move.now is None
    if move.cause is Cause.TOGETHER:
        return _is_elsewhere(programme, now, move)
    faults = faults_of(programme, [move.before])
    if move.cause in FORBIDS:
        return any(words in fault for fault in faults for words in FORBIDS[move.cause])
    others = [now[key] for key in move.made_room_for]
    return not faults and bool(others) and bool(faults_of(programme, [move.before, *others]))


def _is_elsewhere(programme: Programme, now: dict[str, Seat], move: Move) -> bool:
    """Whether others of its presentation are at another place."""
    together = programme.by_key[move.pairing].together
    others = [p.key for p in programme.pairings if p.together == together and p.key != move.pairing]
    place = move.before.table, move.before.slot
    return any((now[key].table, now[key].slot) != place for key in others if key in now)


@st.composite
def changes(draw: st.DrawFn) -> tuple[Programme, Programme]:
    """A meeting, and the same after one or two things happened to it."""
    before = draw(programmes(most=7))
    after = before
    for what in draw(st.lists(st.sampled_from(sorted(HAPPENS)), min_size=1, max_size=2)):
        after = replace(after, **HAPPENS[what](draw, after))
    return before, after


def _away(draw: st.DrawFn, now: Programme) -> dict[str, Any]:
    who = draw(st.sampled_from(("d0", "d1", "s0", "wang")))
    gone = now.away.get(who, frozenset()) | draw(
        st.frozensets(st.integers(0, max(0, now.slots - 1)), min_size=1)
    )
    return {"away": {**now.away, who: gone}}


def _joins(draw: st.DrawFn, now: Programme) -> dict[str, Any]:
    firms = st.integers(0, 3)
    new = Pairing(f"q{len(now.pairings)}", f"d{draw(firms)}", f"s{draw(firms)}", 9)
    return {"pairings": (*now.pairings, new)}


def _leaves(draw: st.DrawFn, now: Programme) -> dict[str, Any]:
    held = now.pairings[1:]
    keys = {pairing.key for pairing in held}
    return {"pairings": held, "pins": {key: pin for key, pin in now.pins.items() if key in keys}}


def _pinned(draw: st.DrawFn, now: Programme) -> dict[str, Any]:
    if not now.pairings:
        return {}
    key = draw(st.sampled_from([pairing.key for pairing in now.pairings]))
    return {"pins": {**now.pins, key: Pin(draw(st.integers(0, now.slots - 1)))}}


HAPPENS: dict[str, Any] = {
    "away": _away,
    "joins": _joins,
    "leaves": _leaves,
    "pinned": _pinned,
    "rests": lambda _draw, now: {"gap": now.gap + 1},
    "far": lambda _draw, now: {"travel": {frozenset(("1401", "1402")): 3}},
    "interpreters": lambda _draw, now: {"interpreters": {}},
    "table": lambda draw, now: {"shut": now.shut | {(0, draw(st.integers(0, now.slots - 1)))}},
    "tables": lambda _draw, now: {"shut": now.shut | {(0, slot) for slot in range(now.slots)}},
}


@CASES
@given(changes())
def test_every_reason_is_true(change: tuple[Programme, Programme]) -> None:
    before, after = change
    new = replan(after, plan(before).seats)
    assert check_agenda(after, new.agenda) == []
    assert untrue(after, new) == []


@CASES
@given(changes(), st.sampled_from(sorted(Cause)))
def test_an_invented_reason_is_found(change: tuple[Programme, Programme], cause: Cause) -> None:
    before, after = change
    new = replan(after, plan(before).seats)
    invented = replace(new, moves=tuple(replace(move, cause=cause) for move in new.moves))
    # Two reasons may both be true: whoever is away may have lost the table, too.
    also = {Cause.AWAY, Cause.SHUT, Cause.INTERPRETER, Cause.PINNED}
    # And whatever kept it from its place, its presentation may be elsewhere as well.
    wrong = [
        move.pairing
        for move in new.moves
        if move.cause is not cause
        and not {move.cause, cause} <= also
        and not (cause is Cause.TOGETHER and move.pairing in after.by_key)
    ]
    assert set(wrong) <= set(untrue(after, invented))


def test_who_rests_longer_makes_room_for_whom_it_meets_before() -> None:
    held = (Pairing("a", "d", "s"), Pairing("b", "d", "t"))
    stood = (Seat("a", 0, 0), Seat("b", 0, 1))
    new = replan(Programme(held, 1, 3, gap=1), stood)
    assert new.moves == (Move("b", Seat("b", 0, 1), Seat("b", 0, 2), Cause.MADE_ROOM, ("a",)),)
