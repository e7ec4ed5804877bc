"""Months, quarters and years that offices report on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

_WRITTEN = re.compile(r"(20\d\d)(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?", re.ASCII)
PATTERN = rf"^{_WRITTEN.pattern}$"


@dataclass(frozen=True, slots=True)
class Period:
    """``months`` is 1, 3 or 12, counted from the first of the month ``begins``."""

    begins: date
    months: int

    @property
    def ends(self) -> date:
        """The last day."""
        after = self.begins.month - 1 + self.months
        return date(self.begins.year + after // 12, after % 12 + 1, 1) - timedelta(days=1)

    @property
    def code(self) -> str:
        """2026, 2026-Q4 or 2026-11."""
        year = self.begins.year
        if self.months == 12:
            return f"{year}"
        return f"{year}-Q{self._quarter}" if self.months == 3 else f"{year}-{self.begins.month:02}"

    @property
    def _quarter(self) -> int:
        return (self.begins.month + 2) // 3

    def __str__(self) -> str:
        year = self.begins.year
        if self.months == 12:
            return _("Year %(year)d") % {"year": year}
        if self.months == 3:
            return _("Quarter %(quarter)d of %(year)d") % {"year": year, "quarter": self._quarter}
        return _("Month %(month)d of %(year)d") % {"year": year, "month": self.begins.month}


def period_of(code: str) -> Period | None:
    """The period that is written so; None for anything else."""
    found = _WRITTEN.fullmatch(code)
    if found is None:
        return None
    year, quarter, month = found.groups()
    if quarter:
        return Period(date(int(year), int(quarter) * 3 - 2, 1), 3)
    return Period(date(int(year), int(month), 1), 1) if month else Period(date(int(year), 1, 1), 12)


def year_of(day: date) -> Period:
    """The year of a day."""
    return Period(date(day.year, 1, 1), 12)


def offered(today: date) -> list[tuple[str, list[Period]]]:
    """The last years, quarters and months under their headings, the newest first."""
    quarter = today.year * 4 + (today.month - 1) // 3
    month = today.year * 12 + today.month - 1
    return [
        (_("Month"), [Period(date(at // 12, at % 12 + 1, 1), 1) for at in range(month, month - 13, -1)]),
        (
            _("Quarter"),
            [Period(date(at // 4, at % 4 * 3 + 1, 1), 3) for at in range(quarter, quarter - 8, -1)],
        ),
        (_("Year"), [Period(date(today.year - ago, 1, 1), 12) for ago in range(4)]),
    ]
