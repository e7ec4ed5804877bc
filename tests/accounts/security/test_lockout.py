"""Wrong passwords: how many are tried, from wherever they seem to come, and what an answer tells."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.db import connection, connections
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import SignInFailures, User
from accounts.roles import Role
from accounts.security import attempts, profiles
from accounts.security.services import forget_ended, tell_locked
from tests import factories
from tests.factories import PASSWORD
from tests.torture import times

LOCKED = "Too many failed login attempts"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _strict(settings: Settings) -> None:
    """Five failures lock; allauth's own limit on the page is out of the way."""
    settings.SECURITY_PROFILE = profiles.chosen("mlps", "nobody")
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.fixture
def person() -> User:
    """Somebody with an address."""
    found = factories.make_user(Role.MEMBER_FIRM)
    found.email = "wang@example.com"
    found.save()
    return found


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every password that was hashed or compared."""
    seen: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        seen.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return seen


def attempt(login: str, password: str, **headers: str) -> Any:
    """One attempt in a new browser that reads English."""
    client = Client(headers=headers)
    client.cookies["django_language"] = "en"
    return client.post(reverse("account_login"), {"login": login, "password": password})


def body(response: Any) -> str:
    """The page without what differs from one request to the next, and without the name that was typed."""
    text = re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")\w+', "", response.content.decode())
    return re.sub(r'value="[^"]*"', "", text)


def test_logins_with_forged_addresses_are_locked_out(person: User, hashed: list[str]) -> None:
    most = profiles.MLPS.failures_an_account
    for number in range(times(60, 10_000)):
        forged = f"10.{number // 65536}.{number // 256 % 256}.{number % 256}"
        attempt(person.username, f"wrong {number}", x_forwarded_for=forged, x_real_ip=forged)
    assert hashed == [f"wrong {number}" for number in range(most)]


def test_the_guard_of_addresses_bites(person: User, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1
    seen = {_address("1.1.1.1, 2.2.2.2"), _address("3.3.3.3, 2.2.2.2"), _address("2.2.2.2")}
    assert seen == {"2.2.2.2"}
    settings.TRUSTED_PROXIES = 3
    assert _address("1.1.1.1, 2.2.2.2") == "127.0.0.1"
    settings.TRUSTED_PROXIES = 0
    assert _address("1.1.1.1") == "127.0.0.1"
    settings.TRUSTED_PROXIES = 1
    assert _address("nonsense") == "127.0.0.1"


def _address(forwarded: str) -> str:
    request = HttpRequest()
    request.META = {"HTTP_X_FORWARDED_FOR": forwarded, "REMOTE_ADDR": "127.0.0.1"}
    return attempts.client_address(request)


def test_one_address_that_tries_many_accounts_is_locked_out(hashed: list[str]) -> None:
    for number in range(profiles.MLPS.failures_an_address + 5):
        attempt(f"nobody-{number}", f"wrong {number}")
    assert len(hashed) == profiles.MLPS.failures_an_address


def test_the_right_password_of_a_locked_account_is_answered_like_a_wrong_one(
    person: User, hashed: list[str]
) -> None:
    for _ in range(profiles.MLPS.failures_an_account):
        assert LOCKED not in body(attempt(person.username, "wrong"))
    hashed.clear()
    wrong, right = attempt(person.username, "wrong"), attempt(person.username, PASSWORD)
    assert (wrong.status_code, right.status_code, hashed) == (200, 200, [])
    assert LOCKED in body(right)
    assert body(wrong) == body(right)
    SignInFailures.objects.update(locked_until=timezone.now() - timedelta(seconds=1))
    assert attempt(person.username, PASSWORD).status_code == 302


def test_the_other_name_of_an_account_is_locked_with_it(person: User, hashed: list[str]) -> None:
    for number in range(profiles.MLPS.failures_an_account):
        attempt((person.username, person.email, person.username.upper())[number % 3], "wrong")
    hashed.clear()
    assert LOCKED in body(attempt(person.email, PASSWORD))
    assert hashed == []


@pytest.mark.parametrize("form", ["username", "email"])
def test_a_known_and_an_unknown_login_cost_and_look_the_same(
    person: User, hashed: list[str], form: str
) -> None:
    known = {"username": person.username, "email": person.email}[form]
    unknown = {"username": "no-such-person", "email": "nobody@example.com"}[form]
    switched_off = factories.make_user(Role.MEMBER_FIRM)
    switched_off.is_active, switched_off.email = False, "off@example.com"
    switched_off.save()
    off = {"username": switched_off.username, "email": switched_off.email}[form]
    seen = []
    attempt("warm-up", "wrong")
    for login in (known, unknown, off):
        for password in ("wrong", PASSWORD) if login == off else ("wrong",):
            hashed.clear()
            with CaptureQueriesContext(connection) as captured:
                answer = attempt(login, password)
            seen.append((answer.status_code, body(answer), len(hashed), len(captured)))
    assert seen == [seen[0]] * 4
    assert seen[0][2] == 1


def test_unknown_logins_are_locked_out_like_known_ones(person: User) -> None:
    answers = []
    for login in (person.username, "no-such-person"):
        answers.append([body(attempt(login, "wrong")) for _ in range(profiles.MLPS.failures_an_account + 2)])
    assert answers[0] == answers[1]


def test_an_address_of_two_accounts_opens_neither(person: User) -> None:
    twin = factories.make_user(Role.LEADER_FIRM)
    twin.email = person.email
    twin.save()
    assert attempt(person.email, PASSWORD).status_code == 200
    assert attempt(person.username, PASSWORD).status_code == 302


def test_success_forgets_failures(person: User) -> None:
    for _ in range(profiles.MLPS.failures_an_account - 1):
        attempt(person.username, "wrong")
    assert attempt(person.username, PASSWORD).status_code == 302
    assert list(SignInFailures.objects.filter(user=person)) == []
    assert SignInFailures.objects.get(key="address:127.0.0.1").failures == 4


def test_failures_of_long_ago_are_not_counted(person: User) -> None:
    for _ in range(profiles.MLPS.failures_an_account - 1):
        attempt(person.username, "wrong")
    SignInFailures.objects.update(since=timezone.now() - timedelta(minutes=profiles.MLPS.lock_minutes))
    attempt(person.username, "wrong")
    assert SignInFailures.objects.get(user=person).failures == 1
    SignInFailures.objects.update(since=timezone.now() - timedelta(days=2))
    forget_ended()
    assert SignInFailures.objects.count() == 0


def test_a_locked_person_is_told_once_and_how_to_go_on(person: User) -> None:
    for _ in range(profiles.MLPS.failures_an_account + 1):
        attempt(person.username, "wrong")
    assert mail.outbox == []
    assert [tell_locked(), tell_locked()] == [1, 0]
    assert mail.outbox[0].to == [person.email]
    assert reverse("account_reset_password") in mail.outbox[0].body


def test_a_new_password_unlocks(person: User) -> None:
    for _ in range(profiles.MLPS.failures_an_account):
        attempt(person.username, "wrong")
    client = Client()
    client.post(reverse("account_reset_password"), {"email": person.email})
    link = re.search(r"http://\S+", str(mail.outbox[-1].body))
    assert link is not None
    page = client.get(link[0], follow=True)
    form = {"password1": "Wholly other words 7", "password2": "Wholly other words 7"}
    assert client.post(page.redirect_chain[-1][0], form).status_code == 302
    assert attempt(person.username, form["password1"]).status_code == 302


def test_a_session_proves_itself_anew_under_the_same_limit(person: User, hashed: list[str]) -> None:
    client = Client()
    client.force_login(person)
    for _ in range(20):
        client.post(reverse("account_reauthenticate"), {"password": "wrong"})
    assert len(hashed) == profiles.MLPS.failures_an_account


def test_a_security_administrator_unlocks_after_proving_who_it_is(person: User) -> None:
    for _ in range(profiles.MLPS.failures_an_account):
        attempt(person.username, "wrong")
    administrator = factories.make_user(Role.SECURITY_ADMIN)
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(administrator)
    assert "locked until" in client.get(reverse("person_list"), {"locked": "1"}).content.decode()
    action = (reverse("person_act", args=[person.public_id]), {"action": "unlock"})
    asked = client.post(*action)
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert SignInFailures.objects.filter(user=person).exists()
    assert client.post(asked["Location"], {"password": PASSWORD}).status_code in (302, 303)
    assert client.post(*action).status_code == 303
    assert attempt(person.username, PASSWORD).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_many_guesses_at_once_no_more_are_tried(person: User) -> None:
    def guess(_number: int) -> bool:
        try:
            return attempts.begin(login=person.username, address="10.0.0.1") is not None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(16) as many:
        tried = sum(many.map(guess, range(times(64, 1_000))))
    assert tried == profiles.MLPS.failures_an_account


@pytest.mark.django_db(transaction=True)
def test_the_guard_at_once_bites(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "_COUNT", attempts._COUNT.replace("f.failures + 1", "f.failures"))
    tried = [attempts.begin(login=person.username, address="10.0.0.1") for _ in range(10)]
    assert None not in tried
