"""The day of a meeting: desk, board and wall in browsers of their own; a result on a phone off the net."""

from __future__ import annotations

from decimal import Decimal

from playwright.sync_api import expect

from matching.agreements.models import Outcome
from matching.floor.codes import code_of
from tests import factories, world
from tests.browser.conftest import Arrive
from tests.floor.days import meeting_today


def test_from_the_door_to_the_table(arrive: Arrive) -> None:
    here = world.build()
    meeting = meeting_today(here)
    member = factories.firm_of(here.member)
    first = meeting.appointments.order_by("slot")[0]
    desk, table, firm = arrive(here.office), arrive(here.department), arrive(here.member)
    for person in (table, firm):
        person.page.set_viewport_size({"width": 390, "height": 844})

    firm.open(f"/meetings/{meeting.pk}/pass/")
    firm.sees(code_of(meeting.pk, member.pk))
    picture = firm.page.locator(".floor-pass img")
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 0

    desk.open(f"/meetings/{meeting.pk}/desk/")
    desk.page.fill("#q", code_of(meeting.pk, member.pk))
    desk.page.keyboard.press("Enter")
    desk.press("check_in")
    desk.sees("已到 1 家")

    table.open(f"/meetings/{meeting.pk}/floor/")
    table.press("begin")
    table.sees_state("running")
    table.page.goto(f"/appointments/{first.pk}/result/")
    table.page.check("input[name=result][value=intent]")
    table.page.fill("#id_amount", "50")
    table.page.fill("#id_next_step", "寄样")
    table.page.context.set_offline(True)
    table.page.click("main form button[type=submit]")
    expect(table.page.locator("[data-keep-told]")).to_contain_text("网络恢复后自动提交")
    table.page.context.set_offline(False)
    table.page.wait_for_url(f"**/meetings/{meeting.pk}/floor/")
    expect(table.page.locator("body")).to_contain_text("结果已登记")
    table.noise.clear()
    outcome = Outcome.objects.get()
    assert outcome.agreement is not None
    assert (outcome.agreement.amount, outcome.next_step) == (Decimal(500_000), "寄样")

    desk.open(f"/meetings/{meeting.pk}/floor/wall/")
    desk.sees("号桌")
    desk.page.goto(f"/appointments/{first.pk}/result/")
    expect(desk.page.locator("#id_amount")).to_have_value("50")


def test_what_was_typed_is_there_again_after_a_reload(arrive: Arrive) -> None:
    here = world.build()
    meeting = meeting_today(here)
    first = meeting.appointments.order_by("slot")[0]
    person = arrive(here.office)
    person.open(f"/appointments/{first.pk}/result/")
    person.page.check("input[name=result][value=quote]")
    person.page.fill("#id_next_step", "一周内报价")
    person.page.reload()
    expect(person.page.locator("#id_next_step")).to_have_value("一周内报价")
    expect(person.page.locator("input[name=result][value=quote]")).to_be_checked()
    person.sees("已重新填入")
