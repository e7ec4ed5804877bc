"""A signing meeting in two browsers at once: proposed, agreed to, confirmed, answered, planned anew."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils import timezone
from playwright.sync_api import Browser, expect

from accounts.models import Organisation, User
from accounts.roles import Role
from matching.invitations.queries import link_path
from matching.invitations.services import keep_up
from matching.meetings.models import Appointment, MeetingRule, PlanDraft, SigningMeeting
from matching.meetings.services import compute_draft, decide, propose
from matching.meetings.states import MeetingAction, MeetingState
from tests import factories, world
from tests.browser.conftest import Arrive
from tests.browser.pages import PHONE, Inspector
from tests.browser.people import Person
from tests.invitations.inviting import invitation_of
from tests.meetings.crowd import crowd
from tests.meetings.pairs import accept_all


def _computed(**which: Any) -> None:
    """Do the workers' part of the drafts."""
    for draft in PlanDraft.objects.filter(**which):
        compute_draft(draft_id=draft.pk)


def _rules(person: Person, chain: str, venue: uuid.UUID) -> None:
    """Ask for a signing meeting a month, with the chain head's approval."""
    person.open("/meetings/rules/")
    person.page.click(f"a[href^='/meetings/rules/{chain}/?event=signing']")
    person.page.select_option("#id_venue", str(venue))
    person.page.check("#id_needs_head")
    person.page.click("main form button[type=submit]")
    person.sees("是")


def test_from_the_rule_to_the_chain_head_s_approval(arrive: Arrive) -> None:
    here = world.build()
    head = factories.make_user(Role.CHAIN_HEAD, chains=(here.chain.pk,))
    venue = factories.make_rule(factories.make_chain("nev", "新能源汽车")).venue
    accept_all(here, demands=3)
    department, stale = arrive(here.department), arrive(here.department)

    _rules(department, here.chain.pk, venue.pk)
    department.proposes_meeting(here.chain.pk)
    meeting = SigningMeeting.objects.get(chain=here.chain)
    _computed(meeting=meeting, author=None)
    address = f"/meetings/{meeting.pk}/"
    assert Inspector(department.page).faults(address) == []
    department.sees("备选方案")
    stale.open(address)
    department.page.locator("a[href^='/meetings/drafts/']").first.click()
    department.sees(f"现安排：{meeting.date:%Y-%m-%d}")
    department.press("apply")
    department.sees_state("proposed")
    later = SigningMeeting.objects.get(pk=meeting.pk).date
    assert later > meeting.date

    stale.press("endorse")
    stale.sees("打开本页后安排已有变化，请查看后再决定。")
    stale.sees_state("proposed")
    department.press("endorse")
    department.sees_state("endorsed")
    stale.press("endorse")
    stale.sees("当前状态“待链长审定”不能进行“同意并报链长”。")

    chief = arrive(head)
    chief.open("/meetings/")
    chief.page.click(f"table a[href='{address}']")
    chief.press("confirm")
    chief.sees_state("approved")
    member = arrive(here.member)
    member.open("/appointments/")
    member.sees(f"{later:%Y-%m-%d}")
    member.sees(factories.firm_of(here.leader).name)
    assert SigningMeeting.objects.get(pk=meeting.pk).state == MeetingState.APPROVED


def _of(firm: Organisation) -> User:
    return User.objects.get(memberships__organisation=firm)


def _answers_by_link(browser: Browser, server: str, link: str) -> None:
    """Accept on a phone, without signing in."""
    context = browser.new_context(base_url=server, viewport={"width": PHONE[0], "height": PHONE[1]})
    page = context.new_page()
    page.goto(link)
    page.fill("#id_people-0-name", "李娜")
    page.click("button[value=accept]")
    expect(page.locator("h1")).to_have_text("回复已登记")
    context.close()


def test_a_refusal_and_a_lost_table_change_the_plan(
    arrive: Arrive, browser: Browser, live_server: Any
) -> None:
    here = world.build()
    made = propose(rule_id=_crowded(here).pk, today=timezone.localdate())
    assert made is not None
    meeting = decide(actor=here.department, meeting_id=made.pk, action=MeetingAction.APPROVE)
    keep_up(meeting_id=meeting.pk, now=timezone.now())
    stays = meeting.appointments.exclude(review__supply__organisation=factories.firm_of(here.member))
    seller = _of(stays[0].review.supply.organisation)

    _answers_by_link(browser, live_server.url, link_path(invitation_of(meeting, seller), seller))
    member, office = arrive(here.member), arrive(here.office)
    member.open("/invitations/")
    member.page.click("main table a")
    member.page.fill("#id_reason", "设备检修")
    member.press("decline")
    member.sees("设备检修")
    keep_up(meeting_id=meeting.pk, now=timezone.now())
    office.open(f"/meetings/{meeting.pk}/invitations/")
    office.sees("设备检修")
    office.sees("李娜")

    lost = stays.filter(is_active=True).order_by("table__number")[0]
    office.open(f"/meetings/{meeting.pk}/change/")
    office.page.get_by_label(f"{lost.table.number} 号桌").check()
    office.page.click("main form button[type=submit]")
    office.sees_state("waiting")
    _computed(meeting=meeting, author=here.office)
    office.page.reload()
    office.sees("1 场洽谈有变化")
    office.press("apply")
    office.sees("新的安排已生效")
    keep_up(meeting_id=meeting.pk, now=timezone.now())
    now = Appointment.objects.select_related("table").get(meeting=meeting, review=lost.review, is_active=True)
    assert now.table.number != lost.table.number
    for person in (arrive(_of(lost.review.demand.organisation)), arrive(seller)):
        person.open("/notices/")
        person.sees("洽谈安排有调整")
        person.open("/appointments/")
        person.sees(f"{now.table.number} 号桌")


def _crowded(here: world.World) -> MeetingRule:
    """Two leader firms and two member firms, all of whom want each other."""
    crowd(here, [(0, 0), (0, 1), (1, 0), (1, 1)])
    return factories.make_rule(here.chain, tables=3)
