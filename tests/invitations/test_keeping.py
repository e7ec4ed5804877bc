"""Invitations and calendars follow the plan; whatever changes is told once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from matching.invitations.models import CalendarEntry, Invitation
from matching.invitations.services import keep_all_up, keep_up
from matching.invitations.states import InvitationState
from matching.meetings.models import SigningMeeting
from matching.meetings.services import decide, move
from matching.meetings.states import MeetingAction
from matching.notices.models import Notice
from tests import factories, world
from tests.invitations.inviting import approved, invitation_of, invited, now

pytestmark = pytest.mark.django_db


def _told(word: str) -> int:
    return Notice.objects.filter(key__startswith="invitation:", key__contains=f":{word}").count()


def _sequences(meeting: SigningMeeting) -> list[int]:
    entries = CalendarEntry.objects.filter(meeting=meeting, appointment__isnull=False)
    return sorted(entries.values_list("sequence", flat=True))


def test_both_firms_of_each_pair_are_invited_once() -> None:
    here = world.build()
    meeting = approved(here)
    assert Invitation.objects.count() == 0
    for _ in range(3):
        assert keep_all_up(now=now()) == 1
    firms = {factories.firm_of(person).pk for person in (here.leader, here.member)}
    assert set(Invitation.objects.values_list("organisation_id", flat=True)) == firms
    assert set(Invitation.objects.values_list("state", flat=True)) == {InvitationState.OPEN}
    assert _told("invited") == 2
    assert _sequences(meeting) == [0, 0, 0]


def test_a_proposal_invites_nobody() -> None:
    here = world.build()
    meeting = approved(here)
    type(meeting).objects.update(state="proposed", approved_at=None)
    assert keep_all_up(now=now()) == 0
    keep_up(meeting_id=meeting.pk, now=now())
    assert (Invitation.objects.count(), CalendarEntry.objects.count()) == (0, 0)


def test_a_move_raises_its_sequence_once_and_is_told_once() -> None:
    here = world.build()
    meeting = invited(here)
    first, *_others = meeting.appointments.order_by("slot")
    move(actor=here.department, appointment_id=first.pk, table_number=3, slot=first.slot)
    for _ in range(3):
        keep_up(meeting_id=meeting.pk, now=now())
    assert CalendarEntry.objects.get(appointment=first).sequence == 1
    assert _sequences(meeting) == [0, 0, 1]
    assert _told("changed") == 2


def test_a_move_there_and_back_between_two_looks_is_no_change() -> None:
    here = world.build()
    meeting = invited(here)
    first = meeting.appointments.earliest("slot")
    for table in (3, first.table.number):
        move(actor=here.department, appointment_id=first.pk, table_number=table, slot=first.slot)
    keep_up(meeting_id=meeting.pk, now=now())
    assert _sequences(meeting) == [0, 0, 0]
    assert _told("changed") == 0


def test_a_cancelled_meeting_cancels_every_entry_and_withdraws() -> None:
    here = world.build()
    meeting = invited(here)
    decide(actor=here.department, meeting_id=meeting.pk, action=MeetingAction.CANCEL, reason="疫情")
    assert keep_all_up(now=now()) == 1
    assert keep_all_up(now=now()) == 0
    assert invitation_of(meeting, here.member).state == InvitationState.WITHDRAWN
    assert set(CalendarEntry.objects.values_list("sequence", "is_cancelled")) == {(1, True)}
    assert (_told("withdrawn"), _told("changed")) == (2, 0)


def test_a_meeting_that_is_over_is_left_alone() -> None:
    here = world.build()
    meeting = approved(here)
    assert keep_all_up(now=now() + timedelta(days=60)) == 0
    assert Invitation.objects.filter(meeting=meeting).count() == 0
