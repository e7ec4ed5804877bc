"""Which pins hold, and why others can't."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matching.engine.agenda.model import Cause, Pairing, Pin, Programme, Refusal, Seat
from matching.engine.agenda.timetable import Timetable

Place = Pin | Seat
"""A slot, and a table unless any will do."""


@dataclass(frozen=True, slots=True)
class Held:
    """Slots of the pins that hold, and the slots in which each pairing may be beside them: none for a pin
    that is refused."""

    slot_of: Mapping[str, int]
    slots: Mapping[str, tuple[int, ...]]
    refused: tuple[Refusal, ...] = ()


def hold_pins(programme: Programme) -> Held:
    """Every pin that breaks no rule beside those before it, by their keys, holds whatever it costs."""
    slots = {pairing.key: programme.allowed(pairing) for pairing in programme.ordered}
    timetable = Timetable(programme, slots)
    refused = []
    for key in sorted(programme.pins):
        pin = programme.pins[key]
        if not timetable.put(programme.by_key[key], pin.slot):
            held = {other: programme.pins[other] for other in timetable.slot_of}
            refused.append(_refusal(programme, key, held))
            slots[key] = ()
    return Held(dict(timetable.slot_of), slots, tuple(refused))


def _refusal(programme: Programme, key: str, held: Mapping[str, Pin]) -> Refusal:
    pairing, pin = programme.by_key[key], programme.pins[key]
    cause = forbidden(programme, pairing, pin)
    if cause is not None:
        return Refusal(key, cause)
    return Refusal(key, Cause.MADE_ROOM, in_the_way(programme, pairing, pin, held))


def forbidden(programme: Programme, pairing: Pairing, place: Place) -> Cause | None:
    """Which rule keeps a pairing from a place, whoever else is where; None where none does."""
    if any(place.slot in programme.away.get(who, frozenset()) for who in pairing.attendees):
        return Cause.AWAY
    if not _is_open(programme, place):
        return Cause.SHUT
    if pairing.language and not programme.interpreters.get(pairing.language, 0):
        return Cause.INTERPRETER
    return None


def _is_open(programme: Programme, place: Place) -> bool:
    if place.slot >= programme.slots or (place.table is not None and place.table >= programme.tables):
        return False
    return programme.room[place.slot] > 0 and (place.table, place.slot) not in programme.shut


def in_the_way(
    programme: Programme, pairing: Pairing, place: Place, others: Mapping[str, Place]
) -> tuple[str, ...]:
    """Keys of those whose places keep a pairing from its own: they have its table or its interpreters,
    somebody of it attends them or is too near to them in time, or its presentation is elsewhere with them."""
    known = programme.by_key
    with_it = {key for key in others if known[key].together == pairing.together and key != pairing.key}
    found = {key for key in with_it if _is_elsewhere(others[key], place)}
    apart = {key: other for key, other in others.items() if key != pairing.key and key not in with_it}
    beside = [key for key, other in apart.items() if other.slot == place.slot]
    spoken = [key for key in beside if known[key].language == pairing.language != ""]
    found.update(
        key
        for key, other in apart.items()
        if pairing.attendees & known[key].attendees
        and abs(other.slot - place.slot) < programme.distance(pairing, known[key])
    )
    if len({known[key].together for key in beside}) >= programme.room[place.slot]:
        found.update(beside)
    heard = any(known[key].language == pairing.language for key in with_it - found)
    speaking = {known[key].together for key in spoken}
    if spoken and not heard and len(speaking) >= programme.interpreters.get(pairing.language, 0):
        found.update(spoken)
    if place.table is not None:
        found.update(key for key in beside if others[key].table == place.table)
    return tuple(sorted(found))


def _is_elsewhere(one: Place, other: Place) -> bool:
    tables = {one.table, other.table} - {None}
    return one.slot != other.slot or len(tables) > 1
