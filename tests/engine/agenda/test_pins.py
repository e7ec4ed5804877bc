"""Pins hold whatever it costs; one that the rules forbid is named with the rule."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from matching.engine.agenda import (
    Agenda,
    Cause,
    Pairing,
    Pin,
    Programme,
    Refusal,
    Seat,
    check_agenda,
    plan,
    replan,
)
from tests.engine.agenda.instances import FORBIDS, faults_of, is_valid, pinned, programmes
from tests.torture import times

CASES = settings(max_examples=times(80, 3_000), deadline=None)
ENDS = (Pairing("early", "d", "s", 9), Pairing("late", "d", "t", 9))
MIDDLE = Pairing("middle", "d", "u", 1)
TEMPTED = Programme((*ENDS, MIDDLE), 1, 3, gap=1, pins={"middle": Pin(1)})
"""Without the pin two meetings are possible, with it one."""


@CASES
@given(programmes())
def test_every_pin_that_can_hold_holds_and_the_others_say_why(programme: Programme) -> None:
    agenda = plan(programme)
    seats = {seat.pairing: seat for seat in agenda.seats}
    held = pinned(programme)
    assert {key: seats[key].slot for key in programme.pins if key in seats} == held
    for key in held:
        assert programme.pins[key].table in (None, seats[key].table)
    assert {refusal.pairing for refusal in agenda.refused} == programme.pins.keys() - held.keys()
    for refusal in agenda.refused:
        _assert_true(programme, refusal)


def _assert_true(programme: Programme, refusal: Refusal) -> None:
    pin = programme.pins[refusal.pairing]
    if refusal.cause in FORBIDS:
        tables = range(programme.tables) if pin.table is None else (pin.table,)
        for table in tables:
            faults = faults_of(programme, [Seat(refusal.pairing, table, pin.slot)])
            assert any(words in fault for fault in faults for words in FORBIDS[refusal.cause])
    else:
        others = {key: programme.pins[key].slot for key in refusal.made_room_for}
        assert is_valid(programme, {refusal.pairing: pin.slot})
        assert is_valid(programme, others)
        assert not is_valid(programme, {**others, refusal.pairing: pin.slot})


def test_a_pin_holds_though_two_others_could_meet_without_it() -> None:
    assert plan(TEMPTED).seats == (Seat("middle", 0, 1),)
    assert plan(TEMPTED).gap == 0.0
    assert replan(TEMPTED, [Seat("early", 0, 0), Seat("late", 0, 2)]).agenda.seats == (Seat("middle", 0, 1),)
    assert len(plan(replace(TEMPTED, pins={})).seats) == 2


def test_the_checker_finds_a_pin_that_was_dropped() -> None:
    dropped = plan(replace(TEMPTED, pins={}))
    assert check_agenda(TEMPTED, dropped) == ["middle lost the place it is pinned to"]
    excused = replace(dropped, refused=(Refusal("middle", Cause.AWAY),))
    assert check_agenda(TEMPTED, excused) == ["nothing keeps middle from its pin"]
    boasting = replace(plan(TEMPTED), refused=(Refusal("middle", Cause.AWAY),))
    assert check_agenda(TEMPTED, boasting) == ["middle is refused its pin and has it"]


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"away": {"u": frozenset({1})}}, Refusal("middle", Cause.AWAY)),
        ({"shut": frozenset({(0, 1)})}, Refusal("middle", Cause.SHUT)),
        ({"pairings": (*ENDS, replace(MIDDLE, language="ja"))}, Refusal("middle", Cause.INTERPRETER)),
        (
            {"pins": {"early": Pin(0), "middle": Pin(1)}},
            Refusal("middle", Cause.MADE_ROOM, ("early",)),
        ),
    ],
)
def test_a_pin_that_breaks_a_rule_is_named_with_it(change: dict[str, object], refusal: Refusal) -> None:
    agenda = plan(replace(TEMPTED, **change))  # type: ignore[arg-type]
    assert agenda.refused == (refusal,)
    assert {seat.pairing for seat in agenda.seats} == {"early", "late"}
    assert agenda.unplaced == ("middle",)


def test_a_pin_to_a_slot_leaves_the_table_to_a_pin_that_names_one() -> None:
    held = (Pairing("any", "d", "s"), Pairing("first", "e", "t"))
    programme = Programme(held, 2, 1, pins={"any": Pin(0), "first": Pin(0, 0)})
    assert plan(programme) == Agenda(
        (Seat("first", 0, 0), Seat("any", 1, 0)), worth=plan(programme).worth, bound=plan(programme).bound
    )
