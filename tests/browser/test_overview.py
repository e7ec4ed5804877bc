"""Charts, the wall screen and the sign-up of a firm in a real browser."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.core.cache import caches
from playwright.sync_api import Browser, expect

from accounts.roles import Role
from matching.chains.models import Region
from matching.joining import tasks
from matching.joining.models import JoinRequest
from matching.joining.states import JoinState
from matching.notices.models import OutboxMessage
from tests import factories, world
from tests.browser.conftest import Arrive


@pytest.mark.django_db(transaction=True)
def test_a_chart_is_drawn_from_its_table_and_leads_to_the_rows(arrive: Arrive) -> None:
    here = world.build()
    world.finished_run(here, demands=2, supplies=2)
    office = arrive(here.office)
    office.open("/overview/?chain=photovoltaic")
    figure = office.page.locator("#coverage")
    expect(figure.locator("canvas")).to_be_visible()
    expect(figure.locator("[aria-label*='100.0%']")).to_have_count(1)
    expect(figure.locator("table")).not_to_be_visible()
    office.page.keyboard.press("Tab")
    figure.locator("summary").focus()
    office.page.keyboard.press("Enter")
    expect(figure.locator("table")).to_be_visible()
    picture = figure.locator(".picture").bounding_box()
    assert picture is not None
    office.page.mouse.click(picture["x"] + picture["width"] / 2, picture["y"] + picture["height"] / 2 - 8)
    office.page.wait_for_url("**/overview/rows/**show=covered**")
    expect(office.page.locator("main tbody tr")).to_have_count(2)


@pytest.mark.django_db(transaction=True)
def test_the_wall_is_left_by_the_escape_key(arrive: Arrive) -> None:
    here = world.build()
    world.finished_run(here)
    office = arrive(here.office)
    office.open("/overview/wall/?chain=photovoltaic")
    expect(office.page.locator("canvas").first).to_be_visible()
    office.page.keyboard.press("Escape")
    office.page.wait_for_url("**/overview/?chain=photovoltaic")


def _link(live_server: Any) -> str:
    for message in OutboxMessage.objects.filter(task="joining.mail"):
        tasks.mail(*message.arguments)
        message.delete()
    found = re.search(r"https?://[^/]+(/\S+)", str(mail.outbox[-1].body))
    assert found is not None
    return f"{live_server.url}{found[1]}"


@pytest.mark.django_db(transaction=True)
def test_a_firm_joins_on_a_phone(browser: Browser, live_server: Any, arrive: Arrive) -> None:
    caches["process"].clear()
    factories.make_chain()
    for code, name, level, parent in (
        ("14", "山西省", "province", None),
        ("13", "河北省", "province", None),
        ("1401", "太原市", "city", "14"),
        ("1302", "唐山市", "city", "13"),
    ):
        Region.objects.create(code=code, name=name, level=level, parent_id=parent)
    city = factories.make_user(Role.CITY_TASK_FORCE, regions=("13",))
    context = browser.new_context(base_url=live_server.url, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto("/")
    page.click("main a[href='/join/'], .hero a[href='/join/']")
    page.check("input[value='member_firm']")
    page.fill("#id_name", "示例新材料有限公司")
    page.fill("#id_uscc", factories.credit_code(77_002))
    with page.expect_response("**/join/places/**"):
        page.select_option("#id_province", "13")
    page.select_option("#id_region", "1302")
    page.check("input[value='photovoltaic']")
    page.fill("#id_contact_name", "王某")
    page.fill("#id_phone", "0315-1234567")
    page.fill("#id_email", "wang@example.com")
    page.check("#id_consent")
    page.click("main button.btn-primary")
    expect(page.locator("h1")).to_have_text("请查收邮件")
    page.goto(_link(live_server))
    page.click("main button.btn-primary")
    expect(page.locator("h1")).to_have_text("申请已送达")
    clerk = arrive(city)
    clerk.open("/firms/requests/")
    clerk.press("verify")
    expect(clerk.page.locator("main .alert-success")).to_be_visible()
    page.goto(_link(live_server))
    for number in (1, 2):
        page.fill(f"#id_password{number}", "a long password 7")
    page.click("main button[type=submit]")
    context.close()
    assert JoinRequest.objects.get().state == JoinState.VERIFIED
