"""The day of a meeting: who is here, what is on, what has to wait."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from matching.agreements.amounts import Kind
from matching.agreements.models import Outcome, Result
from matching.errors import Conflict, Forbidden, Invalid
from matching.floor import services
from matching.floor.codes import code_of, organisation_of, pass_of
from matching.floor.models import Arrival, Sitting
from matching.floor.queries import board, knocking
from matching.floor.services import record_result
from matching.floor.states import SittingAction, SittingState
from matching.meetings.models import Appointment, SigningMeeting
from matching.meetings.services import decide
from matching.meetings.states import MeetingAction
from tests import factories, world
from tests.floor.days import at, meeting_today

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(db: None) -> world.World:
    return world.build()


@pytest.fixture
def meeting(here: world.World) -> SigningMeeting:
    return meeting_today(here)


def _clock(user: User, meeting: SigningMeeting, hour: float) -> list[tuple[str, str]]:
    rows = board(user, meeting, now=at(hour)).rows
    return [(f"{timezone.localtime(row.expected):%H:%M}", row.state.value) for row in rows]


def _appointments(meeting: SigningMeeting) -> list[Appointment]:
    return list(meeting.appointments.order_by("slot"))


def test_on_time_the_board_is_the_plan(here: world.World, meeting: SigningMeeting) -> None:
    assert _clock(here.office, meeting, 8) == [
        ("09:00", "waiting"),
        ("09:30", "waiting"),
        ("10:00", "waiting"),
    ]


def test_a_late_party_shifts_what_has_to_wait_for_it(here: world.World, meeting: SigningMeeting) -> None:
    member = factories.firm_of(here.member).pk
    services.announce_delay(actor=here.member, meeting_id=meeting.pk, organisation_id=member, minutes=60)
    Arrival.objects.update(coming_at=at(9.75))
    assert [when for when, _state in _clock(here.office, meeting, 8)] == ["09:45", "10:15", "10:45"]
    services.check_in(actor=here.office, meeting_id=meeting.pk, organisation_id=member)
    assert [when for when, _state in _clock(here.office, meeting, 8)] == ["09:00", "09:30", "10:00"]


def test_what_runs_over_shifts_the_next(here: world.World, meeting: SigningMeeting) -> None:
    first = _appointments(meeting)[0]
    services.step(actor=here.office, appointment_id=first.pk, action=SittingAction.BEGIN)
    Sitting.objects.update(began_at=at(9))
    assert _clock(here.office, meeting, 9.75) == [
        ("09:00", "running"),
        ("09:45", "waiting"),
        ("10:15", "waiting"),
    ]


def test_beginning_checks_both_parties_in_once(here: world.World, meeting: SigningMeeting) -> None:
    first, second, _third = _appointments(meeting)
    services.step(actor=here.office, appointment_id=first.pk, action=SittingAction.BEGIN)
    arrived = list(Arrival.objects.order_by("pk").values_list("arrived_at", flat=True))
    assert len(arrived) == 2
    with pytest.raises(Conflict) as busy:
        services.step(actor=here.office, appointment_id=second.pk, action=SittingAction.BEGIN)
    assert busy.value.code in {"party_busy", "table_busy"}
    services.step(actor=here.office, appointment_id=first.pk, action=SittingAction.FINISH)
    services.step(actor=here.office, appointment_id=second.pk, action=SittingAction.BEGIN)
    assert list(Arrival.objects.order_by("pk").values_list("arrived_at", flat=True)) == arrived


def test_a_step_that_was_taken_already_is_a_conflict(here: world.World, meeting: SigningMeeting) -> None:
    first = _appointments(meeting)[0]
    services.step(actor=here.office, appointment_id=first.pk, action=SittingAction.BEGIN)
    with pytest.raises(Conflict) as again:
        services.step(actor=here.department, appointment_id=first.pk, action=SittingAction.BEGIN)
    assert again.value.code == "illegal_transition"


def test_nothing_begins_at_a_meeting_that_is_over(here: world.World, meeting: SigningMeeting) -> None:
    decide(actor=here.office, meeting_id=meeting.pk, action=MeetingAction.HOLD)
    member = factories.firm_of(here.member).pk
    with pytest.raises(Conflict) as over:
        services.check_in(actor=here.office, meeting_id=meeting.pk, organisation_id=member)
    assert over.value.code == "meeting_not_on"


def test_checking_in_twice_keeps_the_first_time_and_can_be_taken_back(
    here: world.World, meeting: SigningMeeting
) -> None:
    leader = factories.firm_of(here.leader).pk
    told = {"meeting_id": meeting.pk, "organisation_id": leader}
    first = services.check_in(actor=here.office, **told)
    assert services.check_in(actor=here.leader, **told).arrived_at == first.arrived_at
    assert services.undo_check_in(actor=here.office, **told).arrived_at is None


def test_a_firm_checks_in_itself_and_nobody_else(here: world.World, meeting: SigningMeeting) -> None:
    member = factories.firm_of(here.member).pk
    with pytest.raises(Forbidden):
        services.check_in(actor=here.leader, meeting_id=meeting.pk, organisation_id=member)
    stranger = factories.firm_of(factories.make_user(Role.MEMBER_FIRM)).pk
    with pytest.raises(Conflict) as none:
        services.check_in(actor=here.office, meeting_id=meeting.pk, organisation_id=stranger)
    assert none.value.code == "no_appointment"


@pytest.mark.parametrize("minutes", [-1, 481])
def test_a_delay_has_bounds(here: world.World, meeting: SigningMeeting, minutes: int) -> None:
    leader = factories.firm_of(here.leader).pk
    with pytest.raises(Invalid):
        services.announce_delay(
            actor=here.leader, meeting_id=meeting.pk, organisation_id=leader, minutes=minutes
        )


def test_a_firm_sees_its_own_tables_and_times_that_follow_from_the_whole_day(
    here: world.World, meeting: SigningMeeting
) -> None:
    stranger = factories.make_user(Role.MEMBER_FIRM)
    assert board(stranger, meeting, now=at(8)).rows == []
    seen = board(here.member, meeting, now=at(8))
    assert (len(seen.rows), seen.invited, [row.actions for row in seen.rows]) == (3, 1, [(), (), ()])


def test_codes_differ_by_meeting_and_forgive_how_they_are_written() -> None:
    meeting, firm, other = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    code = code_of(meeting, firm)
    assert organisation_of(f" {code[:4].lower()}-{code[4:]} ", meeting, [other, firm]) == firm
    assert organisation_of(code, uuid.uuid4(), [other, firm]) is None


def test_the_desk_finds_by_name_credit_code_and_pass(here: world.World, meeting: SigningMeeting) -> None:
    firm = factories.firm_of(here.member)
    for words in (firm.name[1:], firm.uscc or "", code_of(meeting.pk, firm.pk).lower()):
        assert [row.organisation for row in knocking(here.office, meeting, words)] == [firm]
    assert len(knocking(here.office, meeting)) == 2


def test_the_result_closes_what_is_at_the_table(here: world.World, meeting: SigningMeeting) -> None:
    first, second, _third = _appointments(meeting)
    services.step(actor=here.office, appointment_id=first.pk, action=SittingAction.BEGIN)
    intent = {"amount": 500_000, "tax_included": True}
    outcome = record_result(
        actor=here.office, appointment_id=first.pk, seen="", result=Result.INTENT, terms=intent
    )
    assert outcome.agreement is not None
    assert (Sitting.objects.get(pk=first.pk).state, outcome.agreement.kind) == (
        SittingState.DONE,
        Kind.INTENT,
    )
    record_result(
        actor=here.office, appointment_id=second.pk, seen="", result=Result.NO_SHOW, absent="supply"
    )
    assert Sitting.objects.get(pk=second.pk).state == SittingState.MISSED


def test_whoever_records_second_sees_the_first(here: world.World, meeting: SigningMeeting) -> None:
    first = _appointments(meeting)[0]
    page = reverse("outcome_record", args=[first.pk])
    browsers = {person: Client() for person in (here.office, here.department)}
    for person, browser in browsers.items():
        browser.force_login(person)
        assert browser.get(page).status_code == 200
    typed = {"result": "follow_up", "next_step": "寄样", "unit": "吨"}
    assert browsers[here.office].post(page, typed).status_code == 303
    other = {**typed, "next_step": "报价"}
    refused = browsers[here.department].post(page, other)
    assert (refused.status_code, Outcome.objects.get().next_step) == (409, "寄样")
    seen = refused.context["form"]["seen"].value()
    assert "报价" in refused.content.decode()
    assert browsers[here.department].post(page, {**other, "seen": seen}).status_code == 303
    assert Outcome.objects.get().next_step == "报价"


def test_sent_again_by_a_phone_that_did_not_hear_the_answer_it_is_recorded_once(
    here: world.World, meeting: SigningMeeting
) -> None:
    first = _appointments(meeting)[0]
    told: dict[str, Any] = {"appointment_id": first.pk, "result": Result.FOLLOW_UP, "next_step": "寄样"}
    once = record_result(actor=here.office, seen="", **told)
    assert record_result(actor=here.office, seen="", **told).updated_at == once.updated_at


def test_amounts_are_written_in_units_of_ten_thousand(here: world.World, meeting: SigningMeeting) -> None:
    first = _appointments(meeting)[0]
    browser = Client()
    browser.force_login(here.office)
    page = reverse("outcome_record", args=[first.pk])
    typed = {"result": "contract", "amount": "128.5", "tax_included": "on", "unit": "吨"}
    assert browser.post(page, typed).status_code == 303
    agreement = Outcome.objects.get().agreement
    assert agreement is not None
    assert agreement.amount == 1_285_000
    assert browser.get(page).context["form"]["amount"].value() == "128.5"


def test_a_pass_opens_for_its_firm_and_the_desk_alone(here: world.World, meeting: SigningMeeting) -> None:
    firm = factories.firm_of(here.member)
    page = reverse("floor_card", args=[pass_of(meeting.pk, firm.pk)])
    got = {}
    for name, person in (("office", here.office), ("member", here.member), ("leader", here.leader)):
        browser = Client()
        browser.force_login(person)
        got[name] = browser.get(page).status_code
    assert got == {"office": 200, "member": 200, "leader": 404}


def test_the_board_asks_as_often_for_many_appointments_as_for_one(
    here: world.World, meeting: SigningMeeting
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            board(User.objects.get(pk=here.office.pk), meeting)
        return len(asked)

    few = queries()
    Appointment.objects.exclude(pk=_appointments(meeting)[0].pk).update(is_active=False)
    assert queries() == few
