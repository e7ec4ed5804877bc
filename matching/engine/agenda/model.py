"""What has to be planned, and what a plan is. Slots and tables are counted from 0."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Pairing:
    """An accepted pair that wants to meet.

    ``value`` is what the meeting is worth, a whole number of at least 0. ``people`` are named persons who
    have to be there; ``language`` is set where an interpreter has to be; ``city`` is where the pair meets.
    Pairings of one ``presentation`` meet at one table in one slot, and whoever attends several of them is
    there once; "" is a meeting of its own.
    """

    key: str
    demand_party: str
    supply_party: str
    value: int = 0
    people: tuple[str, ...] = ()
    language: str = ""
    city: str = ""
    presentation: str = ""

    @property
    def together(self) -> str:
        """The same for all that meet at one table in one slot."""
        return self.presentation or self.key

    @property
    def attendees(self) -> frozenset[str]:
        """Firms and people that can be at one place only."""
        return frozenset((self.demand_party, self.supply_party, *self.people))


@dataclass(frozen=True, slots=True)
class Seat:
    """A planned appointment: table index and slot index."""

    pairing: str
    table: int
    slot: int


@dataclass(frozen=True, slots=True)
class Pin:
    """A pairing that has to be in this slot, and at this table where one is named, as far as rules allow."""

    slot: int
    table: int | None = None


@dataclass(frozen=True)
class Programme:
    """The room and the rules of one meeting.

    ``away`` are slots in which a firm or person can't come, ``shut`` pairs of table and slot that are not to
    be had, ``interpreters`` how many there are a language, ``gap`` how many slots an attendee rests between
    two appointments, ``travel`` how many slots it takes from one city to another, either way. Breaks are no
    slots. Raises ValueError where two pairings share a key, a number is negative, a pin
    leads nowhere, two share a place or a presentation is pinned to two.
    """

    pairings: tuple[Pairing, ...]
    tables: int
    slots: int
    away: Mapping[str, frozenset[int]] = field(default_factory=dict)
    shut: frozenset[tuple[int, int]] = frozenset()
    interpreters: Mapping[str, int] = field(default_factory=dict)
    gap: int = 0
    travel: Mapping[frozenset[str], int] = field(default_factory=dict)
    pins: Mapping[str, Pin] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if min(self.tables, self.slots, self.gap, *(pairing.value for pairing in self.pairings)) < 0:
            raise ValueError("tables, slots, gap and values cannot be negative")
        if len(self.by_key) != len(self.pairings):
            raise ValueError("two pairings share a key")
        for key, pin in self.pins.items():
            inside = 0 <= pin.slot < self.slots and (pin.table is None or 0 <= pin.table < self.tables)
            if key not in self.by_key or not inside:
                raise ValueError(f"the pin of {key} leads nowhere")
        held = {(self.by_key[key].together, pin) for key, pin in self.pins.items() if pin.table is not None}
        if len({pin for _together, pin in held}) != len(held):
            raise ValueError("two pins share a place")
        if len({together for together, _pin in held}) != len(held):
            raise ValueError("a presentation is pinned to two places")

    @cached_property
    def by_key(self) -> dict[str, Pairing]:
        """Pairings by key."""
        return {pairing.key: pairing for pairing in self.pairings}

    @cached_property
    def ordered(self) -> tuple[Pairing, ...]:
        """Pairings in the order of their keys: a plan does not depend on the order they came in."""
        return tuple(sorted(self.pairings, key=lambda pairing: pairing.key))

    @cached_property
    def room(self) -> tuple[int, ...]:
        """Tables that are to be had in each slot."""
        shut = [0] * self.slots
        for table, slot in self.shut:
            if 0 <= table < self.tables and 0 <= slot < self.slots:
                shut[slot] += 1
        return tuple(self.tables - number for number in shut)

    @cached_property
    def has_presentations(self) -> bool:
        """Whether several pairings meet at one table in one slot."""
        return len({pairing.together for pairing in self.pairings}) < len(self.pairings)

    @cached_property
    def is_free_of_order(self) -> bool:
        """Whether any two appointments of an attendee may follow each other, and interpreters don't count."""
        bound = self.gap or any(self.travel.values()) or self.interpreters
        return not bound and not self.has_presentations

    def allowed(self, pairing: Pairing) -> tuple[int, ...]:
        """Slots in which everybody of a pairing can come and a table is to be had."""
        pin = self.pins.get(pairing.key)
        slots: Iterable[int] = range(self.slots) if pin is None else (pin.slot,)
        away = frozenset[int]().union(*(self.away.get(who, frozenset()) for who in pairing.attendees))
        if pairing.language and not self.interpreters.get(pairing.language, 0):
            return ()
        return tuple(slot for slot in slots if slot not in away and self._has_table(slot, pin))

    def _has_table(self, slot: int, pin: Pin | None) -> bool:
        if pin is None or pin.table is None:
            return self.room[slot] > 0
        return (pin.table, slot) not in self.shut

    def distance(self, one: Pairing, other: Pairing) -> int:
        """How many slots have to lie from one appointment to the other of the same attendee."""
        return 1 + max(self.gap, self.travel.get(frozenset((one.city, other.city)), 0))


