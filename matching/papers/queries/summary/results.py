"""Whether a meeting has results to sum up, and whether they have changed."""

from __future__ import annotations

import hashlib

from matching.meetings.models import SigningMeeting
from matching.papers.queries.summary.extent import Extent
from matching.papers.queries.summary.rows import every_line


def has_results(meeting: SigningMeeting) -> bool:
    """Whether anything came of its appointments yet."""
    extent = Extent(meeting=meeting)
    return extent.talks().filter(outcome__isnull=False).exists() or extent.agreements().exists()


def results_stamp(meeting: SigningMeeting) -> str:
    """Changes with whatever the summary says; empty while there is nothing to sum up."""
    if not has_results(meeting):
        return ""
    told = "\n".join(repr(line) for line in every_line(Extent(meeting=meeting)))
    return hashlib.sha256(told.encode()).hexdigest()[:16]
