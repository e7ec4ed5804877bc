"""Who meets whom, at which table and when: no party and no table twice in one slot.

Several greedy orders are tried; what does not fit is then let in by exchanging two slots along a chain
of appointments. With one side buying and the other selling, that places every pair whenever no party
has more appointments than there are slots and the tables suffice.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from matching.engine.types import Agenda, Pairing, Seat


def plan(pairings: Iterable[Pairing], tables: int, slots: int) -> Agenda:
    """Place as many pairings as can be found, the more valuable first; the same for any input order.

    Raises ValueError for a negative room or for two pairings with one key.
    """
    ordered = _ordered(pairings, tables, slots)
    degree = _degrees(ordered)
    orders: tuple[Callable[[Pairing], tuple[int, ...]], ...] = (
        lambda p: (-p.value,),
        lambda p: (-max(degree[p.demand_party], degree[p.supply_party]), -p.value),
        lambda p: (-degree[p.demand_party] - degree[p.supply_party], -p.value),
        lambda p: (),
    )
    best: _Timetable | None = None
    for order in orders:
        timetable = _Timetable(tables, slots)
        timetable.place_all(sorted(ordered, key=lambda p: (*order(p), p.key)))
        if best is None or timetable.worth > best.worth:
            best = timetable
        if len(best.slot_of) == len(ordered):
            break
    placed = best.slot_of if best else {}
    unplaced = tuple(pairing.key for pairing in ordered if pairing.key not in placed)
    return Agenda(_seats(ordered, placed), unplaced)


def slots_needed(pairings: Iterable[Pairing], tables: int) -> int:
    """The least number of slots in which ``plan`` places every pairing; needs at least one table."""
    ordered = _ordered(pairings, tables, 0)
    if not ordered:
        return 0
    if tables < 1:
        raise ValueError("a meeting needs at least one table")
    slots = max(*_degrees(ordered).values(), -(-len(ordered) // tables))
    while plan(ordered, tables, slots).unplaced:
        slots += 1
    return slots


def check_agenda(pairings: Iterable[Pairing], agenda: Agenda, tables: int, slots: int) -> list[str]:
    """What is wrong with an agenda; empty where nothing is."""
    by_key = {pairing.key: pairing for pairing in pairings}
    problems: list[str] = []
    parties: Counter[tuple[str, int]] = Counter()
    places: Counter[tuple[int, int]] = Counter()
    for seat in agenda.seats:
        pairing = by_key.get(seat.pairing)
        if pairing is None:
            problems.append(f"{seat.pairing}: no such pairing")
            continue
        if not (0 <= seat.table < tables and 0 <= seat.slot < slots):
            problems.append(f"{seat.pairing}: no table {seat.table} in slot {seat.slot}")
        places[seat.table, seat.slot] += 1
        for party in {pairing.demand_party, pairing.supply_party}:
            parties[party, seat.slot] += 1
    problems += [f"{party} is booked twice in slot {slot}" for (party, slot), n in parties.items() if n > 1]
    problems += [f"table {at[0]} is booked twice in slot {at[1]}" for at, n in places.items() if n > 1]
    named = Counter([*(seat.pairing for seat in agenda.seats), *agenda.unplaced])
    problems += [f"{key} is named {n} times" for key, n in named.items() if n > 1]
    problems += [f"{key} is missing" for key in by_key.keys() - named.keys()]
    return sorted(problems)


def _ordered(pairings: Iterable[Pairing], tables: int, slots: int) -> list[Pairing]:
    if tables < 0 or slots < 0:
        raise ValueError("tables and slots cannot be negative")
    ordered = sorted(pairings, key=lambda pairing: pairing.key)
    if len({pairing.key for pairing in ordered}) != len(ordered):
        raise ValueError("two pairings share a key")
    return ordered


def _degrees(pairings: Iterable[Pairing]) -> Counter[str]:
    degree: Counter[str] = Counter()
    for pairing in pairings:
        degree.update({pairing.demand_party, pairing.supply_party})
    return degree


class _Timetable:
    """Slots being filled: which pairing each party has in each slot."""

    def __init__(self, tables: int, slots: int) -> None:
        self._tables = tables
        self._slots = slots
        self._load = [0] * slots
        self._busy: dict[str, dict[int, Pairing]] = defaultdict(dict)
        self._value = 0
        self.slot_of: dict[str, int] = {}

    @property
    def worth(self) -> tuple[int, int]:
        """How many are placed, then what they are worth."""
        return len(self.slot_of), self._value

    def place_all(self, pairings: Sequence[Pairing]) -> None:
        left = [pairing for pairing in pairings if not self._place(pairing)]
        for pairing in left:
            self._place_by_exchange(pairing)

    def _place(self, pairing: Pairing) -> bool:
        for slot in range(self._slots):
            if self._load[slot] < self._tables and self._is_free(pairing, slot):
                self._put(pairing, slot)
                return True
        return False

    def _place_by_exchange(self, pairing: Pairing) -> None:
        """Free a slot for both parties, fill it beyond its tables if need be, then spread the load."""
        if len(self.slot_of) >= self._tables * self._slots:
            return
        slot = self._free_slot(pairing)
        if slot is not None:
            self._put(pairing, slot)
            self._spread()

    def _free_slot(self, pairing: Pairing) -> int | None:
        slots = range(self._slots)
        common = [slot for slot in slots if self._is_free(pairing, slot)]
        if common:
            return min(common, key=lambda slot: (self._load[slot], slot))
        for one in (slot for slot in slots if slot not in self._busy[pairing.demand_party]):
            for other in (slot for slot in slots if slot not in self._busy[pairing.supply_party]):
                chain = self._chain(self._busy[pairing.supply_party][one], one, other)
                # Between buyers and sellers the chain never reaches the buyer; among peers it can.
                if not any(pairing.demand_party in (p.demand_party, p.supply_party) for p in chain):
                    self._turn(chain, one, other)
                    return one
        return None

    def _is_free(self, pairing: Pairing, slot: int) -> bool:
        return slot not in self._busy[pairing.demand_party] and slot not in self._busy[pairing.supply_party]

    def _put(self, pairing: Pairing, slot: int) -> None:
        self._busy[pairing.demand_party][slot] = pairing
        self._busy[pairing.supply_party][slot] = pairing
        self._load[slot] += 1
        self._value += pairing.value
        self.slot_of[pairing.key] = slot

    def _spread(self) -> None:
        """Turn chains until no slot holds more than there are tables.

        A slot that holds at least two more than another always has a chain with one more in it.
        """
        while max(self._load) > self._tables:
            full = self._load.index(max(self._load))
            roomy = self._load.index(min(self._load))
            self._turn(self._longer_in(full, roomy), full, roomy)

    def _longer_in(self, full: int, roomy: int) -> list[Pairing]:
        held = {busy[full].key: busy[full] for busy in self._busy.values() if full in busy}
        chains = (self._chain(held[key], full, roomy) for key in sorted(held))
        return next(chain for chain in chains if 2 * self._count(chain, full) > len(chain))

    def _count(self, chain: Sequence[Pairing], slot: int) -> int:
        return sum(self.slot_of[pairing.key] == slot for pairing in chain)

    def _chain(self, start: Pairing, one: int, other: int) -> list[Pairing]:
        """Appointments reached from one by stepping from party to party within two slots."""
        found = {start.key: start}
        queue = [start]
        while queue:
            current = queue.pop()
            for party in (current.demand_party, current.supply_party):
                for slot in (one, other):
                    following = self._busy[party].get(slot)
                    if following is not None and following.key not in found:
                        found[following.key] = following
                        queue.append(following)
        return list(found.values())

    def _turn(self, chain: Sequence[Pairing], one: int, other: int) -> None:
        """Exchange the two slots along a whole chain; its parties stay free of double booking."""
        moves = [(pairing, other if self.slot_of[pairing.key] == one else one) for pairing in chain]
        for pairing, slot in moves:
            left = other if slot == one else one
            self._busy[pairing.demand_party].pop(left, None)
            self._busy[pairing.supply_party].pop(left, None)
            self._load[left] -= 1
            self._load[slot] += 1
        for pairing, slot in moves:
            self._busy[pairing.demand_party][slot] = pairing
            self._busy[pairing.supply_party][slot] = pairing
            self.slot_of[pairing.key] = slot


def _seats(pairings: Sequence[Pairing], placed: dict[str, int]) -> tuple[Seat, ...]:
    """Give tables slot by slot; a demand party keeps its table where it can."""
    by_slot: dict[int, list[Pairing]] = defaultdict(list)
    for pairing in pairings:
        if pairing.key in placed:
            by_slot[placed[pairing.key]].append(pairing)
    home: dict[str, int] = {}
    seats: list[Seat] = []
    for slot in sorted(by_slot):
        taken: dict[int, Pairing] = {}
        moving: list[Pairing] = []
        for pairing in by_slot[slot]:
            wished = home.get(pairing.demand_party)
            if wished is None or wished in taken:
                moving.append(pairing)
            else:
                taken[wished] = pairing
        free = (table for table in range(len(by_slot[slot]) + len(taken)) if table not in taken)
        for pairing in moving:
            table = next(free)
            taken[table] = pairing
            home.setdefault(pairing.demand_party, table)
        seats += [Seat(pairing.key, table, slot) for table, pairing in taken.items()]
    return tuple(sorted(seats, key=lambda seat: (seat.slot, seat.table)))
