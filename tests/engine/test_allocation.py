from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.allocation import allocate, check_plan
from matching.engine.pipeline import match_shard
from matching.engine.types import (
    FULL_SCORE,
    Allocation,
    AllocationPlan,
    Candidate,
    Glossary,
    Need,
    NeedResult,
    Offer,
    Period,
    Policy,
)
from tests.engine.values_of import AS_OF, markets, need, offer

POLICY = Policy(minimum_score=0, minimum_text=0)
NOTHING: Mapping[str, Decimal] = {}


def _results(scores: Mapping[tuple[str, str], int]) -> list[NeedResult]:
    by_need: dict[str, list[Candidate]] = {}
    for (wanted, given_), points in scores.items():
        by_need.setdefault(wanted, []).append(Candidate(wanted, given_, points, True, (), ()))
    return [NeedResult(key, tuple(sorted(held, key=lambda c: -c.score))) for key, held in by_need.items()]


def _given(plan: AllocationPlan) -> dict[tuple[str, str], Decimal]:
    return {(a.need, a.offer): a.quantity for a in plan.allocations}


def test_one_need_takes_what_it_wants() -> None:
    plan = allocate([need()], [offer()], _results({("D1", "S1"): 8_000}), POLICY, NOTHING)
    assert plan.allocations == (Allocation("D1", "S1", Decimal(100), FULL_SCORE),)
    assert plan.covered == (("D1", FULL_SCORE),)


def test_small_firms_together_cover_a_large_need() -> None:
    offers = [offer(f"S{at}", free_capacity=Decimal(40)) for at in range(3)]
    scores = {("D1", f"S{at}"): 9_000 - at for at in range(3)}
    plan = allocate([need()], offers, _results(scores), POLICY, NOTHING)
    assert sum(_given(plan).values()) == 100
    assert plan.covered == (("D1", FULL_SCORE),)


def test_the_flow_beats_the_greedy_choice() -> None:
    needs_ = [need("D1", quantity=Decimal(100)), need("D2", quantity=Decimal(100))]
    offers = [offer("S1", free_capacity=Decimal(100)), offer("S2", free_capacity=Decimal(100))]
    scores = {("D1", "S1"): 9_000, ("D1", "S2"): 8_900, ("D2", "S1"): 8_000}
    plan = allocate(needs_, offers, _results(scores), POLICY, NOTHING)
    assert _given(plan) == {("D1", "S2"): Decimal(100), ("D2", "S1"): Decimal(100)}
    assert plan.method == "flow"


def test_accepted_quantities_are_gone() -> None:
    plan = allocate([need()], [offer()], _results({("D1", "S1"): 8_000}), POLICY, {"S1": Decimal(170)})
    assert _given(plan) == {("D1", "S1"): Decimal(30)}
    assert plan.covered == (("D1", 3_000),)
    full = allocate([need()], [offer()], _results({("D1", "S1"): 8_000}), POLICY, {"S1": Decimal(999)})
    assert full.allocations == ()
    assert full.covered == (("D1", 0),)


def test_quantities_are_in_the_offers_unit() -> None:
    given_ = offer(unit="kg", free_capacity=Decimal(250_000), minimum_order=None)
    plan = allocate([need()], [given_], _results({("D1", "S1"): 8_000}), POLICY, NOTHING)
    assert _given(plan) == {("D1", "S1"): Decimal(100_000)}


@pytest.mark.parametrize(
    ("period", "quantity", "monthly"),
    [
        (Period.MONTH, 120, "120"),
        (Period.QUARTER, 120, "40"),
        (Period.YEAR, 120, "10"),
        (Period.ONCE, 120, "120"),
    ],
)
def test_periods_become_months(period: Period, quantity: int, monthly: str) -> None:
    wanted = need(quantity=Decimal(quantity), period=period)
    plan = allocate([wanted], [offer()], _results({("D1", "S1"): 8_000}), POLICY, NOTHING)
    assert _given(plan) == {("D1", "S1"): Decimal(monthly)}


