"""A meeting whose day is today, for tests of that day."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from matching.meetings.models import Appointment, Attendance, SigningMeeting
from matching.meetings.services import decide, propose
from matching.meetings.states import MeetingAction
from tests import factories, world
from tests.meetings.pairs import accept_all


def meeting_today(here: world.World) -> SigningMeeting:
    """Three appointments of one leader and one member firm, one after the other, today from nine."""
    accept_all(here, demands=3)
    rule = factories.make_rule(here.chain)
    made = propose(rule_id=rule.pk, today=timezone.localdate())
    assert made is not None
    return to_today(decide(actor=here.department, meeting_id=made.pk, action=MeetingAction.APPROVE))


def to_today(made: SigningMeeting) -> SigningMeeting:
    """The same meeting, as if its day were today."""
    shift = timezone.localdate() - made.date
    for appointment in made.appointments.all():
        during = appointment.during
        moved = type(during)(during.lower + shift, during.upper + shift)
        Appointment.objects.filter(pk=appointment.pk).update(during=moved)
        Attendance.objects.filter(appointment=appointment).update(during=moved)
    SigningMeeting.objects.filter(pk=made.pk).update(date=timezone.localdate())
    return SigningMeeting.objects.get(pk=made.pk)


def at(hour: float) -> datetime:
    """A moment of today."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(hours=hour)
