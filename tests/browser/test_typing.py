"""A leader firm types a need and sees what is similar, without sending the form."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings
from playwright.sync_api import expect

from matching.lists.models import DemandLine
from matching.lists.queries import similar
from matching.lists.services import refresh_live_indexes
from matching.lists.states import LineState
from tests import factories, world
from tests.browser.conftest import Arrive


@pytest.mark.django_db(transaction=True)
def test_typing_shows_similar_products(arrive: Arrive, settings: LazySettings, tmp_path: Path) -> None:
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "artefacts": files}
    similar.forget()
    here = world.build()
    factories.make_supply(here.member, here.chain, state=LineState.VERIFIED, title="单晶硅片")
    refresh_live_indexes()
    leader = arrive(here.leader)
    leader.open("/lists/demand/new/")
    panel = leader.page.locator("aside.beside")
    expect(panel.locator(".similar li")).to_have_count(0)
    leader.page.select_option("#id_chain", here.chain.pk)
    with leader.page.expect_response("**/lists/demand/similar/") as answered:
        leader.page.locator("#id_title").press_sequentially("单晶硅", delay=20)
    assert answered.value.status == 200
    expect(panel.locator(".similar .product")).to_have_text(["单晶硅片"])
    expect(panel).not_to_contain_text(factories.firm_of(here.member).name)
    leader.page.fill("#id_title", "法兰轴承座")
    expect(panel.locator("[aria-live] p")).to_be_visible()
    expect(panel.locator(".similar")).to_have_count(0)
    assert DemandLine.objects.count() == 0
