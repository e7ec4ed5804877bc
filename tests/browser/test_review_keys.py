"""The review screen by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from matching.review.models import Decision, Review
from matching.runs.models import Match
from tests import world
from tests.browser.conftest import Arrive


@pytest.mark.django_db(transaction=True)
def test_decisions_by_keyboard(arrive: Arrive) -> None:
    here = world.build()
    run = world.finished_run(here, demands=2, supplies=3)
    office = arrive(here.office)
    office.open(f"/runs/{run.pk}/matches/")
    page, keys, spoken = office.page, office.page.keyboard, office.page.locator("#spoken")
    cards = page.locator("article.offer")
    expect(cards).to_have_count(3)

    keys.press("2")
    expect(cards.nth(1)).to_be_focused()
    keys.press("ArrowUp")
    expect(cards.nth(0)).to_be_focused()
    keys.press("a")
    expect(cards.nth(0).locator(".state-shortlisted")).to_be_visible()
    expect(spoken).to_contain_text("列入洽谈")
    expect(cards.nth(1)).to_be_focused()
    office.settles()

    keys.press("x")
    expect(cards.nth(1).locator("input[name=reason]")).to_be_focused()
    keys.type("jk交期过长")
    keys.press("Enter")
    expect(cards.nth(1).locator(".state-rejected")).to_be_visible()
    office.settles()
    keys.press("u")
    expect(cards.nth(1).locator("button[value=shortlist]")).to_be_visible()
    office.settles()

    first = page.locator("a.demand-item[aria-current]").get_attribute("id")
    keys.press("j")
    expect(page.locator("a.demand-item[aria-current]")).not_to_have_id(first or "")
    expect(cards.locator(".state-shortlisted")).to_have_count(0)
    office.settles()
    with page.expect_response("**/review/"):
        keys.press("u")
    expect(page.locator("a.demand-item[aria-current]")).to_have_id(first or "")
    expect(spoken).to_contain_text("重新处理")
    assert list(Decision.objects.values_list("action", "reason")) == [
        ("shortlist", ""),
        ("reject", "jk交期过长"),
        ("reopen", ""),
        ("reopen", ""),
    ]
    assert set(Review.objects.values_list("state", flat=True)) == {"pending"}

    page.locator("#keys summary").click()
    page.uncheck("#keys-on")
    page.locator("#main").focus()
    keys.press("a")
    keys.press("c")
    assert "/matches/?demand=" in page.url
    page.check("#keys-on")
    keys.press("c")
    expect(page.locator("table.compared thead th")).to_have_count(5)
    assert Decision.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_review_without_javascript(arrive: Arrive) -> None:
    here = world.build()
    run = world.finished_run(here)
    office = arrive(here.office, java_script_enabled=False)
    office.open(f"/runs/{run.pk}/matches/")
    card = office.page.locator("article.offer").first
    card.locator("details.reject > summary").click()
    card.locator("input[name=reason]").fill("产能不足")
    card.locator("input[name=reason]").press("Enter")
    office.sees_state("rejected")
    assert list(Review.objects.values_list("state", "match")) == [
        ("rejected", Match.objects.order_by("rank")[0].pk)
    ]
