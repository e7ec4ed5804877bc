"""Proposals by the clock: stable, fair to every chain, never from what is no longer valid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from matching.errors import Conflict
from matching.lists.models import DemandLine, SupplyLine
from matching.lists.states import LineState
from matching.meetings.clocks import slot_begins
from matching.meetings.models import Absence, Appointment, Attendance, MeetingRule, SigningMeeting, Venue
from matching.meetings.services import decide, move, planning, proposals, propose, propose_meetings
from matching.meetings.states import MeetingAction, MeetingState
from matching.notices.models import Notice
from matching.review.models import Review
from tests import factories, world
from tests.meetings.pairs import accept_all, accept_now, another_chain, hold_back

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
FIRST_DAY, NEXT_DAY = date(2026, 12, 4), date(2026, 12, 7)


def _propose(rule: MeetingRule) -> SigningMeeting:
    meeting = propose(rule_id=rule.pk, today=TODAY)
    assert meeting is not None
    return meeting


def _seats(meeting: SigningMeeting) -> dict[UUID, tuple[int, int]]:
    seats = meeting.appointments.values_list("review_id", "table__number", "slot")
    return {review: (table, slot) for review, table, slot in seats}


def test_a_supplier_of_two_chains_meets_on_two_days() -> None:
    here = world.build()
    there = another_chain(here.member)
    for side in (here, there):
        factories.make_rule(side.chain)
        accept_all(side)
    assert propose_meetings(today=TODAY) == 2
    assert propose_meetings(today=TODAY) == 0
    dates = SigningMeeting.objects.order_by("date").values_list("chain_id", "date")
    assert list(dates) == [("nev", FIRST_DAY), (here.chain.pk, NEXT_DAY)]


def test_a_day_that_is_taken_meanwhile_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    here = world.build()
    rule = factories.make_rule(here.chain)
    accept_all(here)
    meeting = _propose(rule)
    decide(actor=here.department, meeting_id=meeting.pk, action=MeetingAction.DECLINE, reason="场地冲突")
    given_up = Attendance.objects.filter(appointment__meeting=meeting)
    plan = planning.seat_on

    def taken_after_the_look(setting: planning.Setting, reviews: Sequence[Review]) -> Any:
        places = plan(setting, reviews)
        given_up.update(is_active=setting.date == FIRST_DAY)
        return places

    monkeypatch.setattr(planning, "seat_on", taken_after_the_look)
    again = propose(rule_id=rule.pk, today=TODAY, actor=here.office)
    assert again is not None
    assert (again.date, len(_seats(again))) == (NEXT_DAY, 3)
    assert SigningMeeting.objects.count() == 2


def test_one_chain_that_fails_keeps_no_other_from_its_turn(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    here = world.build()
    there = another_chain(here.member)
    for side in (here, there):
        factories.make_rule(side.chain)
        accept_all(side)
    plan = planning.seat_on

    def broken_for_one(setting: planning.Setting, reviews: Sequence[Review]) -> Any:
        if reviews[0].demand.chain_id == "nev":
            raise RuntimeError("broken")
        return plan(setting, reviews)

    monkeypatch.setattr(planning, "seat_on", broken_for_one)
    assert propose_meetings(today=TODAY) == 1
    assert SigningMeeting.objects.get().chain_id == here.chain.pk
    assert [record.getMessage() for record in caplog.records if record.name == proposals.__name__] == [
        "No product meeting proposed for chain nev"
    ]


def test_an_overfull_proposal_is_left_alone() -> None:
    here = world.build()
    rule = factories.make_rule(here.chain)
    rule.slots_a_day = 2
    rule.save()
    accept_all(here)
    meeting = _propose(rule)
    before = set(Appointment.objects.values_list("pk", flat=True))
    assert len(before) == meeting.slots == 2
    assert propose_meetings(today=date(2026, 11, 23)) == 0
    assert set(Appointment.objects.values_list("pk", flat=True)) == before
    assert SigningMeeting.objects.get().date == FIRST_DAY


def test_a_new_pair_leaves_day_and_seats_as_they_are() -> None:
    here = world.build()
    rule = factories.make_rule(here.chain)
    late, first, second = accept_all(here)
    hold_back(late)
    meeting = _propose(rule)
    moved = meeting.appointments.get(review=first)
    move(actor=here.office, appointment_id=moved.pk, table_number=4, slot=moved.slot)
    before = _seats(meeting)
    accept_now(late)
    assert propose_meetings(today=date(2026, 11, 23)) == 1
    meeting.refresh_from_db()
    assert _seats(meeting) == {**before, late.pk: (1, 2)}
    assert before[first.pk][0] == 4
    assert set(before) == {first.pk, second.pk}
    assert (meeting.date, meeting.slots) == (FIRST_DAY, 3)


def test_a_new_pair_is_fitted_around_what_others_booked() -> None:
    here = world.build()
    rule = factories.make_rule(here.chain, tables=1)
    rule.slots_a_day = 4
    rule.save()
    late, *_rest = accept_all(here)
    hold_back(late)
    meeting = _propose(rule)
    *_two, third, fourth = slot_begins(rule.starts, FIRST_DAY, rule.slot_minutes, 4, rule.breaks)
    firm = factories.firm_of(here.member)
    Absence.objects.create(organisation=firm, during=DateTimeTZRange(third, fourth))
    accept_now(late)
    assert propose_meetings(today=TODAY) == 1
    assert _seats(meeting)[late.pk] == (1, 3)


def test_the_clock_does_not_bring_back_what_was_declined() -> None:
    here = world.build()
    rule = factories.make_rule(here.chain)
    late, *_rest = accept_all(here)
    hold_back(late)
    meeting = _propose(rule)
    decide(actor=here.department, meeting_id=meeting.pk, action=MeetingAction.DECLINE, reason="再等等")
    told = Notice.objects.count()
    assert propose_meetings(today=TODAY) == 0
    assert Notice.objects.count() == told
    accept_now(late)
    assert propose_meetings(today=TODAY) == 1
    again = SigningMeeting.objects.get(state=MeetingState.PROPOSED)
    assert again.appointments.count() == 3


def test_an_office_may_propose_again_what_was_declined() -> None:
    here = world.build()
    rule = factories.make_rule(here.chain)
    accept_all(here)
    meeting = _propose(rule)
    decide(actor=here.department, meeting_id=meeting.pk, action=MeetingAction.DECLINE, reason="再等等")
    again = propose(rule_id=rule.pk, today=TODAY, actor=here.office)
    assert again is not None
    assert again.appointments.count() == 3
    assert meeting.appointments.count() == 3


def test_the_next_period_proposes_again() -> None:
    here = world.build()
    rule = factories.make_rule(here.chain)
    accept_all(here)
    meeting = _propose(rule)
    decide(actor=here.department, meeting_id=meeting.pk, action=MeetingAction.DECLINE, reason="再等等")
    # It was declined today.
    assert propose_meetings(today=timezone.localdate() + timedelta(days=62)) == 1


@pytest.mark.parametrize("model", [DemandLine, SupplyLine])
def test_a_withdrawn_line_is_not_proposed(model: type[DemandLine] | type[SupplyLine]) -> None:
    here = world.build()
    factories.make_rule(here.chain)
    accept_all(here, demands=1)
    model.objects.update(state=LineState.WITHDRAWN)
    assert propose_meetings(today=TODAY) == 0


def test_a_withdrawn_line_leaves_a_proposal() -> None:
    here = world.build()
    rule = factories.make_rule(here.chain)
    gone, *rest = accept_all(here)
    meeting = _propose(rule)
    DemandLine.objects.filter(pk=gone.demand_id).update(state=LineState.WITHDRAWN)
    assert propose_meetings(today=TODAY) == 1
    assert set(_seats(meeting)) == {review.pk for review in rest}
    assert propose_meetings(today=TODAY) == 0


def test_another_kind_has_meetings_of_its_own() -> None:
    here = world.build()
    factories.make_rule(here.chain)
    accept_all(here, demands=1)
    DemandLine.objects.update(kind="service")
    assert propose_meetings(today=TODAY) == 0


def test_a_closed_venue_gets_no_proposal_and_loses_no_seat() -> None:
    here = world.build()
    rule = factories.make_rule(here.chain)
    late, *_rest = accept_all(here)
    hold_back(late)
    meeting = _propose(rule)
    accept_now(late)
    Venue.objects.update(is_active=False)
    assert propose_meetings(today=TODAY) == 0
    with pytest.raises(Conflict) as refused:
        propose(rule_id=rule.pk, today=TODAY, actor=here.office)
    assert refused.value.code == "venue_closed"
    assert meeting.appointments.count() == 2
