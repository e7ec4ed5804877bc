"""Dates as people write them in cells."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta

from matching.sheets.reading.grid import Cell
from matching.sheets.reading.values.texts import exact, narrow, plain_text
from matching.sheets.reading.values.unreadable import Tell, Unreadable

_EPOCH = date(1899, 12, 30)
_SERIALS = (20_000, 80_000)
"""1954 to 2119: other numbers in a date column are no days."""
_YEARS = (1900, 2200)
_TIME = re.compile(r"[T\s]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?$")
_WEEKDAY = re.compile(r"\s*\(?(?:星期|周)[一二三四五六日天]\)?")
_FULL = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*[日号]?")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_MONTH = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*月?\s*(底|末|初|份|上旬|中旬|下旬)?")
_NO_YEAR = re.compile(r"[0-9]{1,2}\s*[-/.月]\s*(?:[0-9]{1,2}\s*[日号]?|底|末|初|份|[上中下]旬)?")
_YEAR_LAST = re.compile(r"([0-9]{1,2})\s*[-/.]\s*([0-9]{1,2})\s*[-/.]\s*([0-9]{4})")
_SHORT = re.compile(r"([0-9]{1,2})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?")
_NAMES = {name.lower(): at for at, name in enumerate(calendar.month_abbr) if name}
_ENGLISH = re.compile(
    r"(?:([0-9]{1,2})(?:st|nd|rd|th)?[-\s/]+([a-z]{3})[a-z]*\.?[-\s/,]+([0-9]{4})"
    r"|([a-z]{3})[a-z]*\.?\s+([0-9]{1,2})(?:st|nd|rd|th)?,?\s+([0-9]{4}))",
    re.IGNORECASE,
)
_CHINESE = str.maketrans("〇零一二三四五六七八九", "00123456789")
_TENS = re.compile("([一二三]?)十([一二三四五六七八九]?)")


def read_date(cell: Cell, tell: Tell) -> date:
    """The day of a cell; tells what was completed. Raises ``Unreadable``."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _from_number(cell)
    text = plain_text(cell)
    return _from_text(text, tell)


def _from_number(number: int | float) -> date:
    value = exact(number)
    if value == value.to_integral_value() and (found := _COMPACT.fullmatch(str(int(value)))):
        return _day(found[1], found[2], found[3], str(int(value)))
    if not _SERIALS[0] <= value <= _SERIALS[1]:
        raise Unreadable("not_a_date", text=plain_text(number))
    return _EPOCH + timedelta(days=int(value))


def _from_text(text: str, tell: Tell) -> date:
    line = _WEEKDAY.sub("", _TIME.sub("", _in_digits(narrow(text)).strip())).strip()
    if found := _FULL.fullmatch(line) or _COMPACT.fullmatch(line):
        return _day(found[1], found[2], found[3], text)
    if found := _ENGLISH.fullmatch(line):
        return _english(found, text)
    if found := _YEAR_LAST.fullmatch(line):
        return _year_last(found, text)
    if found := _SHORT.fullmatch(line):
        raise Unreadable("ambiguous_date", text=text, readings=_short_readings(found) or "—")
    if found := _MONTH.fullmatch(line):
        return _month(found, text, tell)
    if _NO_YEAR.fullmatch(line):
        raise Unreadable("date_without_year", text=text)
    if line.replace(".", "", 1).isdigit() and line.isascii():
        return _from_number(float(line))
    raise Unreadable("not_a_date", text=text)


def _in_digits(text: str) -> str:
    """二〇二六年十一月二十二日 in digits."""
    text = _TENS.sub(lambda found: f"{found[1] or '一'}{found[2] or '〇'}", text)
    return text.translate(_CHINESE)


def _day(year: str, month: str, day: str, text: str) -> date:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        raise Unreadable("not_a_date", text=text) from None
    if not _YEARS[0] <= found.year < _YEARS[1]:
        raise Unreadable("not_a_date", text=text)
    return found


def _english(found: re.Match[str], text: str) -> date:
    day, name, year = (found[1], found[2], found[3]) if found[1] else (found[5], found[4], found[6])
    return _day(year, str(_NAMES.get(name.lower(), 0)), day, text)


def _year_last(found: re.Match[str], text: str) -> date:
    first, second, year = int(found[1]), int(found[2]), found[3]
    if first <= 12 and second <= 12 and first != second:
        readings = f"{year}-{first:02}-{second:02} / {year}-{second:02}-{first:02}"
        raise Unreadable("ambiguous_date", text=text, readings=readings)
    month, day = (second, first) if first > 12 else (first, second)
    return _day(year, str(month), str(day), text)


def _short_readings(found: re.Match[str]) -> str:
    first, second, third = (int(part) for part in found.groups())
    readings = []
    for year, month, day in ((first, second, third), (third, first, second), (third, second, first)):
        try:
            readings.append(date(2000 + year, month, day).isoformat())
        except ValueError:
            continue
    return " / ".join(dict.fromkeys(readings))


def _month(found: re.Match[str], text: str, tell: Tell) -> date:
    """A month stands for its last day unless its beginning is named: deliveries are due until then."""
    first = _day(found[1], found[2], "1", text)
    last = calendar.monthrange(first.year, first.month)[1]
    day = first.replace(day={"初": 1, "上旬": 10, "中旬": 20}.get(found[3] or "", last))
    tell("date_completed", text=text, value=day.isoformat())
    return day
