"""Every route: no write without a CSRF token, none by GET, nothing confidential kept, the headers."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponseForbidden
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse
from pytest_django import DjangoDbBlocker, Settings

from accounts.models import User
from tests.access.test_other_doors import others
from tests.api.matrix import TABLE as OPERATIONS
from tests.api.story import API, Story, told_once
from tests.portal.matrix import TABLE as PAGES
from tests.portal.matrix import Page
from tests.torture import FULL

pytestmark = pytest.mark.django_db
PROJECT = Path(__file__).resolve().parents[3]
HOUSEKEEPING = ("accounts_session", "accounts_cache", "accounts_signinfailures")
"""What requests keep about themselves."""
CONFIDENTIAL = "no-store"


@pytest.fixture(scope="module")
def story(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Story]:
    """Told once for all tests here."""
    with told_once(django_db_blocker) as told:
        yield told


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every address of the site with its arguments filled in, and its name."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            inner = f"{prefix}{one.namespace}:" if one.namespace else prefix
            yield from routes(one, inner)
        elif one.name:
            for arguments in ([], ["1"], ["1", "1"], ["00000000-0000-4000-8000-000000000000"], ["office"]):
                try:
                    yield reverse(f"{prefix}{one.name}", args=arguments), one.name
                except NoReverseMatch:
                    continue
                break


def filled(story: Story, page: Page) -> tuple[str, dict[str, Any]]:
    """A page's address and form in the story."""
    argument = story.names.get(page.argument or "", page.argument)
    form = {
        name: text.format(**story.names) if isinstance(text, str) else text
        for name, text in page.form.items()
    }
    return reverse(page.name, args=[argument] if page.argument else []), form


@pytest.fixture(scope="module")
def browsers(story: Story) -> dict[str, Client]:
    """Browsers that send no CSRF token, by part; and a superuser's for the admin."""
    people = {part: person for part, person in story.people.items() if person is not None}
    people["root"] = User.objects.create_superuser("root", "", "correct horse battery")
    clients = {}
    for part, person in people.items():
        clients[part] = Client(enforce_csrf_checks=True)
        clients[part].force_login(person)
    return clients


UNSAFE = ("post", "put", "patch", "delete")
BRIEFLY = "X-Without-Token"
"""Marks refusals for want of a token, which are thousands here and need no page."""


def refused(_request: Any, reason: str = "") -> HttpResponseForbidden:
    """What stands in for the page of a refusal."""
    return HttpResponseForbidden(headers={BRIEFLY: reason})


def taken(browsers: dict[str, Client], names: set[str] | None = None) -> dict[tuple[str, str], int]:
    """Routes that do something for a browser without a token, with their method and status.

    The check comes before anybody's rights are looked at: parts take turns, in the full run all ask.
    """
    found = {}
    for turn, (address, name) in enumerate(dict(routes()).items()):
        if names is not None and name not in names:
            continue
        for number, method in enumerate(UNSAFE):
            for part in ("root", "office") if FULL else (("root", "office")[(turn + number) % 2],):
                answer = getattr(browsers[part], method)(address, {}, content_type="application/json")
                # 404, 405 and 415 are given before anything is looked at.
                if answer.status_code not in (403, 404, 405, 415):
                    found[name, method] = answer.status_code
    return found


def test_every_unsafe_route_asks_for_a_csrf_token(browsers: dict[str, Client], settings: Settings) -> None:
    settings.CSRF_FAILURE_VIEW = f"{__name__}.refused"
    assert len(dict(routes())) > 500
    assert BRIEFLY in browsers["office"].post(reverse("notices_read")).headers
    found = taken(browsers)
    assert {name for name, _method in found} == EXEMPT.keys(), found


def test_a_route_without_the_check_is_found(browsers: dict[str, Client], settings: Settings) -> None:
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if "Csrf" not in one]
    unguarded = {part: Client(enforce_csrf_checks=True) for part in ("root", "office")}
    for part, client in unguarded.items():
        client.cookies = browsers[part].cookies
    names = {"notices_read", "choose_language", "home"}
    with transaction.atomic():
        assert {name for name, _method in taken(unguarded, names)} == names
        transaction.set_rollback(True)


EXEMPT = {
    "token": "OAuth2: clients show their own credentials, no session is looked at",
    "revoke-token": "OAuth2: as token",
}


def test_the_same_request_with_a_token_is_taken(browsers: dict[str, Client]) -> None:
    client = browsers["office"]
    page = client.get(reverse("notice_list")).content.decode()
    token = page.split('csrfmiddlewaretoken" value="')[1].split('"')[0]
    client.post(reverse("notices_read"))
    assert client.post(reverse("notices_read")).status_code == 403
    assert client.post(reverse("notices_read"), {"csrfmiddlewaretoken": token}).status_code == 303


