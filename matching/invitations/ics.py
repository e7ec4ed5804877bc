"""Calendar files (RFC 5545) and invitations for calendars by e-mail (RFC 5546).

icalendar is imported where a file is written: most processes never write one.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.mime.base import MIMEBase
from email.mime.text import MIMEText
from email.utils import parseaddr
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import User
from matching.disclosure.services import saw
from matching.invitations.models import CalendarEntry
from matching.lists.models import DemandLine, SupplyLine
from matching.meetings.models import Appointment
from matching.meetings.queries import slot_range

if TYPE_CHECKING:
    from icalendar import Calendar, Event, vCalAddress

CONTENT_TYPE = "text/calendar; charset=utf-8"
REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
_ZONE = ZoneInfo(settings.TIME_ZONE)
_FIRST, _LAST = date(2020, 1, 1), date(2040, 1, 1)
"""The years for which the time zone is described; without them a file would depend on the day it is made."""


Line = DemandLine | SupplyLine


@dataclass(frozen=True, slots=True)
class _Words:
    """What a calendar shows of an entry."""

    title: str
    place: str
    about: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a calendar shows as one: the entries of a presentation that its owners attend, or a single one."""

    entries: tuple[CalendarEntry, ...]

    @property
    def first(self) -> CalendarEntry:
        """One that stands, where any does."""
        return min(self.entries, key=lambda entry: entry.is_cancelled)

    @property
    def sequence(self) -> int:
        """Grows with each entry that changes or comes."""
        return sum(entry.sequence + 1 for entry in self.entries) - 1

    @property
    def is_cancelled(self) -> bool:
        """Nothing of it stands."""
        return self.first.is_cancelled

    @property
    def changed_at(self) -> datetime:
        """When the last of them did."""
        return max(entry.changed_at for entry in self.entries)

    @property
    def seats(self) -> list[Appointment]:
        """Appointments that stand, or all that have gone."""
        shown = [entry for entry in self.entries if entry.is_cancelled == self.is_cancelled]
        return [entry.appointment for entry in shown if entry.appointment is not None]


def gathered(entries: Iterable[CalendarEntry]) -> list[Told]:
    """Entries by what is shown as one, in their order."""
    found: dict[str, list[CalendarEntry]] = {}
    for entry in entries:
        found.setdefault(entry.uid, []).append(entry)
    return [Told(tuple(each)) for each in found.values()]


def published(entries: Iterable[CalendarEntry], own: Collection[uuid.UUID]) -> bytes:
    """A calendar to download or subscribe to, as the organisations ``own`` see the entries."""
    calendar = _calendar(PUBLISH)
    calendar.add("name", _("Signing meetings"))
    calendar.add("x-wr-calname", _("Signing meetings"))
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for told in gathered(entries):
        calendar.add_component(_event(told, own, None))
    return _written(calendar)


def part_of(told: Told, own: Collection[uuid.UUID], person: User) -> MIMEBase:
    """One entry as part of a letter: mail programs put it into the calendar, move it or take it out."""
    method = CANCEL if told.is_cancelled else REQUEST
    calendar = _calendar(method)
    calendar.add_component(_event(told, own, person))
    part = MIMEText(_written(calendar).decode(), "calendar", "utf-8")
    part.set_param("method", method)
    part.add_header(
        "Content-Disposition", "attachment", filename=f"{told.first.uid.partition('@')[0][:24]}.ics"
    )
    return part


def _calendar(method: str) -> Calendar:
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//ChainMatch//ChainMatch//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _written(calendar: Calendar) -> bytes:
    calendar.add_missing_timezones(first_date=_FIRST, last_date=_LAST)
    return bytes(calendar.to_ical())


def _event(told: Told, own: Collection[uuid.UUID], person: User | None) -> Event:
    from icalendar import Event, vText

    entry = told.first
    begin, end = _span(entry)
    words = _words(told, own)
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", told.sequence)
    event.add("dtstamp", told.changed_at)
    event.add("last-modified", told.changed_at)
    event.add("dtstart", begin.astimezone(_ZONE))
    event.add("dtend", end.astimezone(_ZONE))
    event.add("summary", words.title)
    event.add("location", words.place)
    event.add("description", words.about)
    event.add("url", f"{settings.SITE_URL}/meetings/{entry.meeting_id}/")
    event.add("status", "CANCELLED" if told.is_cancelled else "CONFIRMED")
    event.add("organizer", _address(*parseaddr(settings.DEFAULT_FROM_EMAIL)))
    if person is not None:
        attendee = _address(person.name, person.email)
        attendee.params["RSVP"] = vText("FALSE")
        attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
        event.add("attendee", attendee, encode=False)
    return event


def _address(name: str, email: str) -> vCalAddress:
    from icalendar import vCalAddress, vText

    address = vCalAddress(f"mailto:{email}")
    address.params["CN"] = vText(name or email)
    return address


def _span(entry: CalendarEntry) -> tuple[datetime, datetime]:
    if entry.appointment is not None:
        return entry.appointment.during.lower, entry.appointment.during.upper
    last = max(entry.meeting.slots, 1) - 1
    return slot_range(entry.meeting, 0).lower, slot_range(entry.meeting, last).upper


def _words(told: Told, own: Collection[uuid.UUID]) -> _Words:
    meeting, seats = told.first.meeting, told.seats
    place = f"{meeting.venue.name}, {meeting.venue.address}"
    if not seats:
        return _Words(meeting.title, place, meeting.title)
    sides = [_sides(seat, own) for seat in seats]
    saw(other for _mine, other in sides)
    table = _("Table %(number)d") % {"number": seats[0].table.number}
    about = [f"{mine.title} — {other.title}" for mine, other in sides]
    names = dict.fromkeys(other.organisation.name for _mine, other in sides)
    title = _("Meeting with %(name)s") % {"name": "、".join(names)}
    return _Words(title, f"{place}, {table}", "\n".join((meeting.title, *about)))


def _sides(seat: Appointment, own: Collection[uuid.UUID]) -> tuple[Line, Line]:
    demand, supply = seat.review.demand, seat.review.supply
    return (demand, supply) if demand.organisation_id in own else (supply, demand)
