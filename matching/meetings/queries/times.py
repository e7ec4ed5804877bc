"""When slots are, and the plan of a meeting as a grid."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from matching.meetings.clocks import slot_begins
from matching.meetings.models import Appointment, SigningMeeting


class Dated(Protocol):
    """A day that is cut into slots: a meeting, or what is thought of."""

    @property
    def date(self) -> date:
        """The day."""

    @property
    def starts(self) -> time:
        """When the first slot begins."""

    @property
    def slot_minutes(self) -> int:
        """Length of a slot."""

    @property
    def breaks(self) -> list[str]:
        """Breaks like 12:00-13:30."""


def slot_range(frame: Dated, slot: int) -> DateTimeTZRange:
    """Begin and end of a slot in the programme's time zone."""
    begins = slot_begins(frame.starts, frame.date, frame.slot_minutes, slot + 1, frame.breaks)[slot]
    return DateTimeTZRange(begins, begins + timedelta(minutes=frame.slot_minutes))


def slot_ranges(frame: Dated, slots: int) -> list[DateTimeTZRange]:
    """All of them."""
    length = timedelta(minutes=frame.slot_minutes)
    begins = slot_begins(frame.starts, frame.date, frame.slot_minutes, slots, frame.breaks)
    return [DateTimeTZRange(begin, begin + length) for begin in begins]


@dataclass(frozen=True, slots=True)
class SlotRow:
    """One slot of a meeting's plan: its time and by table number the appointments, several of one
    presentation."""

    number: int
    begins: datetime
    ends: datetime
    cells: list[list[Appointment]]


def grid(meeting: SigningMeeting, planned: list[Appointment]) -> tuple[list[int], list[SlotRow]]:
    """Table numbers and one row a slot, for the plan on screen."""
    numbers = sorted({item.table.number for item in planned})
    # Whoever got the place of one that was struck is shown in it.
    held = sorted(planned, key=lambda item: not item.is_struck)
    shown = {(item.slot, item.table.number): item.presentation for item in held}
    placed: dict[tuple[int, int], list[Appointment]] = defaultdict(list)
    for item in held:
        place = item.slot, item.table.number
        if shown[place] == item.presentation:
            placed[place].append(item)
    rows = []
    for slot, during in enumerate(slot_ranges(meeting, meeting.slots)):
        rows.append(
            SlotRow(
                number=slot,
                begins=during.lower,
                ends=during.upper,
                cells=[placed[slot, number] for number in numbers],
            )
        )
    return numbers, rows
