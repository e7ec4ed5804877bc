"""Times of day of a meeting: its breaks and its slots, and on which days nobody works."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

_BREAK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
SATURDAY = 5
SEARCH_DAYS = 60

_EVERY_YEAR = ((1, 1, 3), (5, 1, 5), (10, 1, 7))
_BY_THE_MOON = (
    # 2026: notice of the State Council's office 国办发明电〔2025〕7号.
    (date(2026, 2, 15), date(2026, 2, 23)),
    (date(2026, 4, 4), date(2026, 4, 6)),
    (date(2026, 6, 19), date(2026, 6, 21)),
    (date(2026, 9, 25), date(2026, 9, 27)),
    # 2027: no notice yet; the days of the law (国务院令第795号), at the Spring Festival with the week around.
    (date(2027, 2, 5), date(2027, 2, 12)),
    (date(2027, 4, 5), date(2027, 4, 5)),
    (date(2027, 6, 9), date(2027, 6, 9)),
    (date(2027, 9, 15), date(2027, 9, 15)),
)


def is_working_day(day: date) -> bool:
    """No weekend and no holiday; weekends that are worked instead don't count, nobody invites to them.

    Holidays by the moon are known until the end of 2027.
    """
    fixed = any(day.month == month and first <= day.day <= last for month, first, last in _EVERY_YEAR)
    moving = any(first <= day <= last for first, last in _BY_THE_MOON)
    return day.weekday() < SATURDAY and not fixed and not moving


def working_days(first: date) -> Iterator[date]:
    """The working days among the 60 days from ``first`` on."""
    days = (first + timedelta(days=offset) for offset in range(SEARCH_DAYS))
    return (day for day in days if is_working_day(day))


def validate_break(text: str) -> None:
    """Like 12:00-13:30. Raises ``ValidationError``."""
    found = _BREAK.fullmatch(text)
    if found is None or text[:5] >= text[6:]:
        raise ValidationError(_("Write a break like 12:00-13:30."), code="break")


def read_breaks(breaks: Iterable[str]) -> list[tuple[time, time]]:
    """Begin and end of each break, in their order."""
    return sorted((time.fromisoformat(each[:5]), time.fromisoformat(each[6:])) for each in breaks)


def slot_begins(starts: time, day: date, minutes: int, slots: int, breaks: Iterable[str]) -> list[datetime]:
    """When each slot begins, in the programme's time zone: one after the other, none into a break."""
    begin = timezone.make_aware(datetime.combine(day, starts))
    length = timedelta(minutes=minutes)
    rests = [
        tuple(timezone.make_aware(datetime.combine(day, end)) for end in rest) for rest in read_breaks(breaks)
    ]
    found = []
    for _slot in range(slots):
        for first, last in rests:
            if begin < last and first < begin + length:
                begin = last
        found.append(begin)
        begin += length
    return found
