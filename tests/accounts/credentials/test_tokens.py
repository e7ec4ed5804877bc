"""Personal tokens: made, shown once, limited, expired, revoked."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.credentials import secrets, services
from accounts.models import Membership, PersonalToken, User
from accounts.roles import Role
from accounts.scopes import Scope, of_view
from chainmatch.urls import router
from tests import factories, world
from tests.api.story import API, client_of


def bearer(secret: str, scheme: str = "Bearer") -> APIClient:
    """A client that sends the secret."""
    return APIClient(headers={"authorization": f"{scheme} {secret}", "accept-language": "en"})


@pytest.fixture
def member(db: None) -> User:
    return factories.make_user(Role.MEMBER_FIRM)


def test_a_token_is_shown_once_works_and_can_be_revoked(member: User) -> None:
    asked = {"name": "ERP", "scopes": ["credentials", "account"], "days": 7}
    made = client_of(member).post(f"{API}/tokens/", asked).json()
    secret = made.pop("token")
    client = bearer(secret)
    assert [firm["kind"] for firm in client.get(f"{API}/me/").json()["firms"]] == ["member_firm"]
    (listed,) = client.get(f"{API}/tokens/").json()["results"]
    assert listed.pop("last_used_at") is not None
    assert listed == {name: value for name, value in made.items() if name != "last_used_at"}
    assert listed["start"] == secret[:12]
    assert client.delete(f"{API}/tokens/{made['id']}/").status_code == 204
    assert client.get(f"{API}/me/").status_code == 401


@pytest.mark.parametrize("secret", ["", "wrong", "0" * 64, "é", "a b", "cm_pat_" + "0" * 36, "cm_oat_x"])
def test_a_wrong_token_is_refused(db: None, secret: str) -> None:
    response = bearer(secret).get(f"{API}/me/")
    assert response.status_code == 401
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="ChainMatch", error="invalid_token"'


def test_without_a_token_no_error_is_named(db: None) -> None:
    assert APIClient().get(f"{API}/me/").headers["WWW-Authenticate"] == 'Bearer realm="ChainMatch"'


def test_what_has_not_the_form_of_a_token_costs_no_query(db: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert bearer("cm_pat_" + "A" * 36).get(f"{API}/me/").status_code == 401
    assert len(queries) == 0


@given(place=st.integers(0, 42), other=st.sampled_from("0Az9"))
def test_a_mistyped_secret_is_found_by_its_checksum(place: int, other: str) -> None:
    secret = secrets.make(secrets.Kind.PERSONAL)
    mistyped = secret[:place] + other + secret[place + 1 :]
    assert secrets.well_formed(secret, secrets.Kind.PERSONAL)
    assert secrets.well_formed(mistyped, secrets.Kind.PERSONAL) == (mistyped == secret)
    assert not secrets.well_formed(secret, secrets.Kind.ACCESS)


def test_an_expired_token_says_so_and_a_closed_account_does_not(member: User) -> None:
    token, secret = factories.make_token(member)
    User.objects.filter(pk=member.pk).update(is_active=False)
    assert _code(bearer(secret).get(f"{API}/me/")) == (401, "invalid_token")
    User.objects.filter(pk=member.pk).update(is_active=True)
    PersonalToken.objects.filter(pk=token.pk).update(expires_at=timezone.now())
    assert _code(bearer(secret).get(f"{API}/me/")) == (401, "token_expired")
    assert services.remove_expired(now=timezone.now() + timedelta(days=29)) == 0
    assert services.remove_expired(now=timezone.now() + timedelta(days=31)) == 1
    assert _code(bearer(secret).get(f"{API}/me/")) == (401, "invalid_token")


def _code(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["errors"][0]["code"]


def test_tokens_of_earlier_releases_keep_working(member: User) -> None:
    secret = "3f" * 32
    PersonalToken.objects.create(
        user=member, start=secret[:8], digest=secrets.digest(secret), scopes=Scope.values
    )
    assert bearer(secret, "Token").get(f"{API}/me/").status_code == 200


def test_the_migration_adopts_tokens_of_earlier_releases(member: User) -> None:
    secret = "3f" * 32
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE knox_authtoken (digest text, token_key text, user_id bigint, created timestamptz, "
            "expiry timestamptz)"
        )
        kept: list[str | int] = [secrets.digest(secret), secret[:15], member.pk]
        cursor.execute("INSERT INTO knox_authtoken VALUES (%s, %s, %s, now(), NULL)", kept)
        cursor.execute(import_module("accounts.migrations.0005_credentials").ADOPT)
        cursor.execute("SELECT to_regclass('knox_authtoken')")
        assert cursor.fetchone() == (None,)
    later = {Scope.PEOPLE_READ, Scope.PEOPLE_WRITE}
    adopted = [scope for scope in Scope.values if scope not in later]
    assert PersonalToken.objects.get(user=member).scopes == adopted
    assert bearer(secret, "Token").get(f"{API}/me/").status_code == 200


def test_a_token_lives_ninety_days_and_at_most_as_long_as_is_set(member: User, settings: Settings) -> None:
    settings.TOKEN_MOST_DAYS = 100
    client, asked = client_of(member), {"name": "ERP", "scopes": ["account"]}
    made = client.post(f"{API}/tokens/", asked).json()
    left = PersonalToken.objects.get(pk=made["id"]).expires_at - timezone.now()  # type: ignore[operator]
    assert timedelta(days=89, hours=23) < left <= timedelta(days=90)
    assert client.post(f"{API}/tokens/", {**asked, "days": 100}).status_code == 201
    refused = client.post(f"{API}/tokens/", {**asked, "days": 101})
    assert refused.json()["errors"][0]["field"] == "days"


def test_a_person_has_at_most_twenty_tokens(member: User) -> None:
    client, asked = client_of(member), {"name": "ERP", "scopes": ["account"]}
    statuses = [client.post(f"{API}/tokens/", asked).status_code for _ in range(21)]
    assert statuses == [201] * 20 + [409]


def test_a_token_makes_none_that_is_wider_or_lives_longer(member: User) -> None:
    own, secret = factories.make_token(member, "credentials", "lines:read")
    client = bearer(secret)
    wider = {"name": "x", "scopes": ["lines:write"]}
    refused = client.post(f"{API}/tokens/", wider)
    told = "A credential makes none that is good for more than itself."
    assert (refused.status_code, refused.json()["detail"]) == (403, told)
    made = client.post(f"{API}/tokens/", {"name": "x", "scopes": ["lines:read"], "days": 300}).json()
    assert PersonalToken.objects.get(pk=made["id"]).expires_at == own.expires_at
    assert client.post(f"{API}/applications/", wider).status_code == 403
    # Control: with a session the same is allowed.
    assert client_of(member).post(f"{API}/tokens/", wider).status_code == 201


def test_every_operation_declares_its_scope() -> None:
    undeclared = {
        (basename, method, action)
        for _prefix, view, basename in router.registry
        for route in router.get_routes(view)
        for method, action in router.get_method_map(view, route.mapping).items()
        if of_view(_View(basename, action), method.upper()) is None
    }
    assert undeclared == set()
    assert of_view(_View("nobody_declared_this", "list"), "GET") is None


class _View:
    def __init__(self, basename: str, action: str) -> None:
        self.basename, self.action = basename, action


def test_an_operation_without_a_scope_takes_no_token(member: User, settings: Settings) -> None:
    _token, secret = factories.make_token(member)
    settings.API_SCOPES = {}
    assert _code(bearer(secret).get(f"{API}/me/")) == (403, "insufficient_scope")
    assert client_of(member).get(f"{API}/me/").status_code == 200


def test_a_token_does_what_its_scopes_name_and_its_person_may(member: User) -> None:
    chain = factories.make_chain()
    factories.make_round(chain)
    line = {"chain": chain.pk, "title": "硅片", "unit": "片", "free_capacity": "7", "node": "wafer"}
    reads, writes = (bearer(factories.make_token(member, f"lines:{verb}")[1]) for verb in ("read", "write"))
    refused = reads.post(f"{API}/supply-lines/", line)
    assert _code(refused) == (403, "insufficient_scope")
    assert refused.headers["WWW-Authenticate"].endswith('error="insufficient_scope", scope="lines:write"')
    assert refused.json()["detail"] == "This needs the scope lines:write."
    assert writes.post(f"{API}/supply-lines/", line).status_code == 201
    assert writes.get(f"{API}/supply-lines/").status_code == 403
    assert reads.get(f"{API}/supply-lines/").status_code == 200
    # All scopes there are make no office of a firm.
    everything = bearer(factories.make_token(member)[1])
    glossary = {"kind": "synonym", "chain": chain.pk, "words": ["组件", "光伏组件"]}
    assert _code(everything.post(f"{API}/glossary/", glossary)) == (403, "not_your_chain")


def test_last_use_is_written_at_most_once_a_minute(member: User) -> None:
    token, secret = factories.make_token(member)
    bearer(secret).get(f"{API}/me/")
    token.refresh_from_db()
    first = token.last_used_at
    assert first is not None
    bearer(secret).get(f"{API}/me/")
    token.refresh_from_db()
    assert token.last_used_at == first
    PersonalToken.objects.filter(pk=token.pk).update(last_used_at=first - timedelta(seconds=61))
    bearer(secret).get(f"{API}/me/")
    token.refresh_from_db()
    assert token.last_used_at is not None
    assert token.last_used_at > first


def test_rights_that_end_end_for_tokens_at_once(db: None) -> None:
    here = world.build()
    client = bearer(factories.make_token(here.office)[1])
    words = {"kind": "synonym", "chain": here.chain.pk, "words": ["组件", "光伏组件"]}
    assert client.post(f"{API}/glossary/", words).status_code == 201
    Membership.objects.filter(user=here.office).update(role=Role.LEAD_DEPARTMENT)
    assert client.post(f"{API}/glossary/", words).status_code == 403
    Membership.objects.filter(user=here.office).update(role=Role.CHAIN_OFFICE, is_active=False)
    assert client.post(f"{API}/glossary/", words).status_code == 403
