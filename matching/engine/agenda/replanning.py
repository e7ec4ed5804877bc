"""A new plan after something changed, that moves as few appointments as possible and says which and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from matching.engine.agenda.choosing import best_choice
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
    worth_of,
)
from matching.engine.agenda.planning import SECONDS, agenda_of, better_of, by_hand


def replan(programme: Programme, current: Iterable[Seat], *, seconds: float = SECONDS) -> Replan:
    """The plan for a changed programme, as near to ``current`` as its worth allows.

    First what the plan is worth counts, as in ``plan``; among plans of one worth that one is taken in which
    the fewest standing appointments leave their slot. Tables change only where they have to.
    """
    before = {seat.pairing: seat for seat in current}
    slots = {pairing.key: programme.allowed(pairing) for pairing in programme.ordered}
    old = {key: seat.slot for key, seat in before.items() if key in programme.by_key}
    stands = {key: slot for key, slot in old.items() if slot in slots[key]}
    chosen, bound = best_choice(programme)
    found = _by_hand(programme, slots, chosen, bound, stands)
    known = worth_of(programme.by_key[key] for key in found.slot_of)
    nearest = not _may_be_nearer(found, stands)
    if known < bound or not nearest:
        better = solve(programme, slots, bound=bound, known=known, before=stands, seconds=seconds)
        found = better_of(programme, found, better, stands)
        nearest = found.nearest or not stands
    agenda = agenda_of(programme, found.slot_of, found.bound, before)
    return Replan(agenda, tuple(_moves(programme, before, agenda)), nearest)


def _by_hand(
    programme: Programme,
    slots: Mapping[str, tuple[int, ...]],
    chosen: list[Pairing],
    bound: Worth,
    stands: Mapping[str, int],
) -> Solution:
    """All that stands and what fits beside it, or of the best choice what stands and then the rest of it."""
    wanted = {pairing.key for pairing in chosen}
    of_choice = {key: slot for key, slot in stands.items() if key in wanted}
    plain, choice = by_hand(programme, slots, (), stands), by_hand(programme, slots, chosen, of_choice)
    return better_of(programme, Solution(plain.slot_of, bound), Solution(choice.slot_of, bound), stands)


def _may_be_nearer(found: Solution, stands: Mapping[str, int]) -> bool:
    """Whether an appointment that could have stayed did not."""
    return any(found.slot_of.get(key) != slot for key, slot in stands.items())


def _moves(programme: Programme, before: Mapping[str, Seat], agenda: Agenda) -> Iterable[Move]:
    now = {seat.pairing: seat for seat in agenda.seats}
    for key in sorted(before):
        seat, after = before[key], now.get(key)
        if after == seat:
            continue
        cause = _cause(programme, seat)
        others = _taken_by(programme, seat, now) if cause is Cause.MADE_ROOM else ()
        yield Move(key, seat, after, cause, others)


def _cause(programme: Programme, seat: Seat) -> Cause:
    pairing = programme.by_key.get(seat.pairing)
    if pairing is None:
        return Cause.WITHDRAWN
    if any(seat.slot in programme.away.get(who, frozenset()) for who in pairing.attendees):
        return Cause.AWAY
    pin = programme.pins.get(pairing.key)
    if pin is not None and (pin.slot != seat.slot or pin.table not in (None, seat.table)):
        return Cause.PINNED
    inside = seat.slot < programme.slots and seat.table < programme.tables
    if not inside or (seat.table, seat.slot) in programme.shut:
        return Cause.SHUT
    if pairing.language and not programme.interpreters.get(pairing.language, 0):
        return Cause.INTERPRETER
    return Cause.MADE_ROOM


def _taken_by(programme: Programme, left: Seat, now: Mapping[str, Seat]) -> tuple[str, ...]:
    """Appointments that now stand in the way of the old place: the same table, or the same attendees."""
    pairing = programme.by_key[left.pairing]
    return tuple(
        key
        for key, seat in sorted(now.items())
        if key != left.pairing
        and seat.slot == left.slot
        and (seat.table == left.table or programme.by_key[key].attendees & pairing.attendees)
    )
