"""Auditors search, page and download; everybody else sees nothing; and whoever reads is on record."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.audit.context import acting
from accounts.audit.models import AuditEntry, AuditReading
from accounts.models import User
from accounts.roles import Role
from tests import factories
from tests.api.story import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor() -> User:
    """Somebody with that role, and three writes of another's."""
    with acting(actor_id=77, via="token", credential="t1", request_id="request-77"):
        factories.make_chain("=cmd")
    return factories.make_user(Role.AUDITOR)


def browser(user: User) -> Client:
    """Signed in, in English."""
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return client


def found(client: APIClient, **asked: str) -> list[tuple[str, str]]:
    """Table and object of what the API finds."""
    rows = client.get("/api/v1/audit-entries/", asked).json()["results"]
    return [(row["table"], row["object_id"]) for row in rows]


def test_each_filter_of_the_api_finds_what_it_says(auditor: User) -> None:
    client = client_of(auditor)
    chain = ("matching_chain", "=cmd")
    assert found(client, table="matching_chain") == [chain]
    assert found(client, object_id="=cmd", action="insert") == [chain]
    assert found(client, action="delete") == []
    assert set(found(client, actor="77")) == {chain, *found(client, request_id="request-77")}
    assert chain in found(client, via="token")
    assert chain not in found(client, via="session")
    moment = AuditEntry.objects.get(table="matching_chain").at.isoformat()
    assert found(client, since=moment, table="matching_chain") == [chain]
    assert found(client, until=moment, table="matching_chain") == []


def test_reading_is_on_record_and_audited(auditor: User) -> None:
    client_of(auditor).get("/api/v1/audit-entries/", {"actor": "77"})
    page = browser(auditor)
    page.get("/audit/", {"table": "matching_chain"})
    entry = AuditEntry.objects.get(table="matching_chain")
    page.get(f"/audit/{entry.pk}/")
    list(page.get("/audit/entries.csv"))
    readings = AuditReading.objects.order_by("pk").values_list("reader", "door", "asked")
    assert list(readings) == [
        (auditor.pk, "api", {"actor": "77"}),
        (auditor.pk, "page", {"table": "matching_chain"}),
        (auditor.pk, "page", {"entry": str(entry.pk)}),
        (auditor.pk, "csv", {}),
    ]
    told = AuditEntry.objects.filter(table="accounts_auditreading")
    assert [(one.actor, one.via) for one in told] == [(auditor.pk, "session")] * 4


@pytest.mark.parametrize(
    "role", [Role.CHAIN_OFFICE, Role.MEMBER_FIRM, Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN]
)
def test_nobody_else_sees_an_entry_and_nobody_elses_look_is_a_reading(role: Role) -> None:
    user = factories.make_user(role)
    entry = AuditEntry.objects.order_by("pk")[0]
    assert found(client_of(user)) == []
    for address in ("/audit/", "/audit/entries.csv", f"/audit/{entry.pk}/"):
        assert browser(user).get(address).status_code == 403
    assert AuditReading.objects.count() == 0


def test_the_download_holds_no_live_formula(auditor: User) -> None:
    answer = browser(auditor).get("/audit/entries.csv", {"table": "matching_chain"})
    text = b"".join(answer).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["object_id"], row["actor"], row["via"], row["before"]) == ("'=cmd", "77", "token", "")
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in row.values())


def test_pages_go_on_below_an_entry(auditor: User) -> None:
    for number in range(60):
        factories.make_chain(f"chain-{number}")
    page = browser(auditor)
    first = page.get("/audit/", {"table": "matching_chain"})
    shown = [entry["row"].object_id for entry in first.context["entries"]]
    assert shown == [f"chain-{number}" for number in range(59, 9, -1)]
    second = page.get("/audit/", {"table": "matching_chain", "below": first.context["below"]})
    assert [entry["row"].object_id for entry in second.context["entries"]][-1] == "=cmd"
    assert second.context["below"] is None


def test_a_search_that_makes_no_sense_finds_nothing_and_says_so(auditor: User) -> None:
    answer = browser(auditor).get("/audit/", {"since": "yesterday", "actor": "nobody"})
    assert (answer.status_code, answer.context["entries"]) == (200, [])
    assert "Enter a valid date/time." in answer.content.decode()
