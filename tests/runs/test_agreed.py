"""What was decided before a run began counts in its allocation: agreements and exclusions."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.roles import Role
from matching.engine import pipeline
from matching.engine.allocation import PlanFault
from matching.engine.types import Allocation, AllocationPlan
from matching.lists.states import LineState
from matching.runs.models import Award, Gap, Match, Shard
from matching.runs.services import run_shard, set_excluded, start_run
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


def test_what_an_excluded_pair_would_take_goes_to_others() -> None:
    here = world.build()
    first, second = (
        factories.make_demand(
            here.leader, here.chain, state=LineState.VERIFIED, key=f"D{at}", priority=1 - at
        )
        for at in range(2)
    )
    supply = factories.make_supply(
        here.member, here.chain, state=LineState.VERIFIED, free_capacity=Decimal(100_000)
    )
    columns = ("demand", "allocated", "excluded")
    before = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    found = set(Match.objects.filter(run=before).values_list(*columns))
    assert found == {(first.pk, Decimal(100_000), False), (second.pk, Decimal(0), False)}
    set_excluded(pair=(first.pk, supply.pk), excluded=True, reason="质量")
    run = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    found = set(Match.objects.filter(run=run).values_list(*columns))
    assert found == {(first.pk, Decimal(0), True), (second.pk, Decimal(100_000), False)}
    gap = Gap.objects.get(run=run)
    assert (gap.demand, gap.uncovered) == (first, 10_000)
    assert gap.evidence_zh == "没有其他匹配供应；另有 1 条供应已被排除"
    set_excluded(pair=(first.pk, supply.pk), excluded=False, reason="")
    again = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    assert (again.input_hash, again.result_hash) == (before.input_hash, before.result_hash)


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
