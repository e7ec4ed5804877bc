"""A running day in several browsers: a pair seated on the spot; a late firm, then a lost table."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Organisation, User
from matching.invitations.services import keep_up
from matching.meetings.models import Appointment, PlanDraft, SigningMeeting
from matching.meetings.services import compute_draft
from matching.review.models import Decision, Review
from tests import factories, world
from tests.browser.conftest import Arrive
from tests.browser.pages import PHONE
from tests.browser.people import Person
from tests.floor.days import meeting_with_one_more, strike, to_today
from tests.meetings.crowd import approved, crowd, faults


def _on_a_phone(arrive: Arrive, user: User) -> Person:
    person = arrive(user)
    person.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    return person


def _user_of(firm: Organisation) -> User:
    return User.objects.get(memberships__organisation=firm)


def _place(review: Review) -> Appointment:
    return Appointment.objects.select_related("table").get(review=review, is_active=True)


def _hour(appointment: Appointment) -> str:
    return f"{timezone.localtime(appointment.during.lower):%H:%M}"


def _checks_in(desk: Person, meeting: SigningMeeting, firm: Organisation) -> None:
    desk.open(f"/meetings/{meeting.pk}/desk/")
    desk.page.fill("#q", firm.name)
    desk.page.keyboard.press("Enter")
    desk.press("check_in")
    desk.sees("已到")


def test_a_pair_is_seated_on_the_spot(arrive: Arrive, monkeypatch: pytest.MonkeyPatch) -> None:
    here = world.build()
    meeting, _held, pair = meeting_with_one_more(here)
    strike(monkeypatch, 9.1)
    desk, firm = arrive(here.office), _on_a_phone(arrive, here.member)
    firm.open("/appointments/")
    expect(firm.page.locator("main tbody tr")).to_have_count(1)

    desk.open(f"/meetings/{meeting.pk}/desk/")
    desk.page.click(f"a[href='/meetings/{meeting.pk}/desk/walk-ins/']")
    desk.sees("暂无可安排的供需对")
    for party in (here.leader, here.member):
        _checks_in(desk, meeting, factories.firm_of(party))
    desk.open(f"/meetings/{meeting.pk}/desk/walk-ins/")
    desk.page.fill("input[name=demand_said_by]", "李娜")
    desk.page.locator("main form button[type=submit]").last.click()
    assert Decision.objects.filter(review=pair, actor=here.office).count() == 1
    desk.page.fill("input[name=supply_said_by]", "王伟")
    desk.page.locator("main form button[type=submit]").last.click()
    place = _place(pair)
    expect(desk.page.locator("#messages")).to_contain_text(f"{_hour(place)}")

    firm.page.reload()
    firm.sees(_hour(place))
    expect(firm.page.locator("main tbody tr")).to_have_count(2)
    firm.page.locator(f"main a[href='/meetings/{meeting.pk}/floor/']").first.click()
    firm.sees(_hour(place))
    expect(firm.page.locator("main tbody tr")).to_have_count(2)
    assert faults(SigningMeeting.objects.get(pk=meeting.pk)) == []


def _computed(person: Person) -> PlanDraft:
    """The worker's part of the draft that the person looks at, and the person looks again."""
    person.sees_state("waiting")
    draft = PlanDraft.objects.get(pk=uuid.UUID(person.page.url.rstrip("/").rpartition("/")[2]))
    compute_draft(draft_id=draft.pk)
    person.page.reload()
    return draft


def _sees_the_plan(board: Person, meeting: SigningMeeting) -> None:
    """The board tells table and hour of everybody as they now stand."""
    board.page.reload()
    rows = board.page.locator("main tbody tr")
    for appointment in meeting.appointments.filter(is_active=True).select_related("table", "review__supply"):
        row = rows.filter(has_text=appointment.review.supply.organisation.name)
        expect(row.locator("td").nth(0)).to_have_text(_hour(appointment))
        expect(row.locator("td").nth(2)).to_have_text(str(appointment.table.number))


def test_the_rest_of_the_day_is_planned_anew(arrive: Arrive, monkeypatch: pytest.MonkeyPatch) -> None:
    here = world.build()
    _first, late = crowd(here, [(0, 0), (1, 1)])
    meeting = to_today(approved(here, factories.make_rule(here.chain, tables=2)))
    before = _place(late)
    strike(monkeypatch, 8.5)
    desk, board = arrive(here.office), arrive(here.department)
    firm = _on_a_phone(arrive, _user_of(late.supply.organisation))
    board.open(f"/meetings/{meeting.pk}/floor/")

    desk.open(f"/meetings/{meeting.pk}/desk/?q={late.supply.organisation.name}")
    desk.page.click("details.floor-late > summary")
    desk.page.click("a[href*='/desk/replan/?firm=']")
    expect(desk.page.locator("#id_organisation")).to_have_value(str(late.supply.organisation_id))
    desk.page.fill("#id_comes_at", "10:00")
    desk.page.click("main form button[type=submit]")
    draft = _computed(desk)
    desk.sees("1 场洽谈有变化")
    keep_up(meeting_id=meeting.pk, now=timezone.now())
    assert _place(late).during == before.during
    desk.press("apply")
    desk.sees("新的安排已生效")
    place = _place(late)
    assert place.during.lower == before.during.lower + timedelta(hours=1)
    keep_up(meeting_id=meeting.pk, now=timezone.now())
    _sees_the_plan(board, meeting)
    firm.open("/appointments/")
    firm.sees(_hour(place))
    firm.open("/notices/")
    firm.sees("洽谈安排有调整")

    desk.open(f"/meetings/{meeting.pk}/desk/replan/")
    desk.page.get_by_label(f"{place.table.number} 号桌").check()
    desk.page.click("main form button[type=submit]")
    assert _computed(desk).pk != draft.pk
    desk.press("apply")
    desk.sees("新的安排已生效")
    assert _place(late).table.number != place.table.number
    _sees_the_plan(board, meeting)
    firm.open("/appointments/")
    firm.sees(f"{_place(late).table.number} 号桌")
    assert faults(SigningMeeting.objects.get(pk=meeting.pk)) == []
