"""A new plan after something changed, that moves as few appointments as possible and says which and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from matching.engine.agenda.exact import Solution, solve
from matching.engine.agenda.model import (
    Agenda,
    Cause,
    Move,
    Pairing,
    Programme,
    Replan,
    Seat,
    Worth,
    presentations,
    worth_of,
)
from matching.engine.agenda.pinning import Held, forbidden, hold_pins, in_the_way
from matching.engine.agenda.planning import SECONDS, agenda_of, better_of, by_hand, choice


def replan(programme: Programme, current: Iterable[Seat], *, seconds: float = SECONDS) -> Replan:
    """The plan for a changed programme, as near to ``current`` as its worth allows.

    First what the plan is worth counts, as in ``plan``; among plans of one worth that one is taken in which
    the fewest standing appointments leave their slot. Tables change only where they have to.
    """
    before = {seat.pairing: seat for seat in current}
    pins = hold_pins(programme)
    old = {key: seat.slot for key, seat in before.items() if key in programme.by_key}
    stands = {key: slot for key, slot in old.items() if slot in pins.slots[key]}
    chosen, bound, shown = choice(programme, pins)
    found = _by_hand(programme, pins, chosen, bound, stands)
    if shown:
        again = Solution(by_hand(programme, pins, chosen, shown).slot_of, bound)
        found = better_of(programme, found, again, stands)
    known = worth_of(programme.by_key[key] for key in found.slot_of)
    nearest = not _may_be_nearer(found, stands)
    if known < bound or not nearest:
        better = solve(programme, pins, bound=bound, known=known, before=stands, seconds=seconds)
        found = better_of(programme, found, better, stands)
        nearest = found.nearest or not stands
    planned = agenda_of(programme, found.slot_of, found.bound, pins, before)
    agenda = _back_where_free(programme, planned, before)
    return Replan(agenda, tuple(_moves(programme, before, agenda)), nearest)


def _by_hand(
    programme: Programme,
    pins: Held,
    chosen: list[Pairing],
    bound: Worth,
    stands: Mapping[str, int],
) -> Solution:
    """All that stands and what fits beside it, or of the best choice what stands and then the rest of it."""
    wanted = {pairing.key for pairing in chosen}
    of_choice = {key: slot for key, slot in stands.items() if key in wanted}
    plain, best = by_hand(programme, pins, (), stands), by_hand(programme, pins, chosen, of_choice)
    return better_of(programme, Solution(plain.slot_of, bound), Solution(best.slot_of, bound), stands)


def _may_be_nearer(found: Solution, stands: Mapping[str, int]) -> bool:
    """Whether an appointment that could have stayed did not."""
    return any(found.slot_of.get(key) != slot for key, slot in stands.items())


def _back_where_free(programme: Programme, agenda: Agenda, before: Mapping[str, Seat]) -> Agenda:
    """Nobody leaves a place that nothing keeps them from: who did goes back, a presentation as a whole."""
    now: dict[str, Seat] = {seat.pairing: seat for seat in agenda.seats}
    groups = [
        each
        for each in presentations(programme.ordered).values()
        if not any(pairing.key in programme.pins for pairing in each)
    ]
    moved = True
    while moved:
        moved = False
        for together in groups:
            back = _back(programme, together, before, now)
            if any(now.get(key) != seat for key, seat in back.items()):
                now.update(back)
                moved = True
    unplaced = tuple(key for key in agenda.unplaced if key not in now)
    worth = worth_of(programme.by_key[key] for key in now)
    seated = tuple(sorted(now.values(), key=lambda seat: (seat.slot, seat.table, seat.pairing)))
    return replace(agenda, seats=seated, unplaced=unplaced, worth=worth, bound=max(agenda.bound, worth))


def _back(
    programme: Programme, together: list[Pairing], before: Mapping[str, Seat], now: Mapping[str, Seat]
) -> dict[str, Seat]:
    """All of a presentation that have a place now at the place of before, with who stood there; empty where
    that is not to be had."""
    stood = [before[pairing.key] for pairing in together if pairing.key in before]
    if not stood:
        return {}
    own = {pairing.key for pairing in together}
    apart = {key: seat for key, seat in now.items() if key not in own}
    back = {}
    for pairing in together:
        seat = replace(stood[0], pairing=pairing.key)
        is_free = forbidden(programme, pairing, seat) is None and not in_the_way(
            programme, pairing, seat, apart
        )
        if is_free and (pairing.key in before or pairing.key in now):
            back[pairing.key] = seat
        elif pairing.key in now:
            return {}
    return back


def _moves(programme: Programme, before: Mapping[str, Seat], agenda: Agenda) -> Iterable[Move]:
    now = {seat.pairing: seat for seat in agenda.seats}
    for key in sorted(before):
        if now.get(key) != before[key]:
            cause, others = _why(programme, before[key], now)
            yield Move(key, before[key], now.get(key), cause, others)


def _why(programme: Programme, seat: Seat, now: Mapping[str, Seat]) -> tuple[Cause, tuple[str, ...]]:
    """The cause, and for whom room was made."""
    pairing = programme.by_key.get(seat.pairing)
    if pairing is None:
        return Cause.WITHDRAWN, ()
    pin = programme.pins.get(pairing.key)
    if pin is not None and (pin.slot != seat.slot or pin.table not in (None, seat.table)):
        return Cause.PINNED, ()
    cause = forbidden(programme, pairing, seat)
    if cause is not None:
        return cause, ()
    others = in_the_way(programme, pairing, seat, now)
    apart = tuple(key for key in others if programme.by_key[key].together != pairing.together)
    return (Cause.MADE_ROOM, apart) if apart or not others else (Cause.TOGETHER, ())
