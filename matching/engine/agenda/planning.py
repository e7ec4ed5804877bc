"""Who meets whom, when and at which table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from matching.engine.agenda.choosing import best_choice
from matching.engine.agenda.exact import Solution, solve
from matching.engine.agenda.exchanging import exchanged
from matching.engine.agenda.model import (
    Agenda,
    Pairing,
    Programme,
    Seat,
    Worth,
    firms_of,
    presentations,
    worth_of,
)
from matching.engine.agenda.pinning import Held, hold_pins
from matching.engine.agenda.seating import seats
from matching.engine.agenda.showing import best_showing
from matching.engine.agenda.timetable import Timetable
from matching.engine.agenda.turns import at_turns

SECONDS = 10.0
"""Time for the search beyond what is placed by hand."""
MOST_COLUMNS = 20_000
"""Pairings times slots up to which integer programming settles rests, ways and interpreters in time."""


def plan(programme: Programme, *, seconds: float = SECONDS) -> Agenda:
    """The best agenda that is found; the same for any order of the pairings while time does not end.

    Pins that break no rule hold whatever it costs, the others are named with the rule. Then the most
    meetings, then the most firms that meet somebody, then the highest value. ``Agenda.gap`` is 0 where that
    is proven. Never fewer meetings than by taking the most valuable pair first.
    """
    pins = hold_pins(programme)
    chosen, bound, shown = choice(programme, pins)
    timetable = _best_by_hand(programme, pins, chosen, bound, shown)
    found = Solution(timetable.slot_of, bound)
    if timetable.worth < bound:
        found = _searched(programme, pins, chosen, found, seconds)
    return agenda_of(programme, found.slot_of, found.bound, pins)


def choice(programme: Programme, pins: Held) -> tuple[list[Pairing], Worth, Mapping[str, int]]:
    """What is best held, a worth that no plan exceeds, and slots where they are part of the choice."""
    if not programme.has_presentations:
        return (*best_choice(programme, pins), {})
    slot_of, bound = best_showing(programme, pins)
    return [programme.by_key[key] for key in slot_of], bound, slot_of


def _best_by_hand(
    programme: Programme, pins: Held, chosen: list[Pairing], bound: Worth, shown: Mapping[str, int]
) -> Timetable:
    """The first way that reaches the bound, else the best of all."""
    best = by_hand(programme, pins, chosen, shown)
    for way in (_in_turns, _greedy):
        if best.worth == bound:
            break
        best = max(best, way(programme, pins, chosen), key=lambda timetable: timetable.worth.parts)
    return best


def _in_turns(programme: Programme, pins: Held, chosen: Iterable[Pairing]) -> Timetable:
    """Each buyer at its own turns first, then whatever still fits in between."""
    turns = replace(pins, slots=at_turns(programme, pins, chosen))
    return by_hand(programme, pins, chosen, by_hand(programme, turns, chosen).slot_of)


def _greedy(programme: Programme, pins: Held, _chosen: Iterable[Pairing]) -> Timetable:
    """The most valuable pair first, in the first slot that suits it."""
    timetable = _pinned(programme, pins)
    for pairing in most_valuable_first(programme):
        if pairing.key not in timetable.slot_of:
            any(timetable.put(pairing, slot) for slot in pins.slots[pairing.key])
    return timetable


def _searched(
    programme: Programme, pins: Held, chosen: list[Pairing], known: Solution, seconds: float
) -> Solution:
    """By integer programming what that can settle, by exchanges what it can't."""
    is_large = sum(map(len, pins.slots.values())) > MOST_COLUMNS
    if is_large and not programme.is_free_of_order and not programme.has_presentations:
        slot_of = exchanged(programme, pins, chosen, known.slot_of, bound=known.bound, seconds=seconds)
        return Solution(slot_of, known.bound)
    worth = worth_of(programme.by_key[key] for key in known.slot_of)
    better = solve(programme, pins, bound=known.bound, known=worth, before={}, seconds=seconds)
    return better_of(programme, known, better)


def by_hand(
    programme: Programme,
    pins: Held,
    chosen: Iterable[Pairing],
    standing: Mapping[str, int] | None = None,
) -> Timetable:
    """Pins first, then what stands, then the best choice, then whatever still fits."""
    timetable = _pinned(programme, pins)
    for key, slot in sorted((standing or {}).items()):
        if key not in timetable.slot_of:
            timetable.put(programme.by_key[key], slot)
    picked = list(chosen)
    meetings = _meetings(picked)

    def busiest_first(pairing: Pairing) -> tuple[int, int, int, str]:
        one, other = meetings.get(pairing.demand_party, 0), meetings.get(pairing.supply_party, 0)
        return len(pins.slots[pairing.key]), -max(one, other), -one - other, pairing.key

    timetable.place_all(sorted(picked, key=busiest_first))
    timetable.place_all(most_valuable_first(programme))
    return timetable


def _pinned(programme: Programme, pins: Held) -> Timetable:
    timetable = Timetable(programme, pins.slots)
    for key, slot in pins.slot_of.items():
        timetable.put(programme.by_key[key], slot)
    return timetable


def most_valuable_first(programme: Programme) -> list[Pairing]:
    """Equals by their keys."""
    return sorted(programme.ordered, key=lambda pairing: (-pairing.value, pairing.key))


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
    pins: Held,
    before: Mapping[str, Seat] | None = None,
) -> Agenda:
    """Tables for a timetable."""
    unplaced = tuple(pairing.key for pairing in programme.ordered if pairing.key not in slot_of)
    worth = worth_of(programme.by_key[key] for key in slot_of)
    return Agenda(seats(programme, slot_of, before), unplaced, worth, max(bound, worth), pins.refused)


def slots_needed(pairings: Iterable[Pairing], tables: int) -> int:
    """The least number of slots in which every pairing finds a place; needs at least one table."""
    held = tuple(pairings)
    if not held:
        return 0
    if tables < 1:
        raise ValueError("a meeting needs at least one table")
    shown = presentations(held).values()
    times = Counter(firm for together in shown for firm in firms_of(together))
    slots = max(*times.values(), -(-len(shown) // tables))
    while plan(Programme(held, tables, slots)).unplaced:
        slots += 1
    return slots
