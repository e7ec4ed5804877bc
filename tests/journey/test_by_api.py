"""From two lists to a signing-meeting proposal by API alone, computed by a real worker and a real beat."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from accounts.roles import Role
from tests import factories
from tests.services import WorkerProcess, empty_broker, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


class Client:
    """A caller with a token; every answer is checked for its status."""

    def __init__(self, user: User) -> None:
        self._http = APIClient()
        self._http.credentials(HTTP_AUTHORIZATION=f"Bearer {factories.make_token(user)[1]}")

    def get(self, path: str, **query: str) -> Any:
        response = self._http.get(f"/api/v1/{path}", query)
        assert response.status_code == 200, response.content.decode()
        return json.loads(response.content)

    def post(self, path: str, body: dict[str, Any] | None = None, expect: int = 200) -> Any:
        response = self._http.post(f"/api/v1/{path}", body or {}, format="json")
        assert response.status_code == expect, response.content.decode()
        return json.loads(response.content)


@pytest.fixture
def clock(transactional_db: None, tmp_path: Path) -> Iterator[WorkerProcess]:
    """A worker with beat."""
    empty_broker()
    process = WorkerProcess(tmp_path, beat=True, LEASE_SECONDS="5")
    process.start()
    yield process
    process.stop()
    empty_broker()


def test_from_two_lists_to_a_proposal(clock: WorkerProcess) -> None:
    chain = factories.make_chain()
    round_ = factories.make_round(chain)
    factories.make_rule(chain)
    office = Client(factories.make_user(Role.CHAIN_OFFICE, chains=(chain.pk,)))
    city = Client(factories.make_user(Role.CITY_TASK_FORCE, regions=("1401",)))
    leader = Client(factories.make_user(Role.INTEGRATOR))
    member = Client(factories.make_user(Role.MEMBER_FIRM))
    in_a_year = f"{timezone.localdate() + timedelta(days=365)}"

    demand = leader.post(
        "demand-lines/",
        {
            "key": "XQ-001",
            "chain": chain.pk,
            "node": "wafer",
            "title": "N型单晶硅片",
            "quantity": "10",
            "unit": "万片",
            "period": "month",
            "price_ceiling": "13000",
            "certificates": ["ISO 9001"],
            "requirements": [
                {"parameter": "厚度", "text": "120~140μm"},
                {"parameter": "少子寿命", "text": "≥800μs"},
            ],
        },
        expect=201,
    )
    supply = member.post(
        "supply-lines/",
        {
            "key": "GY-001",
            "chain": chain.pk,
            "node": "wafer",
            "title": "单晶硅片(N型)",
            "unit": "片",
            "capacity": "500000",
            "free_capacity": "300000",
            "price_low": "1.20",
            "certificates": [{"name": "ISO9001", "number": "00126Q", "expires": in_a_year}],
            "properties": [
                {"parameter": "厚度", "text": "0.13mm"},
                {"parameter": "少子寿命", "text": "1ms"},
            ],
        },
        expect=201,
    )
    assert leader.post(f"demand-lines/{demand['id']}/submit/")["state"] == "submitted"
    assert member.post(f"supply-lines/{supply['id']}/submit/")["state"] == "submitted"
    assert office.post(f"demand-lines/{demand['id']}/verify/")["state"] == "verified"
    assert city.post(f"supply-lines/{supply['id']}/verify/")["state"] == "verified"
    assert office.post(f"rounds/{round_.pk}/close/")["state"] == "closed"

    run = office.post("runs/", {"round": str(round_.pk)}, expect=201)
    wait_until(lambda: office.get(f"runs/{run['id']}/")["state"] == "finished")
    assert office.get(f"runs/{run['id']}/")["percent"] == 100
    [match] = office.get(f"runs/{run['id']}/matches/")["results"]
    outcomes = {condition["name"]: condition["outcome"] for condition in match["conditions"]}
    assert (outcomes["厚度"], outcomes["少子寿命"]) == ("met", "met")
    assert match["allocated"] == "100000"

    review = office.post(f"matches/{match['id']}/shortlist/")["review"]
    mine = leader.get("my-matches/")["results"]
    assert [(item["state"], item["band"]) for item in mine] == [("shortlisted", match["band"])]
    assert "score" not in mine[0]
    assert member.post(f"reviews/{review}/accept/")["state"] == "member_accepted"
    assert leader.post(f"reviews/{review}/accept/")["state"] == "accepted"
    leader.post(f"reviews/{review}/accept/", expect=409)

    published = office.post(f"runs/{run['id']}/publish/", expect=201)
    assert (published["number"], published["matches"]) == (1, 1)
    assert len(published["diff"]["added"]) == 1
    content = office.get(f"matching-lists/{published['id']}/content/")
    assert [(row["demand"][-6:], row["supply"][-6:]) for row in content["matches"]] == [("XQ-001", "GY-001")]

    wait_until(lambda: office.get("meetings/?count=true")["count"] == 1)
    [meeting] = office.get("meetings/")["results"]
    assert (meeting["state"], meeting["chain"]) == ("proposed", chain.pk)
    assert member.get("meetings/")["results"] == []
    department = Client(factories.make_user(Role.LEAD_DEPARTMENT, chains=(chain.pk,)))
    assert department.post(f"meetings/{meeting['id']}/approve/")["state"] == "approved"
    assert [item["id"] for item in member.get("meetings/")["results"]] == [meeting["id"]]
