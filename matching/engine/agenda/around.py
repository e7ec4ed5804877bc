"""What is left to place beside appointments that stay where they are, whatever else moves."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from matching.engine.agenda.model import Pairing, Programme, Seat

Diary = Mapping[str, list[tuple[int, Pairing]]]


def around(programme: Programme, fixed: Iterable[Seat]) -> Programme:
    """The programme of all other pairings, once these seats are taken.

    Their tables are shut, and no other pairing may be where somebody of it attends them, rests from them or
    is on the way. Nothing is asked of the fixed themselves: they stay even against a rule. Where they leave
    fewer interpreters than others might need at once, nobody of that language is placed beside them.
    """
    held = [(programme.by_key[seat.pairing], seat) for seat in fixed]
    gone = {seat.pairing for _pairing, seat in held}
    left = [pairing for pairing in programme.ordered if pairing.key not in gone]
    diary: dict[str, list[tuple[int, Pairing]]] = defaultdict(list)
    for pairing, seat in held:
        for who in pairing.attendees:
            diary[who].append((seat.slot, pairing))
    silent = _without_interpreter(programme, held, left)
    own = {
        _alone(pairing): _blocked(programme, diary, pairing) | silent.get(pairing.language, frozenset())
        for pairing in left
    }
    return replace(
        programme,
        pairings=tuple(replace(pairing, people=(*pairing.people, _alone(pairing))) for pairing in left),
        away={**programme.away, **{who: slots for who, slots in own.items() if slots}},
        shut=programme.shut | {(seat.table, seat.slot) for _pairing, seat in held},
        pins={key: pin for key, pin in programme.pins.items() if key not in gone},
    )


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
    spoken = Counter((pairing.language, seat.slot) for pairing, seat in held if pairing.language)
    asked = Counter(pairing.language for pairing in left)
    found: dict[str, set[int]] = defaultdict(set)
    for (language, slot), number in spoken.items():
        if number + asked[language] > programme.interpreters.get(language, 0):
            found[language].add(slot)
    return {language: frozenset(slots) for language, slots in found.items()}
