"""The engine's seats and the rows that they stand for."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from matching.engine import agenda
from matching.engine.agenda import Agenda, Programme, Seat
from matching.meetings.models import Appointment, Table
from matching.meetings.services.planning.setting import Setting
from matching.review.models import Review


@dataclass(frozen=True, slots=True)
class Place:
    """A pair at a table in a slot, counted from 0."""

    review: Review
    table: Table
    slot: int


class PlanRefused(RuntimeError):
    """The independent checker found a fault in a plan; it is not used."""


def checked(programme: Programme, found: Agenda) -> Agenda:
    """The plan, if nothing is wrong with it. Raises ``PlanRefused``."""
    faults = agenda.check_agenda(programme, found)
    if faults:
        raise PlanRefused("; ".join(faults[:5]))
    return found


def standing_seats(setting: Setting, standing: Sequence[Appointment]) -> dict[str, Seat]:
    """Where appointments are, in the engine's words: at the table of that number, should the venue change.

    One that there is not stands for a table beyond the last.
    """
    place = {table.number: at for at, table in enumerate(setting.tables)}
    beyond = len(setting.tables)
    return {
        str(item.review_id): Seat(str(item.review_id), place.get(item.table.number, beyond), item.slot)
        for item in standing
    }


def places_of(setting: Setting, reviews: Sequence[Review], seats: Sequence[Seat]) -> list[Place]:
    """The engine's seats as rows."""
    by_key = {str(review.pk): review for review in reviews}
    return [Place(by_key[seat.pairing], setting.tables[seat.table], seat.slot) for seat in seats]


def digest(programme: Programme, joining: Sequence[Seat] = ()) -> str:
    """A hash of all that a plan depends on."""
    told = (
        joining,
        programme.ordered,
        sorted((who, sorted(slots)) for who, slots in programme.away.items()),
        sorted(programme.shut),
        sorted((*sorted(pair), slots) for pair, slots in programme.travel.items()),
        sorted(programme.pins.items(), key=lambda pin: pin[0]),
        (programme.tables, programme.slots, programme.gap, sorted(programme.interpreters.items())),
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()