def test_a_third_is_covered_in_full() -> None:
    wanted = need(quantity=Decimal(100), period=Period.QUARTER)
    plan = allocate([wanted], [offer()], _results({("D1", "S1"): 8_000}), POLICY, NOTHING)
    assert plan.covered == (("D1", FULL_SCORE),)
    assert check_plan([wanted], [offer()], _results({("D1", "S1"): 8_000}), POLICY, NOTHING, plan) == []


def test_at_most_so_many_suppliers() -> None:
    wanted = need(max_suppliers=2)
    offers = [offer(f"S{at}", free_capacity=Decimal(20 + at)) for at in range(5)]
    results = _results({("D1", f"S{at}"): 8_000 for at in range(5)})
    plan = allocate([wanted], offers, results, POLICY, NOTHING)
    assert _given(plan) == {("D1", "S3"): Decimal(23), ("D1", "S4"): Decimal(24)}


def test_no_award_is_below_the_minimum_order() -> None:
    offers = [
        offer("S1", free_capacity=Decimal(95), minimum_order=None),
        offer("S2", free_capacity=Decimal(95), minimum_order=Decimal(50)),
        offer("S3", free_capacity=Decimal(95), minimum_order=Decimal(5)),
    ]
    results = _results({("D1", "S1"): 9_000, ("D1", "S2"): 8_000, ("D1", "S3"): 7_000})
    plan = allocate([need()], offers, results, POLICY, NOTHING)
    assert check_plan([need()], offers, results, POLICY, NOTHING, plan) == []
    assert plan.covered == (("D1", FULL_SCORE),)


def test_urgent_needs_come_first() -> None:
    needs_ = [need("D1"), need("D2", priority=2)]
    offers = [offer(free_capacity=Decimal(100))]
    results = _results({("D1", "S1"): 9_900, ("D2", "S1"): 4_000})
    assert _given(allocate(needs_, offers, results, POLICY, NOTHING)) == {("D2", "S1"): Decimal(100)}


def test_a_need_without_quantity_is_covered_by_a_match() -> None:
    wanted = [need("D1", quantity=None), need("D2", quantity=None)]
    plan = allocate(wanted, [offer()], _results({("D1", "S1"): 8_000}), POLICY, NOTHING)
    assert plan.covered == (("D1", FULL_SCORE), ("D2", 0))


def test_units_that_do_not_compare_are_not_allocated() -> None:
    plan = allocate([need()], [offer(unit="台")], _results({("D1", "S1"): 8_000}), POLICY, NOTHING)
    assert plan.allocations == ()


def test_taught_units_are_used() -> None:
    wanted, given_ = need(unit="片"), offer(unit="件")
    glossary = Glossary(units=(("片", "pcs"),))
    results = _results({("D1", "S1"): 8_000})
    assert allocate([wanted], [given_], results, POLICY, NOTHING).allocations == ()
    assert allocate([wanted], [given_], results, POLICY, NOTHING, glossary).covered == (("D1", FULL_SCORE),)


def test_huge_and_tiny_quantities_are_held() -> None:
    wanted = [need("D1", quantity=Decimal("0.000001")), need("D2", quantity=Decimal(90_000_000))]
    offers = [offer("S1", free_capacity=Decimal(10**9), minimum_order=None)]
    plan = allocate(wanted, offers, _results({("D1", "S1"): 1, ("D2", "S1"): 1}), POLICY, NOTHING)
    assert dict(plan.covered)["D2"] == FULL_SCORE


