"""An independent check of agendas: it knows the rules and nothing of how plans are made."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations

from matching.engine.agenda.model import Agenda, Pairing, Programme, Seat

Placed = list[tuple[Pairing, Seat]]


def check_agenda(programme: Programme, agenda: Agenda) -> list[str]:
    """What is wrong with an agenda; empty where nothing is."""
    known = {pairing.key: pairing for pairing in programme.pairings}
    strangers = [seat for seat in agenda.seats if seat.pairing not in known]
    placed = [(known[seat.pairing], seat) for seat in agenda.seats if seat.pairing in known]
    return sorted(
        [
            *(f"{seat.pairing}: no such pairing" for seat in strangers),
            *_places(programme, placed),
            *_presentations(placed),
            *_attendees(programme, placed),
            *_interpreters(programme, placed),
            *_names(programme, agenda),
            *_pins(programme, placed, agenda),
        ]
    )


def _places(programme: Programme, placed: Placed) -> list[str]:
    problems = []
    for pairing, seat in placed:
        if not (0 <= seat.table < programme.tables and 0 <= seat.slot < programme.slots):
            problems.append(f"{pairing.key}: no table {seat.table} in slot {seat.slot}")
        if (seat.table, seat.slot) in programme.shut:
            problems.append(f"{pairing.key}: table {seat.table} is shut in slot {seat.slot}")
        pin = programme.pins.get(pairing.key)
        if pin is not None and (pin.slot != seat.slot or pin.table not in (None, seat.table)):
            problems.append(f"{pairing.key} left the place it is pinned to")
    taken = Counter((table, slot) for table, slot, _what in _held(placed))
    return problems + [f"table {at[0]} is booked twice in slot {at[1]}" for at, n in taken.items() if n > 1]


def _held(placed: Placed) -> set[tuple[int, int, str]]:
    """Table, slot and what is there: a presentation counts once, however many hear it."""
    return {(seat.table, seat.slot, pairing.together) for pairing, seat in placed}


def _presentations(placed: Placed) -> list[str]:
    places = Counter(what for _table, _slot, what in _held(placed))
    return [f"presentation {what} is at {number} places" for what, number in places.items() if number > 1]


def _attendees(programme: Programme, placed: Placed) -> list[str]:
    diary: dict[str, dict[tuple[int, str], Pairing]] = defaultdict(dict)
    problems = []
    for pairing, seat in placed:
        for who in pairing.attendees:
            diary[who][seat.slot, pairing.together] = pairing
            if seat.slot in programme.away.get(who, frozenset()):
                problems.append(f"{who} is away in slot {seat.slot}")
    for who, appointments in diary.items():
        in_order = [(slot, pairing) for (slot, _what), pairing in sorted(appointments.items())]
        for (slot, one), (later, other) in combinations(in_order, 2):
            if slot == later:
                problems.append(f"{who} is booked twice in slot {slot}")
            elif later - slot - 1 < programme.gap:
                problems.append(f"{who} has no rest after slot {slot}")
            elif later - slot - 1 < programme.travel.get(frozenset((one.city, other.city)), 0):
                problems.append(f"{who} can't travel from slot {slot} to slot {later}")
    return problems


def _interpreters(programme: Programme, placed: Placed) -> list[str]:
    spoken = {(pairing.language, seat.slot, pairing.together) for pairing, seat in placed if pairing.language}
    asked = Counter((language, slot) for language, slot, _what in spoken)
    return [
        f"too few interpreters of {language} in slot {slot}"
        for (language, slot), number in asked.items()
        if number > programme.interpreters.get(language, 0)
    ]


def _names(programme: Programme, agenda: Agenda) -> list[str]:
    named = Counter([*(seat.pairing for seat in agenda.seats), *agenda.unplaced])
    missing = {pairing.key for pairing in programme.pairings} - named.keys()
    return [
        *(f"{key} is named {number} times" for key, number in named.items() if number > 1),
        *(f"{key} is missing" for key in missing),
    ]


def _pins(programme: Programme, placed: Placed, agenda: Agenda) -> list[str]:
    """A pin is held, or named as one that can't be; then it can't, beside the pins that are held."""
    seated = {pairing.key for pairing, _seat in placed}
    refused = {refusal.pairing for refusal in agenda.refused}
    lost = programme.pins.keys() - seated
    held = [(pairing, seat) for pairing, seat in placed if pairing.key in programme.pins]
    return [
        *(f"{key} lost the place it is pinned to" for key in lost - refused),
        *(f"nothing keeps {key} from its pin" for key in lost & refused if _may_hold(programme, held, key)),
        *(f"{key} is refused its pin and has it" for key in refused - lost),
    ]


def _may_hold(programme: Programme, held: Placed, key: str) -> bool:
    pin, pairing = programme.pins[key], next(each for each in programme.pairings if each.key == key)
    # Who is pinned to no table of its own would make room for this one at its table.
    others = [(each, seat) for each, seat in held if programme.pins[each.key].table is not None]
    if any(each.together == pairing.together and seat.slot != pin.slot for each, seat in held):
        return False
    tables = range(programme.tables) if pin.table is None else (pin.table,)
    beside = {each.together for each, seat in held if seat.slot == pin.slot}
    crowd = len(beside - {pairing.together})
    room = sum((table, pin.slot) not in programme.shut for table in range(programme.tables))
    together = [*held, (pairing, Seat(key, 0, pin.slot))]
    if crowd >= room or _attendees(programme, together) or _interpreters(programme, together):
        return False
    return any(not _places(programme, [*others, (pairing, Seat(key, table, pin.slot))]) for table in tables)
