"""Who meets whom, when and at which table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from matching.engine.agenda.choosing import best_choice
from matching.engine.agenda.exact import Solution, solve
from matching.engine.agenda.model import Agenda, Pairing, Programme, Seat, Worth, worth_of
from matching.engine.agenda.seating import seats
from matching.engine.agenda.timetable import Timetable

SECONDS = 10.0
"""Time for the search beyond what is placed by hand."""


def plan(programme: Programme, *, seconds: float = SECONDS) -> Agenda:
    """The best agenda that is found; the same for any order of the pairings while time does not end.

    The most meetings, then the most firms that meet somebody, then the highest value. ``Agenda.gap`` is 0
    where that is proven. Pinned pairings are placed first.
    """
    slots = {pairing.key: programme.allowed(pairing) for pairing in programme.ordered}
    chosen, bound = best_choice(programme)
    timetable = by_hand(programme, slots, chosen)
    found = Solution(timetable.slot_of, bound)
    if timetable.worth < bound:
        better = solve(programme, slots, bound=bound, known=timetable.worth, before={}, seconds=seconds)
        found = better_of(programme, found, better)
    return agenda_of(programme, found.slot_of, found.bound)


def by_hand(
    programme: Programme,
    slots: Mapping[str, tuple[int, ...]],
    chosen: Iterable[Pairing],
    standing: Mapping[str, int] | None = None,
) -> Timetable:
    """Pins first, then what stands, then the best choice, then whatever still fits."""
    timetable = Timetable(programme, slots)
    for key in sorted(programme.pins):
        timetable.put(programme.by_key[key], programme.pins[key].slot)
    for key, slot in sorted((standing or {}).items()):
        if key not in timetable.slot_of:
            timetable.put(programme.by_key[key], slot)
    picked = list(chosen)
    meetings = _meetings(picked)

    def busiest_first(pairing: Pairing) -> tuple[int, int, int, str]:
        one, other = meetings.get(pairing.demand_party, 0), meetings.get(pairing.supply_party, 0)
        return len(slots[pairing.key]), -max(one, other), -one - other, pairing.key

    timetable.place_all(sorted(picked, key=busiest_first))
    timetable.place_all(sorted(programme.ordered, key=lambda pairing: (-pairing.value, pairing.key)))
    return timetable


def _meetings(pairings: Iterable[Pairing]) -> dict[str, int]:
    found: dict[str, int] = {}
    for pairing in pairings:
        for firm in {pairing.demand_party, pairing.supply_party}:
            found[firm] = found.get(firm, 0) + 1
    return found


def better_of(
    programme: Programme, known: Solution, other: Solution | None, standing: Mapping[str, int] | None = None
) -> Solution:
    """The plan that is worth more, then the one that leaves more where it stands; the tighter bound."""
    if other is None:
        return known

    def rank(found: Solution) -> tuple[tuple[int, int, int], int, bool]:
        worth = worth_of(programme.by_key[key] for key in found.slot_of)
        kept = sum(found.slot_of.get(key) == slot for key, slot in (standing or {}).items())
        return worth.parts, kept, found.nearest

    chosen = max(known, other, key=rank)
    return Solution(chosen.slot_of, min(known.bound, other.bound), chosen.nearest)


def agenda_of(
    programme: Programme,
    slot_of: Mapping[str, int],
    bound: Worth,
    before: Mapping[str, Seat] | None = None,
) -> Agenda:
    """Tables for a timetable."""
    unplaced = tuple(pairing.key for pairing in programme.ordered if pairing.key not in slot_of)
    worth = worth_of(programme.by_key[key] for key in slot_of)
    return Agenda(seats(programme, slot_of, before), unplaced, worth, max(bound, worth))


def slots_needed(pairings: Iterable[Pairing], tables: int) -> int:
    """The least number of slots in which every pairing finds a place; needs at least one table."""
    held = tuple(pairings)
    if not held:
        return 0
    if tables < 1:
        raise ValueError("a meeting needs at least one table")
    slots = max(*_meetings(held).values(), -(-len(held) // tables))
    while plan(Programme(held, tables, slots)).unplaced:
        slots += 1
    return slots