@pytest.mark.parametrize(
    ("allocations", "complaint"),
    [
        ((Allocation("D1", "S9", Decimal(1), 1),), "not a match"),
        ((Allocation("D1", "S1", Decimal(0), 1),), "not positive"),
        ((Allocation("D1", "S1", Decimal(101), 1),), "receives"),
        ((Allocation("D1", "S1", Decimal(201), 1),), "exceeds the free capacity"),
        ((Allocation("D1", "S1", Decimal(1), 1),), "below the minimum order"),
        ((Allocation("D1", "S1", Decimal(50), 1),) * 2, "allocated twice"),
        ((Allocation("D1", "S1", Decimal(50), 1), Allocation("D1", "S2", Decimal(50), 1)), "at most 1"),
    ],
)
def test_the_checker_finds_faults(allocations: tuple[Allocation, ...], complaint: str) -> None:
    results = _results({("D1", "S1"): 8_000, ("D1", "S2"): 8_000})
    plan = AllocationPlan(allocations)
    found = check_plan([need(max_suppliers=1)], [offer(), offer("S2")], results, POLICY, NOTHING, plan)
    assert any(complaint in problem for problem in found)


def _greedy_worth(needs_: list[Need], offers: list[Offer], results: list[NeedResult]) -> int:
    """A greedy plan of our own making, without limits on suppliers or orders, all in tonnes."""
    left = {each.key: int(each.quantity or 0) for each in needs_}
    free = {each.key: int(each.free_capacity or 0) for each in offers}
    urgency = {each.key: 1 + each.priority for each in needs_}
    pairs = [(FULL_SCORE * urgency[c.need] + c.score, c.need, c.offer) for r in results for c in r.matches]
    worth = 0
    for points, wanted, given_ in sorted(pairs, key=lambda pair: (-pair[0], pair[1:])):
        amount = min(left[wanted], free[given_])
        left[wanted] -= amount
        free[given_] -= amount
        worth += points * amount
    return worth


@st.composite
def _pools(draw: st.DrawFn) -> tuple[list[Need], list[Offer], list[NeedResult]]:
    amounts = st.integers(1, 100).map(Decimal)
    needs_ = [
        need(f"D{at}", quantity=draw(amounts), priority=draw(st.integers(0, 2)), max_suppliers=99)
        for at in range(draw(st.integers(1, 5)))
    ]
    offers = [
        offer(f"S{at}", free_capacity=draw(amounts), minimum_order=None)
        for at in range(draw(st.integers(1, 5)))
    ]
    keys = [(a.key, b.key) for a in needs_ for b in offers]
    chosen = draw(st.lists(st.sampled_from(keys), unique=True, min_size=1))
    return needs_, offers, _results({pair: draw(st.integers(0, FULL_SCORE)) for pair in sorted(chosen)})


@settings(max_examples=150)
@given(_pools())
def test_never_worse_than_greedy(pool: tuple[list[Need], list[Offer], list[NeedResult]]) -> None:
    needs_, offers, results = pool
    plan = allocate(needs_, offers, results, POLICY, NOTHING)
    assert check_plan(needs_, offers, results, POLICY, NOTHING, plan) == []
    worth = {(c.need, c.offer): c.score for r in results for c in r.matches}
    urgency = {each.key: 1 + each.priority for each in needs_}
    own = sum((FULL_SCORE * urgency[a.need] + worth[a.need, a.offer]) * a.quantity for a in plan.allocations)
    assert own >= _greedy_worth(needs_, offers, results)


@settings(max_examples=80)
@given(markets(), st.randoms(use_true_random=False), st.integers(0, 300).map(Decimal))
def test_valid_and_the_same_in_any_order(
    market: tuple[list[Need], list[Offer]], shuffle: random.Random, committed: Decimal
) -> None:
    needs_, offers = market
    accepted = {"S0": committed}
    results = list(match_shard(needs_, offers, POLICY, Glossary(), AS_OF))
    plan = allocate(needs_, offers, results, POLICY, accepted)
    assert check_plan(needs_, offers, results, POLICY, accepted, plan) == []
    for one in (needs_, offers, results):
        shuffle.shuffle(one)
    assert allocate(needs_, offers, results, POLICY, accepted) == plan
