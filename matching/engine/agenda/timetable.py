"""Slots being filled by hand: greedily, then by exchanging two slots along a chain of appointments."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from matching.engine.agenda.model import Pairing, Programme, Worth, worth_of


class Timetable:
    """Which pairing each attendee has in each slot; never against a rule of the programme."""

    def __init__(self, programme: Programme, slots: Mapping[str, tuple[int, ...]]) -> None:
        self._programme = programme
        self._allowed = slots
        self._load = [0] * programme.slots
        self._busy: dict[str, dict[int, Pairing]] = defaultdict(dict)
        self._spoken: Counter[tuple[str, int]] = Counter()
        self._together: dict[str, set[str]] = defaultdict(set)
        self._speaking: Counter[tuple[str, str]] = Counter()
        self._undo: list[tuple[Pairing, int | None]] = []
        self.slot_of: dict[str, int] = {}

    @property
    def worth(self) -> Worth:
        """Of all that is placed."""
        return worth_of(self._programme.by_key[key] for key in self.slot_of)

    def put(self, pairing: Pairing, slot: int) -> bool:
        """Place a pairing in a slot; False where a rule forbids it."""
        full = not self._together[pairing.together] and self._load[slot] >= self._programme.room[slot]
        if full or not self._fits(pairing, slot):
            return False
        self._set(pairing, slot)
        return True

    def place_all(self, pairings: Iterable[Pairing]) -> None:
        """Place what can be placed, first without and then with exchanges."""
        left = [
            pairing for pairing in pairings if pairing.key not in self.slot_of and not self._place(pairing)
        ]
        for pairing in left:
            self._exchange(pairing)

    def _place(self, pairing: Pairing) -> bool:
        """In the emptiest of the slots that fit, so that no slot runs out of tables early."""
        slots = sorted(
            self._allowed[pairing.key], key=lambda slot: self._load[slot] - self._programme.room[slot]
        )
        return any(self.put(pairing, slot) for slot in slots)

    def _fits(self, pairing: Pairing, slot: int) -> bool:
        if slot not in self._allowed[pairing.key]:
            return False
        if any(self.slot_of[key] != slot for key in self._together[pairing.together]):
            return False
        if pairing.language and not self._speaking[pairing.together, pairing.language]:
            most = self._programme.interpreters.get(pairing.language, 0)
            if self._spoken[pairing.language, slot] >= most:
                return False
        return all(
            abs(slot - other) >= self._programme.distance(pairing, held)
            for who in pairing.attendees
            for other, held in self._busy[who].items()
            if held.together != pairing.together
        )

    def _set(self, pairing: Pairing, slot: int | None) -> None:
        before = self.slot_of.pop(pairing.key, None)
        self._undo.append((pairing, before))
        if before is not None:
            self._count(pairing, before, -1)
            for who in pairing.attendees:
                if self._busy[who].get(before) is pairing:
                    del self._busy[who][before]
        if slot is not None:
            self._count(pairing, slot, 1)
            self.slot_of[pairing.key] = slot
            for who in pairing.attendees:
                self._busy[who][slot] = pairing

    def _count(self, pairing: Pairing, slot: int, sign: int) -> None:
        """A presentation takes one table, and one interpreter a language, whoever hears it."""
        speaking = pairing.together, pairing.language
        held = self._together[pairing.together]
        first_or_last = 1 if sign > 0 else 0
        (held.add if sign > 0 else held.remove)(pairing.key)
        self._load[slot] += sign * (len(held) == first_or_last)
        self._speaking[speaking] += sign
        self._spoken[pairing.language, slot] += sign * (self._speaking[speaking] == first_or_last)

    def _back_to(self, mark: int) -> None:
        steps, self._undo = self._undo[mark:], self._undo[:mark]
        for pairing, _before in steps:
            self._set(pairing, None)
        first: dict[str, tuple[Pairing, int | None]] = {}
        for pairing, before in steps:
            first.setdefault(pairing.key, (pairing, before))
        for pairing, before in first.values():
            if before is not None:
                self._set(pairing, before)
        del self._undo[mark:]

    def _exchange(self, pairing: Pairing) -> None:
        """Free a slot for everybody, fill it beyond its tables if need be, then level the load.

        Only where appointments may follow each other in any order: a chain is then turned as a whole.
        """
        if not self._programme.is_free_of_order or len(self.slot_of) >= sum(self._programme.room):
            return
        mark = len(self._undo)
        for slot in self._allowed[pairing.key]:
            if self._clear(pairing, slot):
                self._set(pairing, slot)
                if self._level():
                    return
                self._back_to(mark)

    def _clear(self, pairing: Pairing, slot: int) -> bool:
        """Turn chains until nobody of a pairing is busy in a slot."""
        busy = [held for who in sorted(pairing.attendees) if (held := self._busy[who].get(slot))]
        if not busy:
            return True
        for other in (other for other in range(self._programme.slots) if other != slot):
            chain = self._chain(busy, slot, other)
            clash = any(
                self.slot_of[held.key] == other and held.attendees & pairing.attendees for held in chain
            )
            if not clash and self._may_turn(chain, slot, other):
                self._turn(chain, slot, other)
                return True
        return False

    def _level(self) -> bool:
        """Turn chains until no slot holds more than its tables."""
        room = self._programme.room
        while over := [slot for slot, load in enumerate(self._load) if load > room[slot]]:
            full = over[0]
            roomy = sorted(
                (slot for slot in range(len(room)) if self._load[slot] < room[slot]),
                key=lambda slot: self._load[slot] - room[slot],
            )
            if not any(self._relieve(full, slot) for slot in roomy):
                return False
        return True

    def _relieve(self, full: int, roomy: int) -> bool:
        """Turn one chain that holds one more in the full slot than in the other."""
        held = {pairing.key: pairing for busy in self._busy.values() if (pairing := busy.get(full))}
        seen: set[str] = set()
        for key in sorted(held):
            if key in seen:
                continue
            chain = self._chain([held[key]], full, roomy)
            seen.update(each.key for each in chain)
            more = sum(1 if self.slot_of[each.key] == full else -1 for each in chain)
            if more == 1 and self._may_turn(chain, full, roomy):
                self._turn(chain, full, roomy)
                return True
        return False

    def _chain(self, start: Sequence[Pairing], one: int, other: int) -> list[Pairing]:
        """Appointments reached by stepping from attendee to attendee within two slots (Kempe chain)."""
        found = {pairing.key: pairing for pairing in start}
        queue = list(found.values())
        while queue:
            for who in queue.pop().attendees:
                for slot in (one, other):
                    following = self._busy[who].get(slot)
                    if following is not None and following.key not in found:
                        found[following.key] = following
                        queue.append(following)
        return list(found.values())

    def _may_turn(self, chain: Iterable[Pairing], one: int, other: int) -> bool:
        return all(
            (other if self.slot_of[pairing.key] == one else one) in self._allowed[pairing.key]
            for pairing in chain
        )

    def _turn(self, chain: Sequence[Pairing], one: int, other: int) -> None:
        moves = [(pairing, other if self.slot_of[pairing.key] == one else one) for pairing in chain]
        for pairing, _slot in moves:
            self._set(pairing, None)
        for pairing, slot in moves:
            self._set(pairing, slot)
