"""Lists on paper: within an A4 page, headed by their columns, without what only works on a screen."""

from __future__ import annotations

from playwright.sync_api import expect

from accounts.roles import Role
from matching.lists.states import LineState
from tests import factories
from tests.browser.conftest import Arrive
from tests.browser.pages import EXCESS

NARROWEST = {"width": 620, "height": 1000}
"""A4 upright with wide margins, in CSS pixels: on a phone as narrow as that, rows are stacked."""


def test_a_list_is_printed_as_a_table(arrive: Arrive) -> None:
    chain = factories.make_chain()
    user = factories.make_user(Role.LEADER_FIRM)
    for _number in range(3):
        factories.make_demand(user, chain, state=LineState.VERIFIED)
    person = arrive(user)
    page = person.page
    page.set_viewport_size(NARROWEST)  # type: ignore[arg-type]
    page.emulate_media(media="print")
    person.open("/lists/demand/")
    expect(page.locator("main tbody tr")).to_have_count(3)
    for screen_only in ("nav.navbar", "form.filters", "footer.foot", "#messages"):
        expect(page.locator(screen_only)).to_be_hidden()
    style = "getComputedStyle(document.querySelector('main table thead'))"
    assert page.evaluate(f"[{style}.display, {style}.position]") == ["table-header-group", "static"]
    assert page.evaluate(EXCESS) == 0
