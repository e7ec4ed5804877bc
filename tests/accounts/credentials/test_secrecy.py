"""RELIABILITY 34: of all credentials that were used, neither database nor log holds a usable one."""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.db import connection
from django.test import Client, RequestFactory
from django.views.debug import ExceptionReporter

from accounts.authentication import TokenAuthentication
from accounts.credentials.scrubbing import Formatter, scrubbed
from accounts.credentials.secrets import Kind, make
from accounts.models import Application, PersonalToken, User
from accounts.roles import Role
from tests import factories
from tests.accounts.credentials.test_applications import ask
from tests.accounts.credentials.test_tokens import bearer
from tests.api.story import API, client_of


def dumped() -> str:
    """Every row of every table, as text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'public'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        rows: list[str] = []
        for table in tables:
            cursor.execute(f"SELECT one::text FROM {table} AS one")
            rows += [row for (row,) in cursor.fetchall()]
    assert len(tables) > 50
    return "\n".join(rows)


def found(secrets: dict[str, str], text: str) -> set[str]:
    """Names of the secrets that stand in a text, as they are or in Base64."""
    return {
        name
        for name, secret in secrets.items()
        if secret in text or base64.b64encode(secret.encode()).decode().rstrip("=")[:-2] in text
    }


@pytest.fixture
def log() -> Iterator[Callable[[], str]]:
    """What the log of the product holds, at its most talkative."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.setFormatter(Formatter(logging.BASIC_FORMAT))
    handler.emit = lambda record: lines.append(handler.format(record))  # type: ignore[method-assign]
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lambda: "\n".join(lines)
    root.removeHandler(handler)
    root.setLevel(before)


def every_kind(person: User) -> dict[str, str]:
    """Use each kind of credential there is; returns the secrets by name."""
    asked = {"name": "ERP", "scopes": ["account", "lines:read"]}
    once: Any = {"headers": {"idempotency-key": "once"}}
    tokens = [client_of(person).post(f"{API}/tokens/", asked, **once).json()["token"] for _ in range(2)]
    assert tokens[0] == tokens[1]  # the answer is kept for a client that asks again, and so is its secret
    token = tokens[0]
    made = client_of(person).post(f"{API}/applications/", asked, headers={"idempotency-key": "two"}).json()
    application = Application.objects.get(client_id=made["client_id"])
    access = ask(application, made["client_secret"]).json()["access_token"]
    for secret in (token, access):
        assert bearer(secret).get(f"{API}/me/").status_code == 200
        assert bearer(secret).post(f"{API}/demand-lines/", {}).status_code == 403
    totp = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    TOTP.activate(person, totp)
    return {
        "token": token,
        "client secret": made["client_secret"],
        "access token": access,
        "second factor": totp,
        **_signed_in(),
    }


def _signed_in() -> dict[str, str]:
    person = factories.make_user(Role.LEADER_FIRM, username="buyer")
    User.objects.filter(pk=person.pk).update(email="buyer@example.com")
    browser = Client()
    answer = browser.post("/accounts/login/", {"login": "buyer", "password": factories.PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    Client().post("/accounts/password/reset/", {"email": "buyer@example.com"})
    (link,) = re.findall(r"/accounts/password/reset/key/(\S+?)/", str(mail.outbox[-1].body))
    return {
        "password": factories.PASSWORD,
        "session": browser.cookies["sessionid"].value,
        "reset link": link.split("-", 1)[1],
    }


def test_neither_a_dump_nor_the_log_opens_anything(db: None, log: Callable[[], str]) -> None:
    secrets = every_kind(factories.make_user(Role.MEMBER_FIRM))
    assert all(len(secret) > 15 for secret in secrets.values())
    assert found(secrets, dumped()) == set()
    assert found(secrets, log()) == set()


def test_a_planted_secret_is_found(db: None, log: Callable[[], str]) -> None:
    token, secret = factories.make_token(factories.make_user(Role.MEMBER_FIRM))
    pair = base64.b64encode(f"id:{secret}".encode()).decode()
    PersonalToken.objects.filter(pk=token.pk).update(name=secret[:60])
    logging.getLogger("planted").error("a password: %s", factories.PASSWORD)
    assert found({"token": secret}, dumped()) == {"token"}
    assert found({"password": factories.PASSWORD}, log()) == {"password"}
    assert found({"pair": f"id:{secret}"}, pair) == {"pair"}


@pytest.mark.parametrize("kind", Kind)
def test_what_would_be_logged_is_scrubbed(kind: Kind) -> None:
    secret = make(kind)
    for line in (
        secret,
        f"Authorization: Bearer {secret}",
        f"{{'token': '{secret}'}}",
        f"GET /?t={secret}&a=1",
    ):
        assert secret not in scrubbed(line)
        assert secret[len(kind) :] not in scrubbed(line)
    earlier, basic = "3f" * 32, base64.b64encode(f"id:{secret}".encode()).decode()
    assert scrubbed(f"Authorization: Token {earlier} x") == "Authorization: Token *** x"
    assert scrubbed(f"'AUTHORIZATION': 'Basic {basic}'") == "'AUTHORIZATION': 'Basic ***'"
    assert scrubbed("basic rules of the token bucket") == "basic rules of the token bucket"


def test_the_reports_of_errors_hold_no_credential(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    secret, session = make(Kind.PERSONAL), make(Kind.ACCESS)
    pair = base64.b64encode(b"id:secret-of-a-client").decode()
    for header, hidden in ((f"Bearer {secret}", secret), (f"Basic {pair}", pair)):
        request = RequestFactory().get(
            "/api/v1/me/", headers={"authorization": header, "cookie": f"sessionid={session}"}
        )
        reporter = ExceptionReporter(request, *_failing(monkeypatch, request))
        for report in (reporter.get_traceback_text(), reporter.get_traceback_html()):
            assert hidden not in report
            assert session not in report
            assert "/api/v1/me/" in report


def _failing(monkeypatch: pytest.MonkeyPatch, request: Any) -> tuple[Any, Any, Any]:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("accounts.authentication.secrets.well_formed", fail)
    monkeypatch.setattr("accounts.authentication.secrets.digest", fail)
    try:
        TokenAuthentication().authenticate(request)
        raise RuntimeError
    except RuntimeError as error:
        return type(error), error, error.__traceback__
