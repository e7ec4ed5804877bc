"""Invited, answered on a phone without signing in, and the waiting list moving up, in Chromium."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from playwright.sync_api import Browser, expect

from accounts.roles import Role
from matching.invitations.models import Invitation
from matching.invitations.queries import link_path
from matching.invitations.services import keep_up
from matching.invitations.states import AnswerVia, InvitationState
from matching.review.models import Review
from matching.review.states import ReviewState
from tests import factories, world
from tests.browser.conftest import Arrive
from tests.browser.pages import EXCESS, PHONE
from tests.invitations.inviting import invitation_of, invited


def test_an_invitation_is_answered_on_a_phone_without_signing_in(
    browser: Browser, arrive: Arrive, live_server: Any
) -> None:
    here = world.build()
    meeting = invited(here)
    link = link_path(invitation_of(meeting, here.member), here.member)
    phone = browser.new_context(
        base_url=live_server.url, viewport={"width": PHONE[0], "height": PHONE[1]}, java_script_enabled=False
    ).new_page()
    phone.goto(link)
    expect(phone.locator("h1")).to_have_text(meeting.title)
    assert phone.locator("main").inner_text().count(factories.firm_of(here.leader).name) == 0
    phone.fill("#id_people-0-name", "李娜")
    phone.fill("#id_people-0-phone", "13900000000")
    phone.click("button[value=accept]")
    expect(phone.locator("h1")).to_have_text("回复已登记")
    found = invitation_of(meeting, here.member)
    assert (found.state, found.via) == (InvitationState.ACCEPTED, AnswerVia.LINK)
    phone.goto(link)
    expect(phone.locator("h1")).to_have_text("链接已失效")
    office = arrive(here.office)
    office.open(f"/meetings/{meeting.pk}/invitations/")
    office.sees("李娜")
    assert office.faults == []


def test_a_refusal_lets_the_waiting_list_move_up(arrive: Arrive) -> None:
    here = world.build()
    meeting = invited(here, demands=2)
    first, second = Review.objects.order_by("pk")
    waiting = factories.make_user(Role.MEMBER_FIRM)
    supply = factories.make_supply(waiting, here.chain)
    type(supply).objects.filter(pk=supply.pk).update(state="verified")
    Review.objects.create(
        demand=first.demand,
        supply=supply,
        match=second.match,
        state=ReviewState.ACCEPTED,
        accepted_at=timezone.now(),
    )
    member, other = arrive(here.member), arrive(waiting)
    member.open("/invitations/")
    member.page.click("main table a")
    member.page.fill("#id_reason", "设备检修")
    member.press("decline")
    member.sees("设备检修")
    keep_up(meeting_id=meeting.pk, now=timezone.now())
    other.open("/invitations/")
    other.page.click("main table a")
    other.press("accept")
    expect(other.page.locator(".page-head .state-accepted")).to_be_visible()
    assert Invitation.objects.get(organisation=factories.firm_of(waiting)).offered
    other.page.click("a[href$='/agenda/']")
    other.sees(factories.firm_of(here.leader).name)
    other.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert other.page.evaluate(EXCESS) == 0
    assert (member.faults, other.faults) == ([], [])
