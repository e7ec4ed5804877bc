"""Applications: OAuth 2 client credentials, secrets that overlap, what an application may do."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import get_access_token_model
from pytest_django import Settings

from accounts.credentials import oauth, secrets, services
from accounts.credentials.tasks import remove_expired_credentials
from accounts.models import Application, ApplicationSecret, Membership, User
from accounts.roles import Role
from accounts.security import profiles
from tests import factories, world
from tests.accounts.credentials.test_tokens import bearer
from tests.api.story import API, client_of

TOKEN = "/oauth/token"


def ask(application: Application, secret: str, **more: str) -> Any:
    """Ask for an access token with HTTP Basic."""
    pair = base64.b64encode(f"{application.client_id}:{secret}".encode()).decode()
    return Client(headers={"authorization": f"Basic {pair}"}).post(
        TOKEN, {"grant_type": "client_credentials", **more}
    )


def access_token(application: Application, secret: str, **more: str) -> str:
    """An access token."""
    return str(ask(application, secret, **more).json()["access_token"])


@pytest.fixture
def leader(db: None) -> User:
    return factories.make_user(Role.LEADER_FIRM)


def test_an_application_acts_for_its_firm(leader: User) -> None:
    asked = {"name": "ERP", "scopes": ["account", "lines:read", "lines:write"]}
    made = client_of(leader).post(f"{API}/applications/", asked).json()
    application = Application.objects.get(client_id=made["client_id"])
    answer = ask(application, made["client_secret"])
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    told = answer.json()
    assert (told["token_type"], told["expires_in"]) == ("Bearer", 900)
    assert told["scope"].split() == ["lines:read", "lines:write", "account"]
    me = bearer(told["access_token"]).get(f"{API}/me/").json()
    assert [(held["role"], held["organisation_name"]) for held in me["memberships"]] == [
        ("integrator", factories.firm_of(leader).name)
    ]
    shown = client_of(leader).get(f"{API}/applications/{made['client_id']}/").json()
    assert shown["last_used_at"] is not None
    assert made["client_secret"] not in str(shown)


def test_an_offices_application_has_the_reach_of_its_maker_and_no_more(db: None) -> None:
    here = world.build()
    application, secret = factories.make_application(here.office)
    held = Membership.objects.get(user=application.user)
    assert (held.role, held.chains, held.regions) == ("chain_office", [here.chain.pk], ["*"])
    office = factories.firm_of(here.office)
    narrow = factories.make_user(Role.CHAIN_OFFICE, office, chains=(here.chain.pk,), regions=("1401",))
    peer = factories.make_user(Role.CHAIN_OFFICE, office, chains=(here.chain.pk, "nev"))
    address = f"{API}/applications/{application.client_id}/"
    assert client_of(narrow).get(address).status_code == 200
    assert client_of(narrow).post(f"{address}rotate/", {}).status_code == 403
    assert client_of(narrow).delete(address).status_code == 403
    assert client_of(peer).post(f"{address}rotate/", {"overlap_days": 1}).status_code == 200
    assert client_of(factories.make_user(Role.CHAIN_OFFICE)).get(address).status_code == 404
    client = bearer(access_token(application, secret))
    words = {"kind": "synonym", "chain": here.chain.pk, "words": ["组件", "光伏组件"]}
    assert client.post(f"{API}/glossary/", words).status_code == 201


def test_an_application_asks_for_less_and_never_for_more(leader: User) -> None:
    application, secret = factories.make_application(leader, "lines:read", "account")
    client = bearer(access_token(application, secret, scope="lines:read"))
    assert client.get(f"{API}/demand-lines/").status_code == 200
    assert client.get(f"{API}/me/").status_code == 403
    more = ask(application, secret, scope="lines:read lines:write")
    assert (more.status_code, more.json()["error"]) == (400, "invalid_scope")
    never = {"name": "x", "scopes": ["credentials"]}
    assert client_of(leader).post(f"{API}/applications/", never).status_code == 400


@pytest.mark.parametrize("grant", ["password", "authorization_code", "refresh_token", "implicit"])
def test_no_other_grant_is_open(leader: User, grant: str) -> None:
    application, secret = factories.make_application(leader)
    answer = ask(application, secret, grant_type=grant, username="u", password="p", code="c")
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


def test_a_wrong_secret_and_an_unknown_application_answer_alike(leader: User) -> None:
    application, secret = factories.make_application(leader)
    unknown = Application(client_id="nobody")
    wrong, absent = ask(application, factories.mistyped(secret)), ask(unknown, secret)
    assert (
        (wrong.status_code, wrong.content)
        == (absent.status_code, absent.content)
        == (
            401,
            b'{"error": "invalid_client"}',
        )
    )
    in_body = {
        "grant_type": "client_credentials",
        "client_id": application.client_id,
        "client_secret": secret,
    }
    assert Client().post(TOKEN, in_body).status_code == 200


def test_two_secrets_are_in_force_while_one_replaces_the_other(leader: User) -> None:
    application, first = factories.make_application(leader)
    second = _rotated(leader, application, 7)
    assert [ask(application, secret).status_code for secret in (first, second)] == [200, 200]
    third = _rotated(leader, application, 7)
    assert [ask(application, secret).status_code for secret in (first, second, third)] == [401, 200, 200]
    ends = ApplicationSecret.objects.get(digest=secrets.digest(second)).expires_at
    assert ends is not None
    assert timedelta(days=6) < ends - timezone.now() <= timedelta(days=7)
    fourth = _rotated(leader, application, 0)
    assert [ask(application, secret).status_code for secret in (third, fourth)] == [401, 200]


def _rotated(person: User, application: Application, days: int) -> str:
    address = f"{API}/applications/{application.client_id}/rotate/"
    return str(client_of(person).post(address, {"overlap_days": days}).json()["client_secret"])


def test_what_a_token_makes_ends_with_the_token(leader: User) -> None:
    maker, secret = services.make_token(
        actor=leader, name="deployment", scopes=["credentials", "account"], days=5
    )
    asked = {"name": "ERP", "scopes": ["account"]}
    made = bearer(secret).post(f"{API}/applications/", asked).json()
    application = Application.objects.get(client_id=made["client_id"])
    assert [one.expires_at for one in application.secrets.all()] == [maker.expires_at]
    bearer(secret).post(f"{API}/applications/{application.client_id}/rotate/", {"overlap_days": 30})
    assert [one.expires_at for one in application.secrets.all()] == [maker.expires_at] * 2
    # A person makes one that lasts, and lengthens nothing by it.
    _rotated(leader, application, 30)
    assert [one.expires_at for one in application.secrets.all()] == [None, maker.expires_at]


def test_what_is_revoked_is_refused_at_once(leader: User) -> None:
    application, secret = factories.make_application(leader)
    client = bearer(access_token(application, secret))
    assert client.get(f"{API}/me/").status_code == 200
    Membership.objects.filter(user=application.user).update(is_active=False)
    assert client.get(f"{API}/me/").status_code == 401
    assert ask(application, secret).status_code == 401
    Membership.objects.filter(user=application.user).update(is_active=True)
    assert client.get(f"{API}/me/").status_code == 200
    services.revoke_application(actor=leader, client_id=application.client_id)
    assert client.get(f"{API}/me/").status_code == 401
    assert ask(application, secret).status_code == 401
    assert not User.objects.get(pk=application.user.pk).is_active


def test_an_access_token_can_be_given_back_by_its_own_application_only(leader: User) -> None:
    application, secret = factories.make_application(leader)
    other, other_secret = factories.make_application(leader, name="other")
    token = access_token(application, secret)
    for client_id, given, status in ((other, other_secret, 200), (application, secret, 401)):
        body = {"token": token, "client_id": client_id.client_id, "client_secret": given}
        assert Client().post("/oauth/revoke", body).status_code == 200
        assert bearer(token).get(f"{API}/me/").status_code == status


def test_an_access_token_expires(leader: User) -> None:
    application, secret = factories.make_application(leader)
    token = access_token(application, secret)
    get_access_token_model().objects.update(expires=timezone.now())
    answer = bearer(token).get(f"{API}/me/")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (401, "token_expired")


def test_a_token_for_another_resource_is_refused(leader: User) -> None:
    application, secret = factories.make_application(leader)
    elsewhere = access_token(application, secret, resource="https://elsewhere.example/api")
    here = access_token(application, secret, resource="http://testserver/api/v1")
    assert bearer(elsewhere).get(f"{API}/me/").status_code == 401
    assert bearer(here).get(f"{API}/me/").status_code == 200


def test_nobody_signs_in_as_an_application(leader: User) -> None:
    application, secret = factories.make_application(leader)
    assert not application.user.has_usable_password()
    form = {"login": application.user.username, "password": secret}
    Client().post("/accounts/login/", form)
    assert not Client().login(username=application.user.username, password=secret)


def test_the_server_says_what_it_offers(db: None) -> None:
    told = Client().get("/.well-known/oauth-authorization-server").json()
    assert told["grant_types_supported"] == ["client_credentials"]
    assert told["response_types_supported"] == []
    assert told["token_endpoint"] == "http://testserver/oauth/token"
    assert told["revocation_endpoint"] == "http://testserver/oauth/revoke"
    assert "authorization_endpoint" not in told
    assert "credentials" not in told["scopes_supported"]


def test_an_address_that_keeps_failing_has_to_wait_and_people_there_do_not(
    leader: User, settings: Settings
) -> None:
    settings.SECURITY_PROFILE = replace(profiles.current(), failures_an_address=3)
    application, secret = factories.make_application(leader)
    # What was right is taken back, however often it comes.
    assert [ask(application, secret).status_code for _ in range(4)] == [200] * 4
    assert [ask(application, "wrong").status_code for _ in range(4)] == [401, 401, 401, 429]
    locked = ask(application, secret)
    assert (locked.status_code, locked.json()) == (429, {"error": "slow_down"})
    assert locked.headers["Retry-After"] == str(profiles.current().lock_minutes * 60)
    form = {"login": leader.username, "password": factories.PASSWORD}
    assert Client().post("/accounts/login/", form).status_code == 302


def test_an_application_uses_the_tokens_that_it_has(leader: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oauth, "MOST_LIVE", 2)
    application, secret = factories.make_application(leader)
    assert [ask(application, secret).status_code for _ in range(3)] == [200, 200, 429]
    get_access_token_model().objects.update(expires=timezone.now())
    assert ask(application, secret).status_code == 200
    assert get_access_token_model().objects.count() == 3
    remove_expired_credentials()
    assert get_access_token_model().objects.count() == 1
