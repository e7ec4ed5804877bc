"""What-if questions by API."""

from __future__ import annotations

from decimal import Decimal

import pytest

from matching.lists.states import LineState
from matching.runs.services import start_run
from tests import factories, world
from tests.api.story import API, client_of

pytestmark = pytest.mark.django_db


def test_a_question_and_its_answer() -> None:
    here = world.build()
    demand = factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED, price_ceiling=10)
    supply = factories.make_supply(
        here.member, here.chain, state=LineState.VERIFIED, price_low=11, free_capacity=Decimal(60_000)
    )
    run = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    demand.title = "草稿里的新名称"
    demand.save(update_fields=["title"])
    address = f"{API}/runs/{run.pk}/what-if/"
    answer = (
        client_of(here.office).post(address, {"demand": str(demand.pk), "kind": "price", "to": "11.5"}).json()
    )
    assert (answer["whole"], answer["covered"], answer["opened"]) == (True, 0, 0)
    (row,) = answer["demands"]
    assert row["demand"]["title"] == "N型单晶硅片"
    assert (row["before"], row["after"]) == (0, 6_000)
    assert row["gap_before"] == {"type": "price", "uncovered": 10_000}
    assert row["gap_after"] == {"type": "capacity", "uncovered": 4_000}
    (pair,) = answer["pairs"]
    assert pair["supply"]["id"] == str(supply.pk)
    assert (pair["before"], pair["after"], pair["unit"]) == (None, "60000", "片")
    assert (pair["share_before"], pair["share_after"]) == (0, 6_000)

    refused = client_of(here.office).post(address, {"demand": str(demand.pk), "kind": "price", "to": "?"})
    assert refused.status_code == 400
    assert [(error["field"], error["code"]) for error in refused.json()["errors"]] == [("to", "invalid")]
