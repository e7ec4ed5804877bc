"""A meeting whose day is today, for tests of that day."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from matching.meetings.models import Appointment, Attendance, SigningMeeting
from matching.meetings.services import decide, propose
from matching.meetings.states import MeetingAction
from matching.review.models import Review
from matching.review.services import decide as answer
from matching.review.services import review_match
from matching.review.states import ReviewAction
from matching.runs.models import Match
from matching.runs.services import publish
from tests import factories, world
from tests.meetings.crowd import approved
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


def meeting_with_one_more(
    here: world.World, *, published: bool = True
) -> tuple[SigningMeeting, Review, Review]:
    """A meeting of today with one pair; another pair of the same firms was shortlisted from a published list.

    The meeting, the pair that meets, and the other one.
    """
    run = world.finished_run(here, demands=2, supplies=1)
    planned, other = Match.objects.filter(run=run).order_by("pk")
    if published:
        publish(actor=here.office, run_id=run.pk)
    held, pair = (
        review_match(actor=here.office, match_id=each.pk, action=ReviewAction.SHORTLIST)
        for each in (planned, other)
    )
    answer(actor=here.leader, review_id=held.pk, action=ReviewAction.LEADER_ACCEPT)
    answer(actor=here.member, review_id=held.pk, action=ReviewAction.MEMBER_ACCEPT)
    meeting = approved(here, factories.make_rule(here.chain, tables=2))
    SigningMeeting.objects.filter(pk=meeting.pk).update(slots=3)
    meeting.refresh_from_db()
    return to_today(meeting), held, pair


def at(hour: float) -> datetime:
    """A moment of today."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(hours=hour)


def strike(monkeypatch: pytest.MonkeyPatch, hour: float) -> None:
    """Let it be that hour of today; past 24 it is tomorrow."""
    moment = at(0) + timedelta(hours=hour)
    monkeypatch.setattr(timezone, "now", lambda: moment)
