"""Limits hold over parallel requests, and are no outage (RELIABILITY 33)."""

from __future__ import annotations

import re
import uuid

import pytest
from pytest_django import Settings

from accounts.roles import Role
from matching.http import limits
from tests import factories
from tests.api.parallel import at_once, client_with, token_of
from tests.torture import times

ADDRESS = "/api/v1/kinds/"
ALLOWED = 100


@pytest.fixture
def token(transactional_db: None) -> str:
    """A token that nobody has used yet."""
    return token_of(factories.make_user(Role.MEMBER_FIRM))


def _passed(token: str, number: int) -> int:
    client = client_with(token)
    statuses = at_once(number, lambda _: client.get(ADDRESS).status_code)
    assert set(statuses) <= {200, 429}
    return statuses.count(200)


def test_of_many_parallel_requests_only_the_limit_passes(token: str, settings: Settings) -> None:
    settings.API_LIMIT_CREDENTIAL = f"{ALLOWED}/hour"
    assert _passed(token, times(200, 1000)) == ALLOWED


def test_without_the_answer_of_the_counter_all_would_pass(
    token: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control."""
    counted = limits._hit
    settings.API_LIMIT_CREDENTIAL = "5/hour"
    monkeypatch.setattr(limits, "_hit", lambda *asked: (True, counted(*asked)[1]))
    assert _passed(token, 25) == 25


def test_what_is_left_is_told(token: str, settings: Settings) -> None:
    settings.API_LIMIT_CREDENTIAL, settings.API_LIMIT_ADDRESS = "2/hour", "1000/minute"
    client = client_with(token)
    first, second, third = (client.get(ADDRESS) for _ in range(3))
    assert first.headers["RateLimit-Policy"] == '"address";q=1000;w=60, "credential";q=2;w=3600'
    left = [re.findall(r'"credential";r=(\d+)', answer.headers["RateLimit"]) for answer in (first, second)]
    assert left == [["1"], ["0"]]
    assert (third.status_code, third.headers["Content-Type"]) == (429, "application/problem+json")
    assert third.json()["errors"][0]["code"] == "throttled"
    assert 0 < int(third.headers["Retry-After"]) <= 3600
    assert (
        third.json()["detail"] == f"Too many requests; ask again in {third.headers['Retry-After']} seconds."
    )


@pytest.mark.parametrize(("proxies", "passed"), [(0, 3), (1, 6)])
def test_an_address_is_what_our_proxies_saw(db: None, settings: Settings, proxies: int, passed: int) -> None:
    # Whoever is not signed in counts too: guessing tokens has a limit.
    settings.API_LIMIT_ADDRESS = "3/hour"
    settings.TRUSTED_PROXIES = proxies
    network = f"2001:db8:{uuid.uuid4().hex[:4]}:{uuid.uuid4().hex[:4]}"
    client = client_with("nobodys")
    statuses = [
        client.get(
            ADDRESS,
            REMOTE_ADDR=f"{network}::1",
            headers={"x-forwarded-for": f"10.0.0.{number}, {network}::{seen}"},
        ).status_code
        for seen in ("a", "b")
        for number in range(4)
    ]
    assert statuses.count(401) == passed


def test_a_broker_that_is_down_is_no_outage(token: str, settings: Settings) -> None:
    settings.API_LIMIT_CREDENTIAL = "3/hour"
    settings.CELERY_BROKER_URL = f"redis+socket:///nowhere/{uuid.uuid4()}?virtual_host=0"
    client = client_with(token)
    assert [client.get(ADDRESS).status_code for _ in range(5)] == [200, 200, 200, 429, 429]


def test_the_brokers_address_is_written_as_the_library_does() -> None:
    assert limits.storage_url("redis+socket:///a/b.sock?virtual_host=3") == "redis+unix:///a/b.sock?db=3"
    assert limits.storage_url("redis://host:6379/0") == "redis://host:6379/0"
