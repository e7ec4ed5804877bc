"""The verification queue by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from matching.lists.models import DemandLine
from matching.lists.states import LineState
from tests import factories, world
from tests.browser.conftest import Arrive


def _waiting() -> world.World:
    here = world.build()
    for key in ("D1", "D2", "D3", "D4"):
        factories.make_demand(here.leader, here.chain, key=key, title=key, state=LineState.SUBMITTED)
    return here


def _states() -> dict[str, str]:
    return dict(DemandLine.objects.values_list("key", "state"))


@pytest.mark.django_db(transaction=True)
def test_lines_are_verified_and_returned_by_keyboard(arrive: Arrive) -> None:
    office = arrive(_waiting().office)
    office.open("/verification/")
    page, keys = office.page, office.page.keyboard
    rows, current = page.locator("tr[data-line]"), page.locator("tr.current")
    expect(rows).to_have_count(4)

    keys.press("j")
    expect(rows.nth(0).get_by_role("checkbox")).to_be_focused()
    keys.press("j")
    keys.press("j")
    keys.press("k")
    expect(rows.nth(1).get_by_role("checkbox")).to_be_focused()
    second = rows.nth(1).locator("a").inner_text()
    third = rows.nth(2).locator("a").inner_text()
    keys.press("v")
    expect(rows).to_have_count(3)
    expect(current.locator("a")).to_have_text(third)
    expect(current.get_by_role("checkbox")).to_be_focused()

    keys.press("r")
    reason = page.locator("#bulk-reason")
    expect(reason).to_be_focused()
    keys.type("v")
    keys.press("Escape")
    expect(current.get_by_role("checkbox")).to_be_focused()
    keys.press("r")
    keys.type(":缺少图号")
    keys.press("Enter")
    expect(rows).to_have_count(2)
    line = DemandLine.objects.get(key=third)
    assert (line.state, line.reason) == ("returned", "v:缺少图号")
    assert _states()[second] == "verified"

    keys.press("?")
    expect(page.locator("#keys")).to_have_attribute("open", "")
    page.uncheck("#keys-on")
    keys.press("v")
    page.check("#keys-on")
    assert sorted(_states().values()) == ["returned", "submitted", "submitted", "verified"]


@pytest.mark.django_db(transaction=True)
def test_ticked_lines_go_first(arrive: Arrive) -> None:
    office = arrive(_waiting().office)
    office.open("/verification/")
    keys, rows = office.page.keyboard, office.page.locator("tr[data-line]")
    ticked = [rows.nth(place).locator("a").inner_text() for place in (0, 2)]
    for key in "jtjjtkv":
        keys.press(key)
    expect(rows).to_have_count(2)
    assert {key for key, state in _states().items() if state == "verified"} == set(ticked)


@pytest.mark.django_db(transaction=True)
def test_the_queue_without_javascript(arrive: Arrive) -> None:
    office = arrive(_waiting().office, java_script_enabled=False)
    office.open("/verification/")
    rows = office.page.locator("tr[data-line]")
    expect(office.page.locator("#keys")).to_be_hidden()
    rows.nth(0).get_by_role("checkbox").check()
    office.page.locator("button[value=verify]").click()
    expect(rows).to_have_count(3)
