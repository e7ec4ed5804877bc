"""Signing meetings: proposed from accepted pairs, never double-booked."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from accounts.roles import Role
from matching.errors import Conflict, Forbidden
from matching.invitations.services import keep_up
from matching.meetings.models import Appointment, Attendance, SigningMeeting
from matching.meetings.services import decide, move, period_of, propose, propose_meetings
from matching.meetings.states import MeetingAction, MeetingState
from matching.notices.models import Notice
from matching.review.models import Review
from tests import factories, world
from tests.meetings.pairs import accept_all

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)


def test_accepted_pairs_become_one_proposal_a_period() -> None:
    here = world.build()
    factories.make_rule(here.chain)
    reviews = accept_all(here)
    assert propose_meetings(today=TODAY) == 1
    assert propose_meetings(today=TODAY) == 0
    meeting = SigningMeeting.objects.get()
    assert (meeting.date, meeting.period) == (date(2026, 12, 4), date(2026, 11, 1))
    assert meeting.appointments.count() == len(reviews) == 3
    assert sorted(meeting.appointments.values_list("slot", flat=True)) == [0, 1, 2]
    assert Attendance.objects.filter(appointment__meeting=meeting).count() == 6


def test_too_few_pairs_propose_nothing() -> None:
    here = world.build()
    rule = factories.make_rule(here.chain)
    rule.minimum_pairs = 4
    rule.save()
    accept_all(here)
    assert propose_meetings(today=TODAY) == 0


def test_a_proposal_is_planned_anew_when_pairs_are_added() -> None:
    here = world.build()
    rule = factories.make_rule(here.chain)
    reviews = accept_all(here)
    Review.objects.filter(pk=reviews[0].pk).update(state="leader_accepted")
    propose(rule_id=rule.pk, today=TODAY)
    Review.objects.filter(pk=reviews[0].pk).update(state="accepted")
    meeting = propose(rule_id=rule.pk, today=TODAY)
    assert meeting is not None
    assert SigningMeeting.objects.count() == 1
    assert meeting.appointments.count() == 3


def test_the_database_refuses_double_booking() -> None:
    here = world.build()
    rule = factories.make_rule(here.chain)
    accept_all(here)
    meeting = propose(rule_id=rule.pk, today=TODAY)
    assert meeting is not None
    first, second = meeting.appointments.order_by("slot")[:2]
    second.table, second.during = first.table, first.during
    with pytest.raises(IntegrityError, match="matching_table_never_twice"), transaction.atomic():
        second.save()
    party = second.parties.get(organisation=factories.firm_of(here.leader))
    party.during = first.during
    with pytest.raises(IntegrityError, match="matching_party_never_twice"), transaction.atomic():
        party.save()


def test_moving_onto_a_taken_party_is_a_conflict() -> None:
    here = world.build()
    rule = factories.make_rule(here.chain)
    accept_all(here)
    meeting = propose(rule_id=rule.pk, today=TODAY)
    assert meeting is not None
    first, second = meeting.appointments.order_by("slot")[:2]
    with pytest.raises(Conflict) as refused:
        move(actor=here.office, appointment_id=second.pk, table_number=4, slot=first.slot)
    assert refused.value.code == "double_booking"
    moved = move(actor=here.office, appointment_id=second.pk, table_number=4, slot=second.slot)
    assert moved.table.number == 4


def test_approval_invites_and_cancelling_frees() -> None:
    here = world.build()
    rule = factories.make_rule(here.chain)
    accept_all(here)
    meeting = propose(rule_id=rule.pk, today=TODAY)
    assert meeting is not None
    decide(actor=here.department, meeting_id=meeting.pk, action=MeetingAction.APPROVE)
    keep_up(meeting_id=meeting.pk, now=NOON)
    assert Notice.objects.filter(key__contains=":invited:").count() == 2
    assert propose_meetings(today=TODAY) == 0
    decide(actor=here.department, meeting_id=meeting.pk, action=MeetingAction.CANCEL, reason="疫情")
    assert Appointment.objects.filter(is_active=True).count() == 0
    again = propose(rule_id=rule.pk, today=TODAY, actor=here.office)
    assert again is not None
    assert (again.date, again.appointments.count()) == (meeting.date, 3)


def test_who_decides() -> None:
    here = world.build()
    rule = factories.make_rule(here.chain)
    accept_all(here)
    meeting = propose(rule_id=rule.pk, today=TODAY)
    assert meeting is not None
    for person in (here.leader, here.member, factories.make_user(Role.LEAD_DEPARTMENT, chains=("nev",))):
        with pytest.raises(Forbidden):
            decide(actor=person, meeting_id=meeting.pk, action=MeetingAction.APPROVE)
    head = factories.make_user(Role.CHAIN_HEAD, chains=(here.chain.pk,))
    assert (
        decide(actor=head, meeting_id=meeting.pk, action=MeetingAction.APPROVE).state == MeetingState.APPROVED
    )
    with pytest.raises(Conflict):
        decide(actor=head, meeting_id=meeting.pk, action=MeetingAction.DECLINE, reason="迟了")


def test_two_chains_share_a_venue_but_no_table() -> None:
    here = world.build()
    rule = factories.make_rule(here.chain, tables=2)
    other_chain = factories.make_chain("nev", "新能源汽车")
    accept_all(here)
    there = world.World(
        chain=other_chain,
        round=factories.make_round(other_chain),
        office=factories.make_user(Role.CHAIN_OFFICE),
        department=factories.make_user(Role.LEAD_DEPARTMENT),
        leader=factories.make_user(Role.LEADER_FIRM),
        member=factories.make_user(Role.MEMBER_FIRM),
    )
    other_rule = factories.make_rule(other_chain)
    other_rule.venue = rule.venue
    other_rule.save()
    accept_all(there)
    assert propose_meetings(today=TODAY) == 2
    first, second = SigningMeeting.objects.order_by("chain_id")
    used = [set(meeting.appointments.values_list("table_id", flat=True)) for meeting in (first, second)]
    assert first.date == second.date
    assert used[0] & used[1] == set()


@pytest.mark.parametrize(
    ("cadence", "day", "first"),
    [
        ("month", date(2026, 11, 20), date(2026, 11, 1)),
        ("quarter", date(2026, 11, 20), date(2026, 10, 1)),
        ("quarter", date(2026, 1, 1), date(2026, 1, 1)),
    ],
)
def test_periods(cadence: str, day: date, first: date) -> None:
    assert period_of(day, cadence) == first
