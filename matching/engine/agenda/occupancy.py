"""Who is where, as arrays, for searches that weigh many places at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from matching.engine.agenda.model import Pairing, Programme
from matching.engine.agenda.pinning import Held

Numbers = NDArray[np.int64]
NEVER = 10**6
"""A cost that nothing outweighs: who is pinned makes room for nobody."""


class Occupancy:
    """Pairings by number, and what a place would cost others; ``waiting`` are numbers without a place."""

    def __init__(self, programme: Programme, pins: Held, start: Mapping[str, int]) -> None:
        self._pairings = [pairing for pairing in programme.ordered if pins.slots[pairing.key]]
        self._number_places(programme)
        self._number_attendees()
        self._number_languages(programme)
        self.open = np.zeros((len(self._pairings), programme.slots), dtype=bool)
        for at, pairing in enumerate(self._pairings):
            self.open[at, list(pins.slots[pairing.key])] = True
        self.slot = np.full(len(self._pairings), -1, dtype=np.int64)
        self._pinned = {at for at, pairing in enumerate(self._pairings) if pairing.key in pins.slot_of}
        for at in self._pinned:
            self._hold(at, pins.slot_of[self._pairings[at].key])
        for at, pairing in enumerate(self._pairings):
            if at not in self._pinned and pairing.key in start:
                self._set(at, start[pairing.key], 1)
        self.open &= (self._room > 0) & (self._speakers[self._language] > 0)
        placed = self.slot >= 0
        self.waiting = [at for at in range(len(self._pairings)) if not placed[at] and self.open[at].any()]
        self._place_of = {at: place for place, at in enumerate(self.waiting)}

    def _number_places(self, programme: Programme) -> None:
        cities = sorted({pairing.city for pairing in self._pairings})
        if not any(programme.travel.values()):
            cities = [""]
        number = {city: at for at, city in enumerate(cities)}
        self._city = np.array([number.get(pairing.city, 0) for pairing in self._pairings], dtype=np.int64)
        samples = [Pairing("", "", "", city=city) for city in cities]
        self._distance = [[programme.distance(one, other) for other in samples] for one in samples]
        self._room = np.array(programme.room, dtype=np.int64)
        self._members: list[set[int]] = [set() for _slot in range(programme.slots)]

    def _number_attendees(self) -> None:
        self._who: dict[str, int] = {}
        number = [
            [self._who.setdefault(who, len(self._who)) for who in sorted(pairing.attendees)]
            for pairing in self._pairings
        ]
        nobody, most = len(self._who), max(map(len, number), default=1)
        self._attendees = np.array([each + [nobody] * (most - len(each)) for each in number], dtype=np.int64)
        self._own = number
        self._diary: list[dict[int, int]] = [{} for _who in range(nobody)]
        # How many appointments of an attendee stand against one more in a city and slot.
        self._near = np.zeros((nobody + 1, len(self._distance), len(self._members)), dtype=np.int32)
        firms = [(self._who[each.demand_party], self._who[each.supply_party]) for each in self._pairings]
        self._firms = np.array(firms, dtype=np.int64).reshape(-1, 2)
        self._meets = np.zeros(nobody, dtype=np.int64)
        self._met = self._value = self._placed = 0

    def _number_languages(self, programme: Programme) -> None:
        spoken = ["", *sorted({each.language for each in self._pairings if each.language})]
        self._language = np.array([spoken.index(each.language) for each in self._pairings], dtype=np.int64)
        most = [len(self._pairings) + 1, *(programme.interpreters.get(each, 0) for each in spoken[1:])]
        self._speakers = np.repeat(np.array(most, dtype=np.int64)[:, None], programme.slots, axis=1)

    @property
    def worth(self) -> tuple[int, int, int]:
        """As ``Worth.parts``."""
        return self._placed, self._met, self._value

    @property
    def slot_of(self) -> dict[str, int]:
        """All that is placed."""
        return {self._pairings[at].key: int(self.slot[at]) for at in np.flatnonzero(self.slot >= 0)}

    def costs(self, numbers: Numbers) -> NDArray[np.int32]:
        """How many others lose their place, at least, by number and slot."""
        city = self._city[numbers]
        costs = self._near[self._attendees[numbers, 0], city]
        for column in range(1, self._attendees.shape[1]):
            costs += self._near[self._attendees[numbers, column], city]
        full = (self._room <= 0) | (self._speakers[self._language[numbers]] <= 0)
        found: NDArray[np.int32] = np.maximum(costs, full)
        return found

    def meets_nobody(self, numbers: Numbers) -> NDArray[np.bool_]:
        """Whether one of its firms does, by number."""
        found: NDArray[np.bool_] = (self._meets[self._firms[numbers]] == 0).any(axis=1)
        return found

    def in_the_way(self, at: int, slot: int, random: np.random.Generator) -> set[int]:
        """Who has to leave so that this one can come."""
        distance = self._distance[self._city[at]]
        found = {
            other
            for who in self._own[at]
            for there, other in self._diary[who].items()
            if abs(there - slot) < distance[self._city[other]]
        }
        beside = self._members[slot] - found
        if self._room[slot] <= 0 and len(beside) == len(self._members[slot]):
            gone = _any(beside, random)
            found.add(gone)
            beside.discard(gone)
        language = self._language[at]
        speaking = {other for other in self._members[slot] if self._language[other] == language}
        if self._speakers[language, slot] <= 0 and not speaking & found:
            found.add(_any(speaking, random))
        return found

    def put(self, at: int, slot: int) -> None:
        """Place one that waits; everybody in its way has left."""
        self._set(at, slot, 1)
        place, last = self._place_of.pop(at), self.waiting.pop()
        if last != at:
            self.waiting[place] = last
            self._place_of[last] = place

    def take(self, at: int) -> None:
        """It waits again."""
        self._set(at, int(self.slot[at]), -1)
        self._place_of[at] = len(self.waiting)
        self.waiting.append(at)

    def _hold(self, at: int, slot: int) -> None:
        """For good."""
        self._set(at, slot, 1)
        self._members[slot].discard(at)
        self._mark(at, slot, NEVER)

    def _set(self, at: int, slot: int, sign: int) -> None:
        self.slot[at] = slot if sign > 0 else -1
        self._room[slot] -= sign
        self._speakers[self._language[at], slot] -= sign
        for who in self._own[at]:
            if sign > 0:
                self._diary[who][slot] = at
            else:
                del self._diary[who][slot]
        if sign > 0:
            self._members[slot].add(at)
        else:
            self._members[slot].remove(at)
        self._mark(at, slot, sign)
        self._count(at, sign)

    def _mark(self, at: int, slot: int, sign: int) -> None:
        for city, distance in enumerate(self._distance[self._city[at]]):
            around = slice(max(0, slot - distance + 1), slot + distance)
            for who in self._own[at]:
                self._near[who, city, around] += sign

    def _count(self, at: int, sign: int) -> None:
        self._placed += sign
        self._value += sign * self._pairings[at].value
        for firm in {*self._firms[at].tolist()}:
            self._meets[firm] += sign
            self._met += sign * int(self._meets[firm] == (1 if sign > 0 else 0))


def _any(numbers: Iterable[int], random: np.random.Generator) -> int:
    found = sorted(numbers)
    return found[int(random.integers(len(found)))]
