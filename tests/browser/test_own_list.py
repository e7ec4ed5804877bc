"""A firm keeps its list in a real browser, also on a phone."""

from __future__ import annotations

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from matching.lists.models import DemandLine
from matching.lists.states import LineState
from tests import factories, world
from tests.browser.conftest import Arrive


@pytest.mark.django_db(transaction=True)
def test_a_row_is_changed_duplicated_and_withdrawn(arrive: Arrive) -> None:
    here = world.build()
    for number in range(3):
        factories.make_demand(here.leader, here.chain, key=f"D{number}")
    leader = arrive(here.leader)
    leader.open("/lists/demand/?sort=key")
    page = leader.page
    first = page.locator("tbody tr").first
    first.locator(".row-actions a").click()
    quantity = page.locator("input[name='quick-quantity']")
    expect(page.locator("input[name='quick-title']")).to_be_focused()
    leader.settles()
    quantity.fill("many")
    quantity.press("Enter")
    expect(page.locator("tr.editing .text-danger")).to_be_visible()
    expect(quantity).to_have_value("many")
    leader.settles()
    # The browser itself notes an answer that refuses something.
    (refused,) = leader.noise
    assert "422" in refused
    leader.noise.clear()
    quantity.fill("12,500")
    quantity.press("Enter")
    expect(first).to_contain_text("12,500")
    expect(page.locator("#messages .alert-success")).to_be_visible()
    assert DemandLine.objects.get(key="D0").quantity == Decimal(12_500)

    first.locator(".row-actions a").click()
    page.locator("input[name='quick-unit']").fill("吨")
    leader.settles()
    page.keyboard.press("Escape")
    expect(page.locator("tr.editing")).to_have_count(0)
    expect(first).not_to_contain_text("吨")

    first.locator(".row-actions button").click()
    expect(page.locator("#id_title")).to_have_value("N型单晶硅片")
    assert DemandLine.objects.count() == 4

    leader.open("/lists/demand/?sort=key")
    for tick in page.locator("input[name='line']").all()[:2]:
        tick.check()
    leader.press("withdraw")
    expect(page.locator("h1")).to_contain_text("2")
    page.locator("button[name='confirmed']").click()
    expect(page.locator(".state-withdrawn")).to_have_count(2)
    assert DemandLine.objects.filter(state=LineState.WITHDRAWN).count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_list_fits_a_phone(arrive: Arrive) -> None:
    here = world.build()
    factories.make_supply(here.member, here.chain)
    member = arrive(here.member)
    member.page.set_viewport_size({"width": 390, "height": 844})
    member.open("/lists/supply/")
    page = member.page
    page.locator(".completeness summary").click()
    expect(page.locator(".gaps li").first).to_be_visible()
    page.locator(".row-actions a").click()
    expect(page.locator("tr.editing")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.django_db(transaction=True)
def test_recognised_values_fill_their_fields(arrive: Arrive) -> None:
    here = world.build()
    member = arrive(here.member)
    member.open("/lists/supply/new/")
    page = member.page
    page.fill("#id_description", "执行GB/T 713-2014，通过ISO 9001认证，供货周期6周，厚度3mm")
    page.click("button[hx-target='#recognised']")
    add = page.locator("button[hx-target='#properties-rows'][hx-post]")
    add.click()
    expect(page.locator("#recognised-told")).not_to_be_empty()
    for tick in page.locator("input[name$='-pick']").all():
        tick.check()
    add.click()
    expect(page.locator("#id_standards")).to_have_value("GB/T 713-2014")
    expect(page.locator("#id_lead_time")).to_have_value("6")
    expect(page.locator("#id_lead_time_unit")).to_have_value("week")
    expect(page.locator("#id_certificates-3-name")).to_have_value("ISO 9001")
    expect(page.locator("#id_properties-3-parameter")).to_have_value("厚度")
