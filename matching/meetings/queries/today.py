"""What the day itself has settled: who has begun, who is here. The floor, a room above, keeps that."""

from __future__ import annotations

import uuid

from django.db.models import Q
from django.utils import timezone

from accounts.models import Organisation
from matching.meetings.models import Appointment, SigningMeeting
from matching.meetings.states import MeetingState


def is_on(meeting: SigningMeeting) -> bool:
    """Whether it is approved and today is its day."""
    return meeting.state == MeetingState.APPROVED and meeting.date == timezone.localdate()


def begun(meeting: SigningMeeting) -> set[uuid.UUID]:
    """Pairs whose appointment is at its table, finished or struck."""
    touched = Appointment.objects.filter(meeting=meeting, is_active=True).exclude(sitting=None)
    return set(touched.exclude(sitting__state="waiting").values_list("review_id", flat=True))


def here(meeting: SigningMeeting) -> set[uuid.UUID]:
    """Firms that have checked in."""
    arrived = Q(arrivals__meeting=meeting, arrivals__arrived_at__isnull=False)
    return set(Organisation.objects.filter(arrived).values_list("pk", flat=True))
