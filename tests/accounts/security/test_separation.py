"""The three administrators apart, and second factors for offices."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Membership, User
from accounts.roles import ADMINISTRATORS, Role
from accounts.security import profiles
from accounts.security.separation import conflict
from tests import factories
from tests.accounts.credentials.test_tokens import bearer
from tests.api.story import API
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
WORDS = "One person can&#x27;t hold more than one of"


@pytest.fixture(autouse=True)
def _mlps(settings: Settings) -> None:
    settings.SECURITY_PROFILE = profiles.chosen("mlps", "nobody")


def entered(person: User) -> tuple[int, str]:
    """What signing in answers."""
    client = Client()
    client.cookies["django_language"] = "en"
    answer = client.post(reverse("account_login"), {"login": person.username, "password": PASSWORD})
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("first", sorted(ADMINISTRATORS))
@pytest.mark.parametrize("second", sorted(ADMINISTRATORS))
def test_no_two_of_the_three(first: Role, second: Role) -> None:
    person = factories.make_user(first)
    client = Client()
    client.force_login(person)
    assert client.get(reverse("notice_list")).status_code == 200
    if first == second:
        assert entered(person)[0] == 302
        return
    Membership.objects.create(user=person, organisation=factories.make_office(), role=second)
    status, page = entered(person)
    assert (status, WORDS in page) == (403, True)
    assert client.get(reverse("notice_list")).status_code == 302


def test_asvs_lets_one_person_hold_two(settings: Settings) -> None:
    settings.SECURITY_PROFILE = profiles.ASVS
    assert conflict(ADMINISTRATORS) == ""
    person = factories.make_user(Role.AUDITOR)
    Membership.objects.create(user=person, organisation=factories.make_office(), role=Role.SYSTEM_ADMIN)
    assert entered(person)[0] == 302


def test_a_superuser_cant_sign_in() -> None:
    root = User.objects.create_superuser("root", "", PASSWORD)
    client = Client()
    client.force_login(root)
    assert client.get(reverse("notice_list")).status_code == 302
    status, page = entered(root)
    assert (status, "An account with all rights" in page) == (403, True)


@pytest.mark.parametrize(
    ("rule", "role", "leads"),
    [
        ("offices", Role.CHAIN_OFFICE, True),
        ("offices", Role.AUDITOR, True),
        ("offices", Role.MEMBER_FIRM, False),
        ("everybody", Role.MEMBER_FIRM, True),
        ("nobody", Role.CHAIN_OFFICE, False),
    ],
)
def test_who_must_have_a_second_factor(
    settings: Settings, rule: profiles.SecondFactor, role: Role, leads: bool
) -> None:
    settings.SECURITY_PROFILE = profiles.chosen("asvs", rule)
    client = Client()
    client.force_login(factories.make_user(role))
    page, asked = client.get(reverse("notice_list")), client.get("/api/v1/me/")
    assert (page.status_code, asked.status_code) == ((302, 403) if leads else (200, 200))
    if leads:
        assert page["Location"] == reverse("mfa_index")
        assert asked.json()["code"] == "second_factor_missing"
        assert client.get(page["Location"]).status_code == 200
        assert client.post(reverse("account_logout")).status_code == 302


@pytest.mark.parametrize(
    "address",
    ["/admin/", "/admin/mfa/authenticator/", "/admin/accounts/user/1/", "/accounts/social/connections/"],
)
def test_no_page_passes_a_pending_duty_by_its_name_or_for_want_of_one(
    settings: Settings, address: str
) -> None:
    settings.SECURITY_PROFILE = profiles.chosen("asvs", "offices")
    client = Client()
    client.force_login(User.objects.create_superuser("root", "", PASSWORD))
    assert client.get(address).headers["Location"] == reverse("mfa_index")


def test_a_token_opens_no_account_that_the_profile_forbids(settings: Settings) -> None:
    person = factories.make_user(Role.AUDITOR)
    client = bearer(factories.make_token(person)[1])
    assert client.get(f"{API}/audit-entries/").status_code == 200
    Membership.objects.create(user=person, organisation=factories.make_office(), role=Role.SYSTEM_ADMIN)
    assert client.get(f"{API}/audit-entries/").status_code == 401
    settings.SECURITY_PROFILE = profiles.ASVS
    assert client.get(f"{API}/audit-entries/").status_code == 200
