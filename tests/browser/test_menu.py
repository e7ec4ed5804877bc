"""The main menu: one line on an office's screen, by mouse and keyboard, with and without JavaScript."""

from __future__ import annotations

from playwright.sync_api import expect

from accounts.roles import Role
from tests import factories, world
from tests.browser.conftest import Arrive

ONE_LINE = 60
"""Pixels: a second line would make the head 80 high."""


def test_the_menu_stands_in_one_line_and_opens_by_keyboard(arrive: Arrive) -> None:
    here = world.build()
    person = arrive(here.office)
    page = person.page
    for language in ("en", "zh-hans"):
        page.click(f"button[name=language][value={language}]")
        height = page.locator("header.top").evaluate("head => head.offsetHeight")
        assert height < ONE_LINE, language

    lists, matching = page.locator("nav details.group").nth(0), page.locator("nav details.group").nth(1)
    lists.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(lists.locator("a[href='/lists/demand/']")).to_be_visible()
    matching.locator("summary").click()
    expect(lists).not_to_have_attribute("open", "")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(matching).not_to_have_attribute("open", "")
    expect(matching.locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    page.click("h1")
    expect(matching).not_to_have_attribute("open", "")

    person.choose("/runs/")
    expect(page.locator("nav a[aria-current=page]")).to_have_attribute("href", "/runs/")
    expect(matching.locator("summary")).to_have_attribute("aria-current", "true")


def test_the_menu_works_without_javascript(arrive: Arrive) -> None:
    office = factories.make_user(Role.CHAIN_OFFICE)
    person = arrive(office, java_script_enabled=False)
    person.choose("/meetings/")
    expect(person.page.locator("h1")).to_have_text("签约会")
    person.page.locator("nav details.group > summary").last.click()
    person.page.click("nav a[href='/accounts/sessions/']")
    expect(person.page.locator("h1")).to_have_text("我的登录")
