"""What a run freezes is what the lists say of each line."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import GradeHolding
from matching.engine import wire
from matching.errors import Conflict
from matching.lists import queries as lists
from matching.lists.models import DemandLine, SupplyLine
from matching.lists.states import LineState
from matching.runs.models import Award, Exclusion, FrozenLine, MatchingRun, Side
from matching.runs.queries.frozen import need_of, offer_of
from matching.runs.services import freezing, start_run
from matching.runs.states import RunState
from tests import factories, world

pytestmark = pytest.mark.django_db
SPAN = {"parameter": '厚度 "a"', "low": Decimal("0.15"), "high": Decimal("3"), "unit": "mm"}
WORDS = {"parameter": "材质", "values": ["06Cr19Ni10", "304"]}
REQUIREMENTS = ({**SPAN, "operator": "between", "hard": False}, {**WORDS, "operator": "one_of"})


def _start(here: world.World) -> MatchingRun:
    return world.prepare(start_run(actor=here.office, round_id=here.round.pk))


def _frozen(run: MatchingRun, side: Side) -> list[Any]:
    lines = FrozenLine.objects.filter(run=run, side=side).order_by("position")
    return [need_of(line) if side == Side.NEED else offer_of(line) for line in lines]


def _demands(here: world.World) -> None:
    today = timezone.localdate()
    factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED, key="b")
    factories.make_demand(
        here.leader,
        here.chain,
        state=LineState.VERIFIED,
        key="B-2",
        node=None,
        title="含“引号”\\反斜线 与\t制表",
        description="第一行\n第二行",
        standards=["GB/T 1"],
        period="once",
        quantity=None,
        deliver_from=today,
        deliver_until=today + timedelta(days=40),
        price_ceiling=Decimal("12.50"),
        certificates=["ISO 9001"],
        regions=["14"],
        region_required=True,
        max_suppliers=2,
        priority=3,
        requirements=REQUIREMENTS,
    )


def _supplies(here: world.World) -> None:
    today = timezone.localdate()
    firm = factories.firm_of(here.member)
    for grade, expires in (("小巨人", None), ("规上", today), ("创新型", today - timedelta(days=1))):
        GradeHolding.objects.create(organisation=firm, grade=grade, expires=expires)
    factories.make_supply(here.member, here.chain, state=LineState.VERIFIED, key="a")
    line = factories.make_supply(
        here.member,
        here.chain,
        state=LineState.VERIFIED,
        key="A-2",
        node=None,
        minimum_order=Decimal("5"),
        lead_time=3,
        lead_time_unit="week",
        price_low=Decimal("1.10"),
        price_high=Decimal("1.2"),
        first_of_kind="首台套",
        properties=(SPAN, WORDS),
        certificates=({"name": "ISO 9001", "expires": today}, {"name": "AAA", "number": "7"}),
    )
    SupplyLine.objects.filter(pk=line.pk).update(committed=Decimal("10.5"))


def test_frozen_lines_say_what_the_lists_say() -> None:
    here = world.build()
    _demands(here)
    _supplies(here)
    run = _start(here)
    needs = [lists.as_need(line) for line in lists.with_rows(DemandLine.objects.all())]
    offers = [lists.as_offer(line, run.as_of) for line in lists.with_rows(SupplyLine.objects.all())]
    assert _frozen(run, Side.NEED) == sorted(needs, key=lambda need: need.key)
    assert _frozen(run, Side.OFFER) == sorted(offers, key=lambda offer: offer.key)


def test_what_is_agreed_on_is_left_out() -> None:
    here = world.build()
    whole, part, free = (
        factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED, key=key)
        for key in ("1", "2", "3")
    )
    supply = factories.make_supply(here.member, here.chain, state=LineState.VERIFIED)
    for line, quantity in ((whole, 100_000), (part, 40_000)):
        Award.objects.create(demand=line, supply=supply, quantity=quantity, unit="片")
    run = _start(here)
    left = {need.key.rpartition("/")[2]: need.quantity for need in _frozen(run, Side.NEED)}
    assert left == {"2": Decimal(60_000), "3": Decimal(100_000)}
    assert (run.demands, free.quantity) == (2, Decimal(100_000))
    assert run.awards.count('"demand"') == 2


def test_demand_that_is_covered_wholly_starts_no_run() -> None:
    here = world.build()
    line = factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED)
    supply = factories.make_supply(here.member, here.chain, state=LineState.VERIFIED)
    Award.objects.create(demand=line, supply=supply, quantity=100_000, unit="片")
    with pytest.raises(Conflict) as refused:
        start_run(actor=here.office, round_id=here.round.pk)
    assert refused.value.code == "no_demand"


def test_a_run_whose_demand_has_gone_meanwhile_fails_in_words() -> None:
    here = world.build()
    factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED)
    run = start_run(actor=here.office, round_id=here.round.pk)
    DemandLine.objects.update(state=LineState.WITHDRAWN)
    run = world.prepare(run)
    assert run.state == RunState.FAILED
    assert run.error
    assert not FrozenLine.objects.filter(run=run).exists()


def test_the_hash_is_of_the_input_alone() -> None:
    here = world.build()
    _demands(here)
    _supplies(here)
    first = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    again = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    assert (again.input_hash, again.index_hash) == (first.input_hash, first.index_hash)
    DemandLine.objects.filter(key="b").update(priority=9)
    other = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    assert other.input_hash != first.input_hash
    assert other.index_hash == first.index_hash
    SupplyLine.objects.filter(key="a").update(title="别的")
    third = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    assert third.index_hash != first.index_hash


def test_exclusions_of_the_lines_are_part_of_the_input() -> None:
    here = world.build()
    demands = [
        factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED, key=f"D{at}")
        for at in range(2)
    ]
    supply = factories.make_supply(here.member, here.chain, state=LineState.VERIFIED)
    draft = factories.make_supply(here.member, here.chain)
    free = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    Exclusion.objects.create(demand=demands[0], supply=draft)
    same = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    assert (same.exclusions, same.input_hash) == ("[]", free.input_hash)
    for demand in reversed(demands):
        Exclusion.objects.create(demand=demand, supply=supply, reason="质量")
    run = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    assert wire.decode(run.exclusions.encode(), list[tuple[str, str]]) == [
        (lists.engine_key(demand), lists.engine_key(supply)) for demand in demands
    ]
    assert run.input_hash != free.input_hash
    assert run.index_hash == free.index_hash


def test_open_demand_is_told_without_a_run() -> None:
    here = world.build()
    run = MatchingRun(round=here.round, as_of=timezone.localdate())
    assert not freezing.has_open_demand(run)
    factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED)
    assert freezing.has_open_demand(run)
