"""When slots are, and the plan of a meeting as a grid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from matching.meetings.models import Appointment, SigningMeeting


def slot_range(meeting: SigningMeeting, slot: int) -> DateTimeTZRange:
    """Begin and end of a slot in the programme's time zone."""
    return DateTimeTZRange(
        slot_time(meeting.starts, meeting.date, meeting.slot_minutes, slot),
        slot_time(meeting.starts, meeting.date, meeting.slot_minutes, slot + 1),
    )


def slot_time(starts: time, day: date, minutes: int, slot: int) -> datetime:
    """When a slot begins, in the programme's time zone."""
    begin = timezone.make_aware(datetime.combine(day, starts))
    return begin + timedelta(minutes=minutes * slot)


@dataclass(frozen=True, slots=True)
class SlotRow:
    """One slot of a meeting's plan: its time and the appointments by table number."""

    number: int
    begins: datetime
    ends: datetime
    cells: list[Appointment | None]


def grid(meeting: SigningMeeting, planned: list[Appointment]) -> tuple[list[int], list[SlotRow]]:
    """Table numbers and one row a slot, for the plan on screen."""
    numbers = sorted({item.table.number for item in planned})
    placed = {(item.slot, item.table.number): item for item in planned}
    rows = []
    for slot in range(meeting.slots):
        during = slot_range(meeting, slot)
        rows.append(
            SlotRow(
                number=slot,
                begins=during.lower,
                ends=during.upper,
                cells=[placed.get((slot, number)) for number in numbers],
            )
        )
    return numbers, rows
