"""Where and when a meeting may take place, before anybody is seated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from functools import cached_property
from math import ceil

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from matching.meetings.events import PATTERNS, Pattern
from matching.meetings.models import Frame, MeetingRule, SigningMeeting, Table, Venue
from matching.meetings.queries import slot_ranges
from matching.meetings.travel import pair_of


@dataclass(frozen=True)
class Setting:
    """A day at a venue, cut into slots. ``shut`` are numbers of tables that are not to be had."""

    event: str
    venue: Venue
    date: date
    starts: time
    slot_minutes: int
    slots: int
    breaks: list[str]
    gap: int
    travel_minutes: int
    travel_times: Mapping[str, int]
    interpreters: Mapping[str, int]
    tables: tuple[Table, ...]
    shut: frozenset[int] = frozenset()

    @property
    def pattern(self) -> Pattern:
        """What is planned for its event."""
        return PATTERNS[self.event]

    @cached_property
    def ranges(self) -> list[DateTimeTZRange]:
        """Begin and end of each slot."""
        return slot_ranges(self, self.slots)

    @cached_property
    def span(self) -> DateTimeTZRange:
        """From the first slot to the end of the last."""
        return DateTimeTZRange(self.ranges[0].lower, self.ranges[-1].upper)

    def travel_slots(self, one: str, other: str) -> int:
        """How many slots it takes between these cities, by their codes: as an office says, else as usual."""
        minutes = self.travel_times.get(pair_of(one, other), self.travel_minutes)
        return ceil(minutes / self.slot_minutes)

    def within(self, most: int | None) -> Setting:
        """The same with so many tables at most: the others are shut."""
        tables = 1 if self.pattern.one_table else most
        if tables is None:
            return self
        numbers = [table.number for table in self.tables if table.number not in self.shut]
        return replace(self, shut=self.shut | frozenset(numbers[tables:]))


def of_rule(rule: MeetingRule, venue: Venue, day: date) -> Setting:
    """As the chain's rule says."""
    return _of(rule, rule.event, venue, day, rule.slots_a_day).within(rule.most_tables)


def of_meeting(meeting: SigningMeeting, slots: int) -> Setting:
    """As a meeting is, with that many slots at most."""
    setting = _of(meeting, meeting.event, meeting.venue, meeting.date, slots)
    return replace(setting, shut=frozenset(meeting.shut_tables))


def _of(frame: Frame, event: str, venue: Venue, day: date, slots: int) -> Setting:
    return Setting(
        event=event,
        venue=venue,
        date=day,
        starts=frame.starts,
        slot_minutes=frame.slot_minutes,
        slots=slots,
        breaks=frame.breaks,
        gap=frame.gap,
        travel_minutes=frame.travel_minutes,
        travel_times=frame.travel_times,
        interpreters=frame.interpreters,
        tables=tables_of(venue),
    )


def tables_of(venue: Venue) -> tuple[Table, ...]:
    """All tables of a venue by number."""
    return tuple(Table.objects.filter(venue=venue).order_by("number"))
