"""What is left to place beside appointments that stay where they are, whatever else moves."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from matching.engine.agenda.model import Pairing, Programme, Seat
from matching.engine.agenda.pinning import forbidden, in_the_way

Diary = Mapping[str, list[tuple[int, Pairing]]]


def around(programme: Programme, fixed: Iterable[Seat]) -> Programme:
    """The programme of all other pairings, once these seats are taken.

    Their tables are shut, and no other pairing may be where somebody of it attends them, rests from them or
    is on the way, nor anywhere if its presentation is among them (see ``joining``). Nothing is asked of the
    fixed themselves: they stay even against a rule. Where they leave fewer interpreters than others might
    need at once, nobody of that language is placed beside them.
    """
    held = [(programme.by_key[seat.pairing], seat) for seat in fixed]
    gone = {seat.pairing for _pairing, seat in held}
    left = [pairing for pairing in programme.ordered if pairing.key not in gone]
    diary: dict[str, list[tuple[int, Pairing]]] = defaultdict(list)
    for pairing, seat in held:
        for who in pairing.attendees:
            diary[who].append((seat.slot, pairing))
    silent = _without_interpreter(programme, held, left)
    settled = {pairing.together for pairing, _seat in held}
    own = {
        _alone(pairing): frozenset(range(programme.slots))
        if pairing.together in settled
        else _blocked(programme, diary, pairing) | silent.get(pairing.language, frozenset())
        for pairing in left
    }
    return replace(
        programme,
        pairings=tuple(replace(pairing, people=(*pairing.people, _alone(pairing))) for pairing in left),
        away={**programme.away, **{who: slots for who, slots in own.items() if slots}},
        shut=programme.shut | {(seat.table, seat.slot) for _pairing, seat in held},
        pins={key: pin for key, pin in programme.pins.items() if key not in gone},
    )


def joining(
    programme: Programme, fixed: Iterable[Seat], *, closed: Collection[tuple[int, int]] = ()
) -> tuple[Seat, ...]:
    """Seats of other pairings at fixed presentations of theirs, as far as rules and who is fixed allow.

    At none of the places, table and slot, that are ``closed``. The most valuable pairing first.
    """
    taken = {seat.pairing: seat for seat in fixed}
    place_of = {programme.by_key[key].together: (seat.table, seat.slot) for key, seat in taken.items()}
    found = []
    for pairing in sorted(programme.ordered, key=lambda pairing: -pairing.value):
        place = place_of.get(pairing.together)
        if pairing.key in taken or place is None or place in closed:
            continue
        seat = Seat(pairing.key, *place)
        if forbidden(programme, pairing, seat) is None and not in_the_way(programme, pairing, seat, taken):
            taken[pairing.key] = seat
            found.append(seat)
    return tuple(found)


def _alone(pairing: Pairing) -> str:
    """Somebody who attends this pairing only, so that what is said of it is said of no other."""
    return f"pairing {pairing.key}"


def _blocked(programme: Programme, diary: Diary, pairing: Pairing) -> frozenset[int]:
    return frozenset(
        slot
        for who in pairing.attendees
        for at, held in diary.get(who, ())
        for slot in range(programme.slots)
        if abs(slot - at) < programme.distance(pairing, held)
    )


def _without_interpreter(
    programme: Programme, held: list[tuple[Pairing, Seat]], left: list[Pairing]
) -> dict[str, frozenset[int]]:
    """Slots by language."""
    speaking = {(pairing.language, seat.slot, pairing.together) for pairing, seat in held if pairing.language}
    spoken = Counter((language, slot) for language, slot, _together in speaking)
    asked = Counter(pairing.language for pairing in left)
    found: dict[str, set[int]] = defaultdict(set)
    for (language, slot), number in spoken.items():
        if number + asked[language] > programme.interpreters.get(language, 0):
            found[language].add(slot)
    return {language: frozenset(slots) for language, slots in found.items()}
