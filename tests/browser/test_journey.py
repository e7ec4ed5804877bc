"""From two lists to an approved signing meeting, clicked in Chromium and computed by a real worker."""

from __future__ import annotations

from django.utils import timezone

from accounts.roles import Role
from matching.chains.services import load_reference
from matching.invitations.services import keep_all_up
from matching.lists.models import Round
from matching.meetings.models import SigningMeeting
from matching.meetings.states import MeetingState
from matching.review.models import Review
from matching.review.states import ReviewState
from matching.runs.models import MatchingList
from tests import factories
from tests.browser.conftest import Arrive
from tests.services import WorkerProcess

WAFER = "单晶硅片"


def test_from_two_lists_to_a_signing_meeting(clock: WorkerProcess, arrive: Arrive) -> None:
    chain = factories.make_chain()
    factories.make_round(chain)
    factories.make_rule(chain)
    leader_user = factories.make_user(Role.LEADER_FIRM)
    member_user = factories.make_user(Role.MEMBER_FIRM)
    office_user = factories.make_user(Role.CHAIN_OFFICE, chains=(chain.pk,))
    department_user = factories.make_user(Role.LEAD_DEPARTMENT, chains=(chain.pk,))

    leader = arrive(leader_user)
    leader.enter_line(
        "demand",
        {"chain": chain.pk, "title": "N型单晶硅片 182mm", "quantity": "100000", "unit": "片"},
        {"厚度": "130±10μm", "电阻率": "0.5~1.5Ω·cm", "导电类型": "N型", "少子寿命": "≥800μs"},
        rows_name="requirements",
        node=WAFER,
    )
    leader.sees("120~140μm")

    member = arrive(member_user)
    member.enter_line(
        "supply",
        {"chain": chain.pk, "title": "N型182单晶硅片", "unit": "片", "free_capacity": "300000"},
        {"厚度": "130μm", "电阻率": "0.8~1.2Ω·cm", "导电类型": "N型"},
        rows_name="properties",
        node=WAFER,
    )

    office = arrive(office_user)
    office.verifies_all("demand")
    office.verifies_all("supply")
    office.closes_the_round()
    office.starts_matching()
    office.shortlists_first()

    leader.says_yes()
    member.says_yes()
    review = Review.objects.get()
    assert review.state == ReviewState.ACCEPTED

    office.publishes()
    assert MatchingList.objects.get().matches == 1
    assert Round.objects.get().state == "published"

    office.proposes_meeting(chain.pk)
    department = arrive(department_user)
    department.approves_meeting()
    assert SigningMeeting.objects.get().state == MeetingState.APPROVED
    keep_all_up(now=timezone.now())

    member.open("/appointments/")
    member.sees(factories.firm_of(leader_user).name)
    member.choose("/notices/")
    member.sees("签约会")


def test_without_javascript(arrive: Arrive) -> None:
    chain = factories.make_chain()
    factories.make_round(chain)
    person = arrive(factories.make_user(Role.LEADER_FIRM), java_script_enabled=False)
    person.open(f"/lists/demand/new/?chain={chain.pk}")
    page = person.page
    page.select_option("#id_node", label=WAFER)
    page.fill("#id_title", "无脚本硅片")
    page.fill("#id_quantity", "10")
    page.fill("#id_unit", "片")
    page.fill("#id_requirements-0-parameter", "厚度")
    page.fill("#id_requirements-0-value", "≤150μm")
    person.press("submit")
    person.sees_state("submitted")
    person.sees("≤150μm")


def test_pages_fit_a_phone(arrive: Arrive) -> None:
    load_reference()
    chain = factories.make_chain()
    factories.make_round(chain)
    user = factories.make_user(Role.CHAIN_OFFICE, chains=(chain.pk,))
    person = arrive(user)
    person.page.set_viewport_size({"width": 390, "height": 844})
    paths = (
        *("/", "/verification/", "/lists/demand/", "/rounds/", "/rounds/new/", "/runs/", "/published/"),
        *("/meetings/", "/meetings/rules/", "/chains/", f"/chains/{chain.pk}/", "/glossary/", "/notices/"),
    )
    too_wide = []
    for path in paths:
        person.open(path)
        if person.page.evaluate("document.documentElement.scrollWidth") > 390:
            too_wide.append(path)
    assert too_wide == []


def test_the_language_switches(arrive: Arrive) -> None:
    person = arrive(factories.make_user(Role.MEMBER_FIRM))
    person.choose("/lists/supply/")
    assert person.page.get_attribute("html", "lang") == "zh-hans"
    person.page.click("button[name=language][value=en]")
    person.sees("My supply list")
    assert person.page.get_attribute("html", "lang") == "en"
    person.page.click("button[name=language][value=zh-hans]")
    assert person.page.get_attribute("html", "lang") == "zh-hans"
