"""Every role on a phone in English, and the essential path of the programme without any JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.roles import Role
from matching.lists.models import DemandLine
from matching.lists.states import LineState
from matching.review.models import Review
from matching.review.states import ReviewState
from matching.runs.models import MatchingList, MatchingRun
from tests import factories, world
from tests.browser.conftest import Arrive
from tests.browser.pages import EXCESS, PHONE

READERS = (Role.LEAD_DEPARTMENT, Role.CHAIN_HEAD, Role.CHIEF_CHAIN_HEAD)
OFFICES = (*READERS, Role.CHAIN_OFFICE, Role.CITY_TASK_FORCE)


def _person(role: Role, here: world.World) -> User:
    if role == Role.CITY_TASK_FORCE:
        return factories.make_user(role, chains=(here.chain.pk,), regions=("1401",))
    if role in OFFICES:
        return factories.make_user(role, chains=(here.chain.pk,))
    return here.leader if role == Role.LEADER_FIRM else here.member


def _open_menu(page: Page) -> None:
    page.click(".navbar-toggler")
    expect(page.locator("#menu.show")).to_be_visible()


@pytest.mark.parametrize("role", [*OFFICES, Role.LEADER_FIRM, Role.MEMBER_FIRM])
def test_every_role_finds_its_pages_on_a_phone_in_english(arrive: Arrive, role: Role) -> None:
    here = world.build()
    world.finished_run(here)
    person = arrive(_person(role, here), reduced_motion="reduce")
    page = person.page
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    _open_menu(page)
    page.click("button[name=language][value=en]")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    entries = [link.get_attribute("href") for link in page.locator("#menu a.nav-link").all()]
    assert len(entries) >= 5
    for entry in entries:
        _open_menu(page)
        person.choose(str(entry))
        expect(page.locator("h1")).to_be_visible()
        assert page.evaluate(EXCESS) == 0, entry
        if role in READERS:
            assert (
                page.locator("main button:is([value=verify], [value=shortlist], [value=close])").count() == 0
            )


def test_the_essential_path_needs_no_javascript(arrive: Arrive) -> None:
    here = world.build()
    factories.make_supply(here.member, here.chain, state=LineState.VERIFIED)
    leader = arrive(here.leader, java_script_enabled=False)
    leader.open(f"/lists/demand/new/?chain={here.chain.pk}")
    leader.page.fill("#id_title", "钢板")
    leader.page.fill("#id_quantity", "10")
    leader.page.fill("#id_unit", "件")
    leader.press("submit")
    leader.sees_state("submitted")
    need = DemandLine.objects.get()
    example = factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED)

    office = arrive(here.office, java_script_enabled=False)
    office.open("/verification/?side=demand")
    office.page.check(f"input[name=line][value='{need.pk}']")
    office.press("verify")
    need.refresh_from_db()
    assert need.state == LineState.VERIFIED
    office.closes_the_round()
    office.page.locator("main button[name='round']").first.click()
    run = world.compute(MatchingRun.objects.get())
    office.open(f"/runs/{run.pk}/matches/?demand={example.pk}")
    office.page.locator("article.offer button[value='shortlist']").first.click()
    office.sees_state("shortlisted")

    leader.says_yes()
    member = arrive(here.member, java_script_enabled=False)
    member.says_yes()
    assert Review.objects.get().state == ReviewState.ACCEPTED
    office.open(f"/runs/{run.pk}/publish/")
    office.page.click("form.form-foot button[type=submit]")
    assert MatchingList.objects.get().run_id == run.pk