def writes(client: Client, address: str, form: dict[str, Any]) -> list[str]:
    """Statements that change rows while that page is asked for."""
    with (
        transaction.atomic(),
        CaptureQueriesContext(
            connection,
        ) as captured,
    ):
        client.get(address, form)
        transaction.set_rollback(True)
    words = ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "MERGE", "COPY")
    return [
        query["sql"]
        for query in captured.captured_queries
        if query["sql"].lstrip().upper().startswith(words)
        and not any(table in query["sql"] for table in HOUSEKEEPING)
    ]


READS_THAT_REMEMBER = ("matching_disclosure", "accounts_auditreading")
"""Who saw what is written when it is shown: that is its purpose."""


def _asked(story: Story) -> Iterator[tuple[str, dict[str, Any], tuple[str, ...]]]:
    """Addresses, what is sent to them, and who asks: everything there is, and everything of what is not."""
    for page in PAGES:
        if page.method == "GET":
            yield *filled(story, page), FIRST
    for one in OPERATIONS:
        if one.method == "GET":
            yield f"{API}{one.path}".format(**story.names), {}, FIRST
    outside = {name.rpartition(":")[2] for name in others()}
    for turn, (address, name) in enumerate(routes()):
        asker = FIRST[turn % len(FIRST)]
        yield address, {}, ("root", asker) if name in outside else (asker,)


FIRST = ("office", "leader", "member")


def writers(story: Story, browsers: dict[str, Client], asking: str) -> dict[str, str]:
    """Addresses whose GET writes for that part, with the first statement."""
    found = {}
    for address, form, parts in _asked(story):
        wrote = writes(browsers[asking], address, form) if asking in parts else []
        wrote = [one for one in wrote if not any(table in one for table in READS_THAT_REMEMBER)]
        if wrote:
            found[address] = wrote[0][:200]
    return found


@pytest.mark.parametrize("asking", [*FIRST, "root"])
def test_no_get_writes(story: Story, browsers: dict[str, Client], asking: str) -> None:
    assert writers(story, browsers, asking) == {}


def test_the_check_of_writes_bites(story: Story, browsers: dict[str, Client], monkeypatch: Any) -> None:
    person = story.people["office"]
    assert person is not None
    reading = User.get_full_name
    monkeypatch.setattr(
        User,
        "__str__",
        lambda self: (User.objects.filter(pk=self.pk).update(phone="1"), reading)[1].__name__,
    )
    assert writes(browsers["office"], reverse("notice_list"), {}) != []


def test_confidential_pages_are_kept_nowhere(story: Story, browsers: dict[str, Client]) -> None:
    kept = []
    for page in PAGES:
        if page.method == "GET" and not page.public:
            address, form = filled(story, page)
            answer = browsers["office"].get(address, form)
            if CONFIDENTIAL not in answer.get("Cache-Control", ""):
                kept.append(page.name)
            if b"<html" in getattr(answer, "content", b""):
                assert b'"historyCacheSize": 0' in answer.content, page.name
    for operation in OPERATIONS:
        if operation.method == "GET":
            address = f"{API}{operation.path}".format(**story.names)
            if CONFIDENTIAL not in browsers["office"].get(address).get("Cache-Control", ""):
                kept.append(operation.path)
    assert kept == []


@pytest.mark.parametrize("address", ["/", "/accounts/login/", "/api/docs/", "/api/v1/me/", "/no-such-page/"])
def test_headers_of_every_answer(browsers: dict[str, Client], address: str) -> None:
    answer = browsers["office"].get(address)
    assert {name: answer.get(name) for name in HEADERS} == HEADERS
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert b"<style" not in answer.content


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), "
    "payment=(), usb=()",
}

PRODUCTION = {
    "CHAINMATCH_MODE": "production",
    "SECRET_KEY": "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz",
    "CHAINMATCH_FIELD_KEYS": "q8Zc3kq1m6wU0x2v4y6A8C0E2G4I6K8M0O2Q4S6U8W0=",
    "ALLOWED_HOSTS": "match.example.cn",
    "DEBUG": "false",
}


def test_the_deployment_check_is_clean_and_cookies_are_bound_to_the_host(db: None) -> None:
    checked = _in_production("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert checked.returncode == 0, checked.stderr
    names = "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SECURE_HSTS_SECONDS"
    program = f"from django.conf import settings\nprint(*(getattr(settings, name) for name in {names}))"
    assert _in_production("-c", program).stdout.split() == [
        "__Host-sessionid",
        "__Host-csrftoken",
        "31536000",
    ]


def _in_production(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **PRODUCTION, "DJANGO_SETTINGS_MODULE": "chainmatch.settings"}
    # The browsers' tests set it for themselves, and the check rightly objects to it.
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    return subprocess.run(
        (sys.executable, *arguments),
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
