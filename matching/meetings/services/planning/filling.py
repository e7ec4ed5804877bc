"""Places for new pairs beside everybody who stands; nobody moves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from matching.engine import agenda
from matching.engine.agenda import Agenda, Programme, Seat
from matching.meetings.models import Appointment, SigningMeeting
from matching.meetings.services.planning.programme import programme_of
from matching.meetings.services.planning.seats import Place, PlanRefused, digest, places_of, standing_seats
from matching.meetings.services.planning.setting import Setting
from matching.review.models import Review

SECONDS = 5.0
"""For the search; a meeting's lock is held meanwhile."""
Spot = tuple[int, int]
"""A table's primary key and a slot."""


@dataclass(frozen=True, slots=True)
class Filling:
    """Pairs that look for places: ``everybody`` is the programme with all who stand, ``joining`` are those of
    the new that hear what somebody who stands presents, ``left`` is the programme of the others alone, in
    which only free places are open."""

    setting: Setting
    new: Sequence[Review]
    everybody: Programme
    stands: tuple[Seat, ...]
    joining: tuple[Seat, ...]
    left: Programme

    @property
    def digest(self) -> str:
        """A hash of all that the places depend on."""
        return digest(self.left, self.joining)

    def best(self) -> list[Place]:
        """As many as fit. Raises ``PlanRefused``."""
        return self._checked((*self.joining, *agenda.plan(self.left, seconds=SECONDS).seats))

    def next(self) -> Place | None:
        """The first place for one pair alone, where one is: at a table of its buyer, if that is free then.

        Needs no solver. Raises ``PlanRefused``.
        """
        if self.joining:
            return self._checked(self.joining)[0]
        (pairing,) = self.left.pairings
        slot = next(iter(self.left.allowed(pairing)), None)
        if slot is None:
            return None
        usual = Counter(
            seat.table
            for seat in self.stands
            if self.everybody.by_key[seat.pairing].demand_party == pairing.demand_party
        )
        free = [table for table in range(self.left.tables) if (table, slot) not in self.left.shut]
        table = max(free, key=lambda table: (usual[table], -table))
        return self._checked([Seat(pairing.key, table, slot)])[0]

    def _checked(self, seats: Sequence[Seat]) -> list[Place]:
        faults = brings_faults(self.everybody, self.stands, (*self.stands, *seats))
        if faults:
            raise PlanRefused("; ".join(faults[:5]))
        return places_of(self.setting, self.new, seats)


def fill(
    setting: Setting,
    meeting: SigningMeeting,
    standing: Sequence[Appointment],
    new: Sequence[Review],
    free: Collection[Spot],
) -> Filling:
    """New pairs that look for one of the ``free`` places of a meeting."""
    seats = standing_seats(setting, standing)
    reviews = [*(item.review for item in standing), *new]
    everybody = programme_of(setting, reviews, meeting=meeting)
    spots = {
        (at, slot)
        for at, table in enumerate(setting.tables)
        for slot in range(setting.slots)
        if (table.pk, slot) not in free
    }
    stands = tuple(seats.values())
    hearing = agenda.joining(everybody, stands, closed=spots)
    left = agenda.around(everybody, (*stands, *hearing))
    return Filling(setting, new, everybody, stands, hearing, replace(left, shut=left.shut | spots))


def brings_faults(programme: Programme, before: Iterable[Seat], after: Iterable[Seat]) -> list[str]:
    """What is wrong with the later seats and was not with the earlier ones, by the independent checker."""
    return sorted(set(_faults(programme, after)) - set(_faults(programme, before)))


def _faults(programme: Programme, seats: Iterable[Seat]) -> list[str]:
    taken = tuple(seats)
    unplaced = programme.by_key.keys() - {seat.pairing for seat in taken}
    return agenda.check_agenda(programme, Agenda(taken, tuple(sorted(unplaced))))
