"""A browser that was left open makes no credential and changes no second factor."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

from accounts.credentials import portal
from accounts.models import Application, PersonalToken, User
from accounts.roles import Role
from accounts.scopes import Scope
from tests import factories
from tests.accounts.credentials.test_tokens import bearer
from tests.api.story import API
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
TOKEN = {"name": "ERP", "days": "9", "scopes": "lines:read"}


@pytest.fixture
def person() -> User:
    """A leader firm's person."""
    return factories.make_user(Role.LEADER_FIRM)


def browser_of(person: User) -> Client:
    """A browser in which the person signed in a while ago."""
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(person)
    return client


def asked(answer: Any) -> bool:
    """Whether the password is asked for again."""
    return bool(
        answer.status_code == 302 and answer["Location"].startswith(reverse("account_reauthenticate"))
    )


def test_a_token_is_made_after_the_password_and_without_typing_it_all_again(person: User) -> None:
    client = browser_of(person)
    answer = client.post(reverse("token_create"), TOKEN)
    assert asked(answer)
    assert PersonalToken.objects.count() == 0
    made = client.post(answer["Location"], {"password": PASSWORD})
    token = PersonalToken.objects.get()
    assert (token.name, token.scopes) == ("ERP", ["lines:read"])
    assert token.start in made.content.decode()
    assert client.post(reverse("token_create"), TOKEN).status_code == 201


def test_a_wrong_password_makes_none(person: User) -> None:
    client = browser_of(person)
    answer = client.post(reverse("token_create"), TOKEN)
    assert client.post(answer["Location"], {"password": "wrong"}).status_code == 200
    assert PersonalToken.objects.count() == 0


def test_applications_and_their_secrets(person: User) -> None:
    client = browser_of(person)
    membership = person.active_memberships[0].public_id
    typed = {"name": "ERP", "scopes": ["lines:read"], "membership": membership}
    form = {f"application-{name}": value for name, value in typed.items()}
    assert asked(client.post(reverse("application_create"), form))
    assert Application.objects.count() == 0
    made, _secret = factories.make_application(person)
    rotate = reverse("application_rotate", args=[made.client_id])
    assert asked(client.post(rotate, {"overlap_days": "7"}))
    assert made.secrets.count() == 1
    # Who may not, is not led there: the page that asks would tell that there is such an application.
    stranger = browser_of(factories.make_user(Role.LEADER_FIRM))
    assert stranger.post(rotate, {"overlap_days": "7"}).status_code == 404


@pytest.mark.parametrize(
    "route", ["mfa_activate_totp", "mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_add_webauthn"]
)
def test_second_factors(person: User, route: str) -> None:
    if route in ("mfa_deactivate_totp", "mfa_generate_recovery_codes"):
        TOTP.activate(person, generate_totp_secret())
    assert asked(browser_of(person).get(reverse(route)))


def test_the_api_refuses_a_session_and_takes_a_token(person: User) -> None:
    body = {"name": "ERP", "scopes": ["lines:read"]}
    client = browser_of(person)
    answer = client.post(f"{API}/tokens/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, "reauthentication_required")
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.post(f"{API}/tokens/", body, content_type="application/json").status_code == 201
    program = bearer(factories.make_token(person, *Scope.values)[1])
    assert program.post(f"{API}/tokens/", body).status_code == 201


def test_without_the_guard_a_token_is_made_at_once(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portal, "ask_again", lambda request: None)
    assert browser_of(person).post(reverse("token_create"), TOKEN).status_code == 201
