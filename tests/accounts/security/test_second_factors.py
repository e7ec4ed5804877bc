"""Authenticator apps, recovery codes and what of them stands in the database."""

from __future__ import annotations

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Session, User
from accounts.roles import Role
from accounts.security.services import reset_second_factor
from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
HALF_MINUTE = 59_000_000
"""Its number, counted from 1970."""


@pytest.fixture
def person() -> User:
    """An office's person."""
    return factories.make_user(Role.CHAIN_OFFICE)


@pytest.fixture(autouse=True)
def _half_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test meets the turn of a half minute, at which codes change."""
    monkeypatch.setattr(auth, "yield_hotp_counters_from_time", lambda: iter([HALF_MINUTE]))


def code(secret: str) -> str:
    """What the app shows now."""
    return str(format_hotp_value(hotp_value(secret, HALF_MINUTE)))


def mistyped(secret: str) -> str:
    """Six digits that are not the code."""
    shown = code(secret)
    return f"{(int(shown) + 1) % 10 ** len(shown):0{len(shown)}}"


def password_typed(person: User) -> Client:
    """A browser that waits for the second factor."""
    client = Client()
    client.cookies["django_language"] = "en"
    answer = client.post(reverse("account_login"), {"login": person.username, "password": PASSWORD})
    assert answer["Location"] == reverse("mfa_authenticate")
    return client


def is_in(client: Client) -> bool:
    """Whether pages for people who are signed in open."""
    return client.get(reverse("notice_list")).status_code == 200


def test_an_app_is_set_up_on_its_page_and_asked_for_afterwards(person: User) -> None:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(person)
    asked = client.get(reverse("mfa_activate_totp"))
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    client.post(asked["Location"], {"password": PASSWORD})
    page: Any = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    answer = client.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200
    assert client.get(reverse("mfa_index")).status_code == 200

    cache.clear()
    waiting = password_typed(person)
    assert not is_in(waiting)
    assert waiting.post(reverse("mfa_authenticate"), {"code": mistyped(secret)}).status_code == 200
    assert not is_in(waiting)
    waiting.post(reverse("mfa_authenticate"), {"code": code(secret)})
    assert is_in(waiting)


def test_a_code_opens_once(person: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    shown = code(secret)
    first, second = password_typed(person), password_typed(person)
    first.post(reverse("mfa_authenticate"), {"code": shown})
    second.post(reverse("mfa_authenticate"), {"code": shown})
    assert (is_in(first), is_in(second)) == (True, False)


def test_codes_are_not_guessed(person: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    client = password_typed(person)
    for _ in range(5):
        client.post(reverse("mfa_authenticate"), {"code": mistyped(secret)})
    client.post(reverse("mfa_authenticate"), {"code": code(secret)})
    assert not is_in(client)


def test_a_recovery_code_opens_once(person: User) -> None:
    TOTP.activate(person, generate_totp_secret())
    kept = RecoveryCodes.activate(person).generate_codes()[0]
    for opens in (True, False):
        client = password_typed(person)
        client.post(reverse("mfa_authenticate"), {"code": kept})
        assert is_in(client) is opens


def test_secrets_stand_in_the_database_encrypted(person: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    seed = RecoveryCodes.activate(person)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator")
        stored = " ".join(row[0] for row in cursor.fetchall())
    assert secret not in stored
    assert not any(one in stored for one in seed.generate_codes())
    assert json.loads(json.dumps(Authenticator.objects.get(type="totp").data))["secret"].startswith("gAAAA")


def test_a_reset_takes_every_factor_and_session(person: User) -> None:
    TOTP.activate(person, generate_totp_secret())
    client = Client()
    client.force_login(person)
    assert reset_second_factor(user=person) == 1
    assert Session.objects.filter(user=person).count() == 0
    answer = Client().post(reverse("account_login"), {"login": person.username, "password": PASSWORD})
    assert answer["Location"] == reverse("home")
