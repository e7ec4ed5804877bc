"""Tables for appointments whose slots are known: the buyer stays where it sits."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from matching.engine.agenda.model import Pairing, Programme, Seat, presentations


def seats(
    programme: Programme, slot_of: Mapping[str, int], before: Mapping[str, Seat] | None = None
) -> tuple[Seat, ...]:
    """A table for each appointment; ``before`` are seats that are kept where the slot is the same.

    A pin's table comes first, then the table that was held before, then the buyer's own. Buyers with the
    most appointments choose their own table first. A presentation has one table.
    """
    known = {key: seat for key, seat in (before or {}).items() if seat.slot == slot_of.get(key)}
    held = presentations(pairing for pairing in programme.ordered if pairing.key in slot_of)
    placed = [_speaker(programme, each, known) for each in held.values()]
    table_of = _tables(programme, slot_of, placed, known)
    found = (
        Seat(pairing.key, table_of[speaker.key], slot_of[pairing.key])
        for speaker in placed
        for pairing in held[speaker.together]
    )
    return tuple(sorted(found, key=lambda seat: (seat.slot, seat.table, seat.pairing)))


def _speaker(programme: Programme, together: list[Pairing], known: Mapping[str, Seat]) -> Pairing:
    """The one whose table the others share: who is pinned to one, then who had a place before."""
    pinned = {key for key, pin in programme.pins.items() if pin.table is not None}
    return min(together, key=lambda pairing: (pairing.key not in pinned, pairing.key not in known))


def _tables(
    programme: Programme, slot_of: Mapping[str, int], placed: list[Pairing], known: Mapping[str, Seat]
) -> dict[str, int]:
    """One for each of those placed."""
    free = {
        slot: {table for table in range(programme.tables) if (table, slot) not in programme.shut}
        for slot in range(programme.slots)
    }
    table_of: dict[str, int] = {}

    def sit(key: str, table: int | None) -> None:
        slot = slot_of[key]
        if key not in table_of and table is not None and table in free[slot]:
            free[slot].remove(table)
            table_of[key] = table

    for pairing in placed:
        pin = programme.pins.get(pairing.key)
        sit(pairing.key, pin.table if pin else None)
    for pairing in placed:
        seat = known.get(pairing.key)
        sit(pairing.key, seat.table if seat else None)
    own = _own_tables(placed, table_of, free, slot_of)
    for pairing in placed:
        sit(pairing.key, own.get(pairing.demand_party))
    for pairing in placed:
        sit(pairing.key, min(free[slot_of[pairing.key]], default=None))
    return table_of


def _own_tables(
    placed: list[Pairing],
    table_of: Mapping[str, int],
    free: Mapping[int, set[int]],
    slot_of: Mapping[str, int],
) -> dict[str, int]:
    """One table a buyer, free in as many of its remaining slots as can be."""
    waiting: dict[str, list[int]] = defaultdict(list)
    usual: dict[str, Counter[int]] = defaultdict(Counter)
    for pairing in placed:
        if pairing.key in table_of:
            usual[pairing.demand_party][table_of[pairing.key]] += 1
        else:
            waiting[pairing.demand_party].append(slot_of[pairing.key])
    left = {slot: set(tables) for slot, tables in free.items()}
    own: dict[str, int] = {}
    for buyer in sorted(waiting, key=lambda buyer: (-len(waiting[buyer]), buyer)):
        slots = waiting[buyer]
        tables = sorted(set().union(*(left[slot] for slot in slots)))
        if not tables:
            continue
        own[buyer] = max(
            tables,
            key=lambda table: (usual[buyer][table], sum(table in left[slot] for slot in slots), -table),
        )
        for slot in slots:
            left[slot].discard(own[buyer])
    return own
