"""What holds for every plan."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.allocation import allocate, solving
from matching.engine.pipeline import match_shard
from matching.engine.types import FULL_SCORE, Glossary, Need, Offer
from tests.engine.allocating import (
    KG_PER_TONNE,
    POLICY,
    Lists,
    best_worth,
    check,
    greedy_worth,
    pools,
    results_of,
    worths,
)
from tests.engine.values_of import AS_OF, markets, need, offer

MILLION = 1_000_000


@settings(max_examples=150)
@given(pools() | pools(limits=False))
def test_valid_worth_what_it_says_and_never_worse_than_greedy(pool: Lists) -> None:
    needs, offers, results = pool
    plan = allocate(needs, offers, results, POLICY)
    assert check(needs, offers, results, plan) == []
    worth = worths(needs, results)
    assert plan.objective == sum(worth[a.need, a.offer] * a.quantity for a in plan.allocations)
    assert greedy_worth(needs, offers, results) <= plan.objective <= plan.bound


@settings(max_examples=60)
@given(pools(), st.data())
def test_large_groups_keep_the_same_promises(pool: Lists, data: st.DataObject) -> None:
    needs, offers, results = pool
    agreed = {"D0": {data.draw(st.sampled_from(("firm-a", "elsewhere")))}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solving, "SMALL", 0)
        patch.setattr(solving, "LARGE", 0)
        plan = allocate(needs, offers, results, POLICY, agreed)
        free = allocate(needs, offers, results, POLICY)
    assert check(needs, offers, results, plan, agreed) == []
    assert greedy_worth(needs, offers, results) <= free.objective <= free.bound
    assert "mip" not in dict(free.methods)


@settings(max_examples=60)
@given(st.data())
def test_small_groups_are_solved_to_the_optimum(data: st.DataObject) -> None:
    needs = [
        need(
            f"D{at}",
            quantity=Decimal(data.draw(st.integers(1, 6))),
            max_suppliers=data.draw(st.integers(1, 2)),
        )
        for at in range(2)
    ]
    offers = [
        offer(
            f"S{at}",
            free_capacity=Decimal(data.draw(st.integers(1, 5))),
            minimum_order=Decimal(data.draw(st.integers(1, 4))),
        )
        for at in range(3)
    ]
    pairs = data.draw(st.lists(st.sampled_from([(a.key, b.key) for a in needs for b in offers]), unique=True))
    results = results_of({pair: data.draw(st.integers(0, FULL_SCORE)) for pair in sorted(pairs)})
    best = best_worth(needs, offers, results)
    plan = allocate(needs, offers, results, POLICY)
    # The solver may stop within a millionth of the optimum.
    assert best - best // MILLION - 1 <= plan.objective <= best <= plan.bound + plan.bound // MILLION
    assert plan.gap == 0


@settings(max_examples=80)
@given(markets(), st.randoms(use_true_random=False), st.sets(st.sampled_from(("member-a", "member-b", "x"))))
def test_valid_and_the_same_in_any_order(
    market: tuple[list[Need], list[Offer]], shuffle: random.Random, firms: set[str]
) -> None:
    needs, offers = market
    agreed = {"D0": firms}
    results = list(match_shard(needs, offers, POLICY, Glossary(), AS_OF))
    plan = allocate(needs, offers, results, POLICY, agreed)
    assert check(needs, offers, results, plan, agreed) == []
    for one in (needs, offers, results):
        shuffle.shuffle(one)
    shuffled = [
        replace(result, matches=tuple(shuffle.sample(result.matches, len(result.matches))))
        for result in results
    ]
    assert allocate(needs, offers, shuffled, POLICY, agreed) == plan


@settings(max_examples=80)
@given(pools(), st.data())
def test_excluded_pairs_receive_nothing_and_the_others_as_if_they_did_not_match(
    pool: Lists, data: st.DataObject
) -> None:
    needs, offers, results = pool
    pairs = [(match.need, match.offer) for result in results for match in result.matches]
    excluded = data.draw(st.frozensets(st.sampled_from(pairs)))
    plan = allocate(needs, offers, results, POLICY, excluded=excluded)
    assert not excluded & {(one.need, one.offer) for one in plan.allocations}
    assert check(needs, offers, results, plan, excluded=excluded) == []
    points = {(c.need, c.offer): c.score for r in results for c in r.matches}
    others = results_of({pair: score for pair, score in points.items() if pair not in excluded})
    assert plan == allocate(needs, offers, others, POLICY)


def _more_free(offer_: Offer) -> Offer:
    return replace(offer_, free_capacity=(offer_.free_capacity or Decimal(0)) + 7)


def _no_minimum(offer_: Offer) -> Offer:
    return replace(offer_, minimum_order=None)


@pytest.mark.parametrize("better", [_more_free, _no_minimum])
@settings(max_examples=60)
@given(pool=pools())
def test_a_better_offer_never_lowers_what_is_covered(better: Callable[[Offer], Offer], pool: Lists) -> None:
    needs, offers, results = pool
    before = allocate(needs, offers, results, POLICY).objective
    after = allocate(needs, [better(offers[0]), *offers[1:]], results, POLICY).objective
    assert after + after // MILLION >= before


@settings(max_examples=60)
@given(st.lists(st.integers(1, 400), min_size=2, max_size=6), st.integers(1, 600))
def test_equally_worthy_needs_are_covered_alike(quantities: list[int], free: int) -> None:
    needs = [need(f"D{at}", quantity=Decimal(wanted)) for at, wanted in enumerate(quantities)]
    offers = [offer(free_capacity=Decimal(free), minimum_order=None)]
    plan = allocate(needs, offers, results_of({(each.key, "S1"): 8_000 for each in needs}), POLICY)
    shares = [share for _, share in plan.covered]
    assert max(shares) - min(shares) <= 2
    assert plan.objective == min(free, sum(quantities)) * KG_PER_TONNE * (2 * FULL_SCORE + 8_000)
