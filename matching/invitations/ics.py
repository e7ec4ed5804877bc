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


def published(entries: Iterable[CalendarEntry], own: Collection[uuid.UUID]) -> bytes:
    """A calendar to download or subscribe to, as the organisations ``own`` see the entries."""
    calendar = _calendar(PUBLISH)
    calendar.add("name", _("Signing meetings"))
    calendar.add("x-wr-calname", _("Signing meetings"))
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for entry in entries:
        calendar.add_component(_event(entry, own, None))
    return _written(calendar)


def part_of(entry: CalendarEntry, own: Collection[uuid.UUID], person: User) -> MIMEBase:
    """One entry as part of a letter: mail programs put it into the calendar, move it or take it out."""
    method = CANCEL if entry.is_cancelled else REQUEST
    calendar = _calendar(method)
    calendar.add_component(_event(entry, own, person))
    part = MIMEText(_written(calendar).decode(), "calendar", "utf-8")
    part.set_param("method", method)
    part.add_header("Content-Disposition", "attachment", filename=f"{entry.uid.partition('@')[0][:24]}.ics")
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


def _event(entry: CalendarEntry, own: Collection[uuid.UUID], person: User | None) -> Event:
    from icalendar import Event, vText

    begin, end = _span(entry)
    words = _words(entry, own)
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("dtstart", begin.astimezone(_ZONE))
    event.add("dtend", end.astimezone(_ZONE))
    event.add("summary", words.title)
    event.add("location", words.place)
    event.add("description", words.about)
    event.add("url", f"{settings.SITE_URL}/meetings/{entry.meeting_id}/")
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
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


def _words(entry: CalendarEntry, own: Collection[uuid.UUID]) -> _Words:
    meeting, seat = entry.meeting, entry.appointment
    place = f"{meeting.venue.name}, {meeting.venue.address}"
    if seat is None:
        return _Words(meeting.title, place, meeting.title)
    mine, other = _sides(seat, own)
    saw([other])
    table = _("Table %(number)d") % {"number": seat.table.number}
    about = f"{meeting.title}\n{mine.title} — {other.title}"
    title = _("Meeting with %(name)s") % {"name": other.organisation.name}
    return _Words(title, f"{place}, {table}", about)


def _sides(seat: Appointment, own: Collection[uuid.UUID]) -> tuple[Line, Line]:
    demand, supply = seat.review.demand, seat.review.supply
    return (demand, supply) if demand.organisation_id in own else (supply, demand)
