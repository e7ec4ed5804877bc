"""A network that breaks: it is told, what was typed stays, and nothing is sent twice."""

from __future__ import annotations

from playwright.sync_api import Route, expect

from accounts.roles import Role
from matching.lists.models import DemandLine
from tests import factories
from tests.browser.conftest import Arrive


def test_a_broken_network_is_told_and_keeps_what_was_typed(arrive: Arrive) -> None:
    chain = factories.make_chain()
    factories.make_round(chain)
    person = arrive(factories.make_user(Role.LEADER_FIRM))
    page = person.page
    person.open("/lists/demand/new/")
    page.fill("#id_title", "单晶硅片")
    page.context.set_offline(True)
    page.click("button[hx-get='/lists/rows/requirements/']")
    expect(page.locator("#network")).to_contain_text("无法连接服务器")
    person.press("submit")
    expect(page.locator("#id_title")).to_have_value("单晶硅片")
    page.context.set_offline(False)
    page.click("button[hx-get='/lists/rows/requirements/']")
    expect(page.locator("#network")).to_be_hidden()
    person.noise.clear()


def test_a_form_pressed_twice_is_sent_once(arrive: Arrive) -> None:
    chain = factories.make_chain()
    factories.make_round(chain)
    person = arrive(factories.make_user(Role.LEADER_FIRM))
    page = person.page
    person.open(f"/lists/demand/new/?chain={chain.pk}")
    page.fill("#id_title", "单晶硅片")
    sent: list[str] = []

    def slowly(route: Route) -> None:
        if route.request.method == "POST":
            sent.append(route.request.url)
            page.wait_for_timeout(300)
        route.continue_()

    page.route("**/lists/demand/new/**", slowly)
    button = page.locator("main form button[type=submit]").first
    button.dblclick(no_wait_after=True)
    page.wait_for_url("**/lists/demand/*-*/")
    assert len(sent) == 1
    assert DemandLine.objects.count() == 1