@dataclass(frozen=True, slots=True)
class Worth:
    """What a plan is worth: the number of meetings counts first, then how many firms meet somebody, then
    the value of the meetings."""

    meetings: int = 0
    firms: int = 0
    value: int = 0

    @property
    def parts(self) -> tuple[int, int, int]:
        """What is compared, in this order."""
        return self.meetings, self.firms, self.value

    def __lt__(self, other: Worth) -> bool:
        return self.parts < other.parts


class Cause(StrEnum):
    """Why an appointment is not where it was, or not where it is pinned to."""

    WITHDRAWN = "withdrawn"
    """The pairing is not asked for any more."""
    AWAY = "away"
    """Somebody of it can't come in that slot."""
    SHUT = "shut"
    """Its table, or the slot, is not to be had any more."""
    PINNED = "pinned"
    """It was given a place of its own."""
    INTERPRETER = "interpreter"
    """Nobody interprets its language any more."""
    MADE_ROOM = "made_room"
    """It made room for others."""
    TOGETHER = "together"
    """Its presentation is elsewhere."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A pin that the rules forbid, or other pins: ``made_room_for``. Its pairing is not placed."""

    pairing: str
    cause: Cause
    made_room_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agenda:
    """A plan without double booking; ``unplaced`` are pairings that did not fit.

    ``bound`` is what no plan can exceed that holds the same pins, ``refused`` are the pins that can't hold.
    """

    seats: tuple[Seat, ...] = ()
    unplaced: tuple[str, ...] = ()
    worth: Worth = Worth()
    bound: Worth = Worth()
    refused: tuple[Refusal, ...] = ()

    @property
    def gap(self) -> float:
        """Share of the bound that is missing in the first of ``Worth.parts`` that differs; 0 is optimal."""
        for part, most in zip(self.worth.parts, self.bound.parts, strict=True):
            if part != most:
                return max(0.0, 1 - part / most) if most else 0.0
        return 0.0


@dataclass(frozen=True, slots=True)
class Move:
    """An appointment that changes: ``now`` is None where it is given up."""

    pairing: str
    before: Seat
    now: Seat | None
    cause: Cause
    made_room_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Replan:
    """The new agenda and every appointment that it changes; ``fewest`` where fewer moves are impossible."""

    agenda: Agenda
    moves: tuple[Move, ...] = ()
    fewest: bool = True

    @property
    def moved(self) -> int:
        """Appointments that take place at another time."""
        return sum(move.now is not None and move.now.slot != move.before.slot for move in self.moves)


def worth_of(pairings: Iterable[Pairing]) -> Worth:
    """What it is worth that these take place."""
    held = list(pairings)
    return Worth(len(held), len(firms_of(held)), sum(pairing.value for pairing in held))


def firms_of(pairings: Iterable[Pairing]) -> set[str]:
    """Both firms of each."""
    return {firm for pairing in pairings for firm in (pairing.demand_party, pairing.supply_party)}


def presentations(pairings: Iterable[Pairing]) -> dict[str, list[Pairing]]:
    """Pairings by what they meet together, in their order."""
    found: dict[str, list[Pairing]] = {}
    for pairing in pairings:
        found.setdefault(pairing.together, []).append(pairing)
    return found
