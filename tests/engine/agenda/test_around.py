"""What is placed beside fixed appointments goes with them, and finds every place that there is."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matching.engine import agenda
from matching.engine.agenda import Agenda, Pairing, Programme, Seat, check_agenda
from tests.engine.agenda.instances import programmes
from tests.torture import times


def _faults(programme: Programme, seats: list[Seat]) -> set[str]:
    """Whatever becomes of pins that stand against the fixed."""
    placed = {seat.pairing for seat in seats}
    pins = {key: pin for key, pin in programme.pins.items() if key in placed}
    agenda_ = Agenda(tuple(seats), tuple(programme.by_key.keys() - placed))
    return set(check_agenda(replace(programme, pins=pins), agenda_))


@given(programmes(), st.randoms())
@settings(max_examples=times(60, 2000), deadline=None)
def test_a_plan_around_the_fixed_is_a_plan_with_them(programme: Programme, chance: object) -> None:
    planned = list(agenda.plan(programme).seats)
    assume(planned)
    fixed = [seat for seat in planned if chance.random() < 0.5]  # type: ignore[attr-defined]
    left = agenda.around(programme, fixed)
    found = agenda.plan(left).seats
    assert not {seat.pairing for seat in fixed} & {seat.pairing for seat in found}
    assert _faults(programme, [*fixed, *found]) == set()


def test_the_fixed_stay_against_a_rule_and_others_keep_clear_of_them() -> None:
    one, two = Pairing("a", "buyer", "x"), Pairing("b", "buyer", "y")
    programme = Programme((one, two), 1, 3, away={"x": frozenset({0})}, gap=1)
    left = agenda.around(programme, [Seat("a", 0, 0)])
    assert agenda.plan(left).seats == (Seat("b", 0, 2),)


def test_interpreters_of_the_fixed_are_not_there_for_others() -> None:
    one, two = Pairing("a", "p", "x", language="ja"), Pairing("b", "q", "y", language="ja")
    programme = Programme((one, two), 2, 1, interpreters={"ja": 1})
    assert agenda.plan(agenda.around(programme, [Seat("a", 0, 0)])).seats == ()
    without = agenda.plan(Programme((two,), 2, 1, interpreters={"ja": 1})).seats
    assert _faults(programme, [Seat("a", 0, 0), *(Seat(s.pairing, 1, s.slot) for s in without)]) == {
        "too few interpreters of ja in slot 0"
    }
