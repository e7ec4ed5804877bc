"""Accounts that nobody uses are announced and switched off; the last administrator never."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import PersonalToken, Session, User
from accounts.roles import Role
from accounts.security import idle, profiles
from accounts.security.idle import switch_off_idle, tell_idle
from accounts.security.services import switch_account
from tests import factories

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=200)


@pytest.fixture(autouse=True)
def _mlps(settings: Settings) -> None:
    settings.SECURITY_PROFILE = profiles.chosen("mlps", "nobody")


def idle_person(role: Role = Role.CHAIN_OFFICE) -> User:
    """Somebody who was last here long ago."""
    person = factories.make_user(role)
    moment = timezone.now() - LONG_AGO
    User.objects.filter(pk=person.pk).update(in_use_since=moment, email=f"{person.pk}@office.example")
    person.refresh_from_db()
    return person


def is_on(person: User) -> bool:
    """Whether the account is switched on."""
    return User.objects.get(pk=person.pk).is_active


def test_it_is_told_once_and_switched_off_two_weeks_later() -> None:
    person = idle_person()
    assert (switch_off_idle(), tell_idle(), tell_idle(), switch_off_idle()) == (0, 1, 0, 0)
    assert [message.to for message in mail.outbox] == [[f"{person.pk}@office.example"]]
    assert switch_off_idle(now=timezone.now() + timedelta(days=15)) == 1
    assert not is_on(person)


def test_who_comes_back_stays_and_is_told_anew_the_next_time() -> None:
    person = idle_person()
    tell_idle()
    User.objects.filter(pk=person.pk).update(last_login=timezone.now())
    later = timezone.now() + timedelta(days=15)
    assert switch_off_idle(now=later) == 0
    assert is_on(person)
    much_later = timezone.now() + LONG_AGO
    assert (tell_idle(now=much_later), switch_off_idle(now=much_later + timedelta(days=15))) == (1, 1)


def test_sessions_and_tokens_are_use() -> None:
    in_browser, by_token = idle_person(), idle_person()
    Client().force_login(in_browser)
    User.objects.filter(pk=in_browser.pk).update(last_login=None)
    assert Session.objects.filter(user=in_browser).count() == 1
    factories.make_token(by_token)
    PersonalToken.objects.update(last_used_at=timezone.now())
    assert tell_idle() == 0


def test_programs_have_no_idle_time() -> None:
    maker = factories.make_user(Role.LEADER_FIRM)
    application, _secret = factories.make_application(maker)
    User.objects.filter(pk=application.user_id).update(in_use_since=timezone.now() - LONG_AGO)
    assert tell_idle() == 0


def test_the_last_administrator_is_told_and_stays() -> None:
    last = idle_person(Role.SECURITY_ADMIN)
    tell_idle()
    later = timezone.now() + timedelta(days=15)
    assert (switch_off_idle(now=later), is_on(last)) == (0, True)
    factories.make_user(Role.SECURITY_ADMIN)
    assert (switch_off_idle(now=later), is_on(last)) == (1, False)


def test_switched_on_again_the_time_begins_anew() -> None:
    person = idle_person()
    tell_idle()
    later = timezone.now() + timedelta(days=15)
    switch_off_idle(now=later)
    switch_account(user=User.objects.get(pk=person.pk), active=True)
    assert (switch_off_idle(now=later), is_on(person)) == (0, True)


def test_asvs_and_a_setting_of_none_leave_accounts_alone(settings: Settings) -> None:
    idle_person()
    for profile in (profiles.ASVS, profiles.chosen("mlps", "nobody", 0)):
        settings.SECURITY_PROFILE = profile
        assert (tell_idle(), switch_off_idle()) == (0, 0)
    settings.SECURITY_PROFILE = profiles.chosen("asvs", "nobody", 30)
    assert tell_idle() == 1


def test_without_the_letter_nobody_is_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    person = idle_person()
    assert (switch_off_idle(now=timezone.now() + LONG_AGO), is_on(person)) == (0, True)
    monkeypatch.setattr(idle, "TOLD_BEFORE", timedelta(0))
    tell_idle()
    assert switch_off_idle() == 1


def test_the_settings_page_names_it() -> None:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(factories.make_user(Role.SYSTEM_ADMIN))
    page = client.get(reverse("system_settings")).content.decode()
    assert "Days without use after which an account is switched off" in page
