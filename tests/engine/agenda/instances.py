"""Random small meetings, and what is best by trying everything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from hypothesis import strategies as st

from matching.engine.agenda import Agenda, Cause, Pairing, Pin, Programme, Seat, Worth, check_agenda, worth_of

CITIES = ("", "1401", "1402")
SHOWN_IN = {"f": "1401", "g": "1402"}
"""Presentations and their cities."""
FORBIDS = {
    Cause.AWAY: ("is away",),
    Cause.SHUT: ("is shut", "no table"),
    Cause.INTERPRETER: ("too few interpreters",),
    Cause.PINNED: ("left the place it is pinned to",),
}
"""What the checker says of a place that a rule forbids."""


@st.composite
def pairings(draw: st.DrawFn, most: int, parties: int = 6) -> tuple[Pairing, ...]:
    """Pairs of a few firms."""
    firm = st.integers(0, parties)
    return tuple(
        Pairing(f"p{at:02}", f"d{draw(firm)}", f"s{draw(firm)}", draw(st.integers(0, 9)))
        for at in range(draw(st.integers(0, most)))
    )


@st.composite
def programmes(draw: st.DrawFn, most: int = 8, slots: int = 4, parties: int = 3) -> Programme:
    """Small meetings with every rule there is, every third with presentations that several hear."""
    people = st.sampled_from(((), (), ("wang",), ("li",)))
    spoken = st.sampled_from(("", "", "", "de"))
    number = draw(st.integers(1, slots))
    tables = draw(st.integers(1, 3))
    shown = st.sampled_from(draw(st.sampled_from((("",), ("",), ("", "f", "f", "g")))))
    held = tuple(
        Pairing(
            f"p{at}",
            f"d{draw(st.integers(0, parties))}",
            f"s{draw(st.integers(0, parties))}",
            draw(st.integers(0, 9)),
            draw(people),
            draw(spoken),
            draw(st.sampled_from(CITIES)) if not (presentation := draw(shown)) else SHOWN_IN[presentation],
            presentation,
        )
        for at in range(draw(st.integers(0, most)))
    )
    slot = st.integers(0, number - 1)
    who = st.sampled_from(("d0", "d1", "s0", "s1", "wang"))
    pinned = draw(_pins(held, tables, number)) if held else {}
    return Programme(
        held,
        tables,
        number,
        away=draw(st.dictionaries(who, st.frozensets(slot), max_size=3)),
        shut=draw(st.frozensets(st.tuples(st.integers(0, tables - 1), slot), max_size=2)),
        interpreters=draw(st.sampled_from(({}, {"de": 1}))),
        gap=draw(st.sampled_from((0, 0, 0, 1))),
        travel={frozenset(("1401", "1402")): far} if (far := draw(st.integers(0, 2))) else {},
        pins=pinned,
    )


def _pins(held: tuple[Pairing, ...], tables: int, slots: int) -> st.SearchStrategy[dict[str, Pin]]:
    """None mostly, else up to three that may contradict each other; no two share a place, and a presentation
    has one."""
    table = st.none() | st.integers(0, tables - 1)
    pin = st.builds(Pin, st.integers(0, slots - 1), table)
    some = st.dictionaries(st.sampled_from([pairing.key for pairing in held]), pin, max_size=3)
    together = {pairing.key: pairing.together for pairing in held}

    def are_apart(pins: dict[str, Pin]) -> bool:
        held = {(together[key], pin) for key, pin in pins.items() if pin.table is not None}
        return len({what for what, _pin in held}) == len({pin for _what, pin in held}) == len(held)

    return st.just({}) | some.filter(are_apart)


def seated(programme: Programme, slot_of: Mapping[str, int]) -> tuple[Seat, ...] | None:
    """Any tables for these slots, pinned ones first; None where a slot has too few."""
    free = {
        slot: [table for table in range(programme.tables) if (table, slot) not in programme.shut]
        for slot in range(programme.slots)
    }
    found = []
    tables = {key: pin.table for key, pin in programme.pins.items() if pin.table is not None}
    shown: dict[tuple[str, int], int] = {}
    for key, slot in sorted(slot_of.items(), key=lambda each: each[0] not in tables):
        place = programme.by_key[key].together, slot
        if place not in shown:
            if tables.get(key, -1) not in (-1, *free[slot]) or not free[slot]:
                return None
            shown[place] = tables.get(key, free[slot][0])
            free[slot].remove(shown[place])
        found.append(Seat(key, shown[place], slot))
    return tuple(found)


def is_valid(programme: Programme, slot_of: Mapping[str, int]) -> bool:
    """By the rules, whatever becomes of pins that are not among these."""
    free = replace(programme, pins={key: pin for key, pin in programme.pins.items() if key in slot_of})
    seats = seated(free, slot_of)
    left = tuple(pairing.key for pairing in programme.pairings if pairing.key not in slot_of)
    return seats is not None and not check_agenda(free, Agenda(seats, left))


def pinned(programme: Programme) -> dict[str, int]:
    """Slots of the pins that hold, by their keys: each that goes with those before."""
    held: dict[str, int] = {}
    for key, pin in sorted(programme.pins.items(), key=lambda each: each[0]):
        if is_valid(programme, {**held, key: pin.slot}):
            held[key] = pin.slot
    return held


def timetables(programme: Programme) -> Iterator[Mapping[str, int]]:
    """Every valid choice of slots in which all pins hold that can, tables left open."""
    free = [pairing.key for pairing in programme.pairings if pairing.key not in programme.pins]

    def further(at: int, slot_of: dict[str, int]) -> Iterator[Mapping[str, int]]:
        if at == len(free):
            yield dict(slot_of)
            return
        yield from further(at + 1, slot_of)
        for slot in range(programme.slots):
            slot_of[free[at]] = slot
            if is_valid(programme, slot_of):
                yield from further(at + 1, slot_of)
            del slot_of[free[at]]

    yield from further(0, pinned(programme))


def worth(programme: Programme, slot_of: Mapping[str, int]) -> Worth:
    """Of a choice of slots."""
    return worth_of(programme.by_key[key] for key in slot_of)


def greedy(programme: Programme) -> int:
    """Meetings of the plain rule: pins, then the most valuable first, in the first slot that suits."""
    held = pinned(programme)
    for pairing in sorted(programme.pairings, key=lambda pairing: (-pairing.value, pairing.key)):
        if pairing.key in programme.pins:
            continue
        for slot in range(programme.slots):
            if is_valid(programme, {**held, pairing.key: slot}):
                held[pairing.key] = slot
                break
    return len(held)


def faults_of(programme: Programme, seats: list[Seat]) -> list[str]:
    """Of these alone, as if nobody else were asked for."""
    keys = {seat.pairing for seat in seats}
    alone = replace(
        programme,
        pairings=tuple(pairing for pairing in programme.pairings if pairing.key in keys),
        pins={key: pin for key, pin in programme.pins.items() if key in keys},
    )
    return check_agenda(alone, Agenda(tuple(seats)))
