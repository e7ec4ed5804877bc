"""Offices sign in through their own service: a real OpenID Connect exchange with one on this machine."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from accounts.roles import Role
from accounts.security.oidc import bind
from tests import factories

pytestmark = pytest.mark.django_db
CLIENT_ID, CLIENT_SECRET = "chainmatch", "a secret of at least thirty-two bytes"
MAIL = "wang@office.example"


class Service:
    """An OpenID Connect provider in a thread; ``claims`` is what it says about whoever signs in."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {"sub": "person-1", "email": MAIL, "email_verified": True}
        self.told: dict[str, Any] = {}
        self.challenges: dict[str, str] = {}
        self.failures: list[str] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(service.get(self.path))

            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self._answer(service.token({name: values[0] for name, values in form.items()}))

            def _answer(self, content: dict[str, Any]) -> None:
                body = json.dumps(content).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments: Any) -> None:
                """Silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def get(self, path: str) -> dict[str, Any]:
        """Discovery, or what is known of the person."""
        if path == "/userinfo":
            return {**self.claims, **self.told}
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def token(self, form: dict[str, str]) -> dict[str, Any]:
        """Exchange a code, if the client is ours and holds the verifier (RFC 7636)."""
        hashed = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()
        if self.challenges.get(form["code"]) != challenge or form.get("client_secret") != CLIENT_SECRET:
            self.failures.append(str(form))
        claims = {**self.claims, "iss": self.issuer, "aud": CLIENT_ID, "iat": time.time()}
        token = jwt.encode({**claims, "exp": time.time() + 60}, CLIENT_SECRET, algorithm="HS256")
        return {"access_token": "access", "token_type": "Bearer", "id_token": token}


@pytest.fixture
def service(settings: Settings) -> Iterator[Service]:
    """The service, named in the settings as ``OIDC_ISSUER`` does."""
    running = Service()
    app = {"provider_id": "office", "name": "Office", "client_id": CLIENT_ID, "secret": CLIENT_SECRET}
    app["settings"] = {"server_url": running.issuer}  # type: ignore[assignment]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    yield running
    running.server.shutdown()
    running.server.server_close()


@pytest.fixture
def office() -> User:
    """An office's person with an address."""
    person = factories.make_user(Role.CHAIN_OFFICE)
    User.objects.filter(pk=person.pk).update(email=MAIL)
    return person


def come(service: Service, **changes: str) -> tuple[Client, Any]:
    """Sign in through the service, as a browser does."""
    client = Client()
    client.cookies["django_language"] = "en"
    away = client.post(reverse("openid_connect_login", args=["office"]))
    asked = {name: values[0] for name, values in parse_qs(urlsplit(away["Location"]).query).items()}
    assert away["Location"].startswith(f"{service.issuer}/authorize")
    assert asked["code_challenge_method"] == "S256"
    service.challenges["code"] = asked["code_challenge"]
    answer = client.get(
        reverse("openid_connect_callback", args=["office"]),
        {"code": "code", "state": asked["state"], **changes},
    )
    assert service.failures == []
    return client, answer


def is_in(client: Client) -> bool:
    """Whether pages for people who are signed in open."""
    return client.get(reverse("notice_list")).status_code == 200


def test_a_verified_address_opens_the_account_and_binds_the_subject(service: Service, office: User) -> None:
    password = office.password
    client, answer = come(service)
    assert (answer.status_code, is_in(client)) == (302, True)
    bound = SocialAccount.objects.get()
    assert (bound.user_id, bound.provider, bound.uid, bound.extra_data) == (
        office.pk,
        "office",
        "person-1",
        {},
    )
    office.refresh_from_db()
    assert office.password == password
    service.claims["email"] = "new@office.example"
    assert is_in(come(service)[0])


def test_a_subject_that_an_administrator_bound_needs_no_address(service: Service) -> None:
    person = factories.make_user(Role.AUDITOR)
    bind(user=person, subject="person-1")
    service.claims = {"sub": "person-1"}
    assert is_in(come(service)[0])


def _unverified(service: Service, office: User) -> None:
    service.claims["email_verified"] = False


def _unknown(service: Service, office: User) -> None:
    service.claims["email"] = "nobody@office.example"


def _another_subject(service: Service, office: User) -> None:
    bind(user=office, subject="person-0")


def _switched_off(service: Service, office: User) -> None:
    User.objects.filter(pk=office.pk).update(is_active=False)


def _twins(service: Service, office: User) -> None:
    twin = factories.make_user(Role.CHAIN_HEAD)
    User.objects.filter(pk=twin.pk).update(email=MAIL)


def _firm(service: Service, office: User) -> None:
    User.objects.filter(pk=office.pk).update(email="")
    firm = factories.make_user(Role.MEMBER_FIRM)
    User.objects.filter(pk=firm.pk).update(email=MAIL)


def _bound_firm(service: Service, office: User) -> None:
    bind(user=factories.make_user(Role.LEADER_FIRM), subject="person-1")


def _userinfo_of_another(service: Service, office: User) -> None:
    service.told = {"sub": "person-2"}


@pytest.mark.parametrize(
    "change",
    [
        *(_unverified, _unknown, _another_subject, _switched_off),
        *(_twins, _firm, _bound_firm, _userinfo_of_another),
    ],
)
def test_everybody_else_is_refused(service: Service, office: User, change: Any) -> None:
    change(service, office)
    people = User.objects.count()
    client, answer = come(service)
    assert (answer.status_code, is_in(client)) == (403, False)
    assert "No account of an office here belongs to you" in answer.content.decode()
    assert User.objects.count() == people


def test_a_forged_state_is_refused(service: Service, office: User) -> None:
    client, _answer = come(service, state="forged")
    assert not is_in(client)


def test_without_a_service_there_is_no_door(settings: Settings) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    assert Client().post(reverse("openid_connect_login", args=["office"])).status_code == 404
