"""Grades of firms: set by the offices of their city, counted by matching, kept in the audit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.audit.models import AuditEntry
from accounts.models import GradeHolding, Organisation, User
from accounts.roles import Grade, OrganisationKind, Role
from accounts.services import HeldGrade, set_grades
from matching.lists.queries import as_offer
from matching.lists.states import LineState
from tests import factories, world
from tests.api.story import API, client_of

pytestmark = pytest.mark.django_db
LATER = date(2030, 12, 31)


def _signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def _held(firm: Organisation) -> set[tuple[str, str, date | None]]:
    return set(GradeHolding.objects.filter(organisation=firm).values_list("grade", "number", "expires"))


def test_what_is_not_named_is_taken_away_and_what_stays_is_not_written() -> None:
    firm = factories.make_firm(OrganisationKind.MEMBER_FIRM)
    little, above = HeldGrade(Grade.LITTLE_GIANT, "晋1", LATER), HeldGrade(Grade.ABOVE_SCALE)
    set_grades(organisation=firm, grades=[little, above])
    assert _held(firm) == {("小巨人", "晋1", LATER), ("规上", "", None)}
    last = AuditEntry.objects.latest("pk").pk
    set_grades(organisation=firm, grades=[little, HeldGrade(Grade.INNOVATIVE)])
    assert _held(firm) == {("小巨人", "晋1", LATER), ("创新型", "", None)}
    written = AuditEntry.objects.filter(pk__gt=last, table="accounts_gradeholding").order_by("action")
    assert [entry.action for entry in written] == ["delete", "insert"]


@pytest.mark.parametrize("role", [Role.CHAIN_OFFICE, Role.CITY_TASK_FORCE])
def test_an_office_sets_grades_on_the_page(role: Role) -> None:
    firm = factories.make_firm(OrganisationKind.MEMBER_FIRM)
    browser = _signed_in(factories.make_user(role, regions=("1401",)))
    assert firm.name in browser.get(reverse("grade_list")).content.decode()
    page = reverse("grade_edit", args=[firm.pk])
    assert browser.get(page).status_code == 200
    form = {
        "little_giant": "on",
        "little_giant_expires": "2030-12-31",
        "innovative_number": "x",
    }
    assert browser.post(page, form).status_code == 303
    assert _held(firm) == {("小巨人", "", LATER)}
    refused = browser.post(page, {"little_giant": "on", "little_giant_expires": "when?"})
    assert (refused.status_code, _held(firm)) == (422, {("小巨人", "", LATER)})


def test_other_cities_and_offices_are_not_there() -> None:
    elsewhere = factories.make_firm(OrganisationKind.MEMBER_FIRM, region="140202")
    office = factories.make_office()
    city = factories.make_user(Role.CITY_TASK_FORCE, regions=("1401",))
    browser, client = _signed_in(city), client_of(city)
    for organisation in (elsewhere, office):
        page = reverse("grade_edit", args=[organisation.pk])
        assert browser.post(page, {"little_giant": "on"}).status_code == 404
    answer = client.put(f"{API}/organisations/{elsewhere.pk}/grades/", {"grades": []}, format="json")
    assert answer.status_code == 404
    listed = browser.get(reverse("grade_list")).content.decode()
    assert (elsewhere.name in listed, office.name in listed) == (False, False)


def test_the_api_sets_all_of_them_at_once() -> None:
    firm = factories.make_firm(OrganisationKind.MEMBER_FIRM)
    client = client_of(factories.make_user(Role.CHAIN_OFFICE))
    address = f"{API}/organisations/{firm.pk}/grades/"
    one = {"grade": "小巨人", "number": "晋1", "expires": "2030-12-31"}
    answer = client.put(address, {"grades": [one]}, format="json")
    assert answer.json()["grades"] == [one]
    assert _held(firm) == {("小巨人", "晋1", LATER)}
    wrongs: list[dict[str, Any]] = [
        {"grades": [one, one]},
        {"grades": [{"grade": "none"}]},
        {"grade": []},
        {},
    ]
    for wrong in wrongs:
        assert client.put(address, wrong, format="json").status_code == 400
    office = factories.make_office()
    assert client.put(f"{API}/organisations/{office.pk}/grades/", {"grades": []}).status_code == 403
    assert _held(firm) == {("小巨人", "晋1", LATER)}


def test_matching_counts_them_until_they_expire() -> None:
    here = world.build()
    line = factories.make_supply(here.member, here.chain, state=LineState.VERIFIED)
    today = timezone.localdate()
    held = [HeldGrade(Grade.LITTLE_GIANT, expires=today), HeldGrade(Grade.ABOVE_SCALE)]
    set_grades(organisation=line.organisation, grades=held)
    line.refresh_from_db()
    assert set(as_offer(line, as_of=today).grades) == {"小巨人", "规上"}
    assert set(as_offer(line, as_of=today + timedelta(days=1)).grades) == {"规上"}
