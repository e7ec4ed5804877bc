"""Until when an invitation has to be answered."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from matching.meetings.clocks import slot_begins
from matching.meetings.models import SigningMeeting

ANSWER_DAYS = 5
"""Days before the meeting that the office needs to fill places that are given up."""
OFFER_DAYS = 2
"""Days that a place from the waiting list is kept for an answer."""
EVENING = time(18)


def answer_until(meeting: SigningMeeting, now: datetime) -> datetime:
    """The evening five days before the meeting; where it is nearer, a day from now, at most its beginning."""
    usual = timezone.make_aware(datetime.combine(meeting.date - timedelta(days=ANSWER_DAYS), EVENING))
    return min(max(usual, now + timedelta(days=1)), begins(meeting))


def offer_until(meeting: SigningMeeting, now: datetime) -> datetime:
    """Two days from now, at most the evening before the meeting, at most its beginning."""
    eve = timezone.make_aware(datetime.combine(meeting.date - timedelta(days=1), EVENING))
    wanted = min(now + timedelta(days=OFFER_DAYS), max(eve, now + timedelta(hours=2)))
    return min(wanted, begins(meeting))


def begins(meeting: SigningMeeting) -> datetime:
    """When the meeting's first slot begins."""
    return slot_begins(meeting.starts, meeting.date, meeting.slot_minutes, 1, meeting.breaks)[0]
