"""What firms agreed on before a run began counts in its allocation."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.roles import Role
from matching.engine import pipeline
from matching.engine.allocation import PlanFault
from matching.engine.types import Allocation, AllocationPlan
from matching.lists.states import LineState
from matching.runs.models import Award, Match, Shard
from matching.runs.services import run_shard, start_run
from matching.runs.states import RunState, ShardStage, ShardState
from tests import factories, world

pytestmark = pytest.mark.django_db


def test_a_firm_with_an_agreement_fills_its_place_among_the_suppliers() -> None:
    here = world.build()
    demand = factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED, max_suppliers=1)
    other = factories.make_user(Role.MEMBER_FIRM)
    agreed = factories.make_supply(
        here.member, here.chain, state=LineState.VERIFIED, free_capacity=Decimal(20_000)
    )
    factories.make_supply(other, here.chain, state=LineState.VERIFIED)
    Award.objects.create(demand=demand, supply=agreed, quantity=Decimal(40_000), unit="片")
    run = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    given = Match.objects.filter(run=run, allocated__gt=0).values_list("supply", "allocated")
    assert list(given) == [(agreed.pk, Decimal(20_000))]
    assert (run.allocation_gap, run.allocation_methods) == (0, {"flow": 1})


def test_a_plan_that_breaks_a_rule_fails_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    here = world.build()
    factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED)
    factories.make_supply(here.member, here.chain, state=LineState.VERIFIED)
    run = world.indexed(start_run(actor=here.office, round_id=here.round.pk))
    wrong = AllocationPlan((Allocation("nobody", "nothing", Decimal(1), 1),))
    monkeypatch.setattr(pipeline, "allocate", lambda *_: wrong)
    run_shard(shard_id=Shard.objects.get(run=run, stage=ShardStage.MATCH).pk)
    with pytest.raises(PlanFault):
        run_shard(shard_id=Shard.objects.get(run=run, state=ShardState.WAITING).pk)
    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert run.error.startswith("PlanFault: the allocation breaks its rules in 2 places: nobody ← nothing")
    assert not Match.objects.filter(run=run).exists()
