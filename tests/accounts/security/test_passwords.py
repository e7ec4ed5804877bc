"""What passwords the two profiles take."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import UsedPassword, User
from accounts.roles import Role
from accounts.security import profiles
from tests import factories

pytestmark = pytest.mark.django_db


def use(settings: Settings, profile: profiles.Profile) -> None:
    """Switch the profile as the settings do at start."""
    settings.SECURITY_PROFILE = profile
    settings.AUTH_PASSWORD_VALIDATORS = profiles.password_validators(profile)


def refused(password: str, user: User | None = None) -> list[str]:
    """Codes of what is wrong with it."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return [str(one.code) for one in error.error_list]
    return []


@pytest.mark.parametrize(
    ("password", "codes"),
    [
        ("short words", ["password_too_short"]),
        ("twelve chars", []),
        ("四字成语也可以用作口令吧", []),
        ("123456qwerty", ["password_too_common"]),
        ("chainmatch2026", ["password_own_words"]),
        ("链长链长链长链长链长链长2026", ["password_own_words"]),
        ("chainmatch and eleven others", []),
        ("x" * 129, ["password_too_long"]),
    ],
)
def test_asvs_asks_for_length_and_nothing_known(settings: Settings, password: str, codes: list[str]) -> None:
    use(settings, profiles.ASVS)
    assert refused(password) == codes


@pytest.mark.parametrize(
    ("password", "codes"),
    [
        ("only small letters", ["password_classes"]),
        ("Small and 2 Capital", []),
        ("small and 2 digits", []),
        ("SMALLAND2DIGITS", ["password_classes"]),
    ],
)
def test_mlps_asks_for_three_kinds(settings: Settings, password: str, codes: list[str]) -> None:
    use(settings, profiles.MLPS)
    assert refused(password) == codes


def test_administrators_need_more(settings: Settings) -> None:
    use(settings, profiles.ASVS)
    assert refused("twelve chars", factories.make_user(Role.AUDITOR)) == ["password_too_short"]
    assert refused("twelve chars", factories.make_user(Role.CHAIN_OFFICE)) == []


def test_passwords_of_before_are_refused(settings: Settings) -> None:
    use(settings, profiles.MLPS)
    person = factories.make_user(Role.MEMBER_FIRM)
    words = [f"Wholly other words {number}" for number in range(6)]
    for word in words:
        assert refused(word, person) == []
        person.set_password(word)
        person.save()
    assert [refused(word, person) for word in words] == [[]] + [["password_used"]] * 5
    assert UsedPassword.objects.filter(user=person).count() == 5


def test_asvs_keeps_no_hashes_of_before() -> None:
    person = factories.make_user(Role.MEMBER_FIRM)
    for word in ("wholly other words", "wholly different words"):
        person.set_password(word)
        person.save()
    assert UsedPassword.objects.get(user=person).encoded == person.password


@pytest.mark.parametrize(("profile", "leads"), [(profiles.MLPS, True), (profiles.ASVS, False)])
def test_an_old_password_is_changed_before_anything_else(
    settings: Settings, profile: profiles.Profile, leads: bool
) -> None:
    person = factories.make_user(Role.MEMBER_FIRM)
    use(settings, profile)
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    assert client.get(reverse("notice_list")).status_code == 200
    UsedPassword.objects.update(set_at=timezone.now() - timedelta(days=90))
    page, asked = client.get(reverse("notice_list")), client.get("/api/v1/me/")
    assert (page.status_code, asked.status_code) == ((302, 403) if leads else (200, 200))
    if leads:
        assert page["Location"] == reverse("account_change_password")
        assert asked.json()["code"] == "password_expired"
        assert client.get(page["Location"]).status_code == 200
