from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.pipeline import finish, match_shard, prepare
from matching.engine.types import ConditionKind, Glossary, Need, Offer, Outcome, Policy, Property
from matching.engine.wire import encode
from tests.engine.values_of import AS_OF, GLOSSARY, markets, need, offer

POLICY = Policy()


def test_a_fitting_offer_is_a_match() -> None:
    (result,) = match_shard([need()], [offer()], POLICY, GLOSSARY, AS_OF)
    (match,) = result.matches
    assert (match.need, match.offer, match.feasible) == ("D1", "S1", True)
    assert match.score >= POLICY.minimum_score
    assert result.retrieved == 1


def test_one_failing_condition_is_a_near_miss() -> None:
    weak = offer(properties=(Property("抗拉强度", Decimal(600), Decimal(600), unit="MPa"),))
    (result,) = match_shard([need()], [weak], POLICY, GLOSSARY, AS_OF)
    assert result.matches == ()
    (miss,) = result.near_misses
    assert miss.failing.kind is ConditionKind.PARAMETER
    assert miss.failing.shortfall == 1_304
    assert result.excluded == ((ConditionKind.PARAMETER, 1),)


def test_two_failing_conditions_are_no_near_miss() -> None:
    weak = offer(
        properties=(Property("抗拉强度", Decimal(600), Decimal(600), unit="MPa"),), free_capacity=Decimal(0)
    )
    (result,) = match_shard([need()], [weak], POLICY, GLOSSARY, AS_OF)
    assert (result.matches, result.near_misses) == ((), ())
    assert result.excluded == ((ConditionKind.PARAMETER, 1),)


def test_unknown_does_not_exclude() -> None:
    (result,) = match_shard([need()], [offer(properties=())], POLICY, GLOSSARY, AS_OF)
    (match,) = result.matches
    assert match.conditions[0].outcome is Outcome.UNKNOWN


def test_other_chains_and_the_own_firm_do_not_supply() -> None:
    others = [offer("S1", chain="photovoltaic"), offer("S2", firm="leader")]
    (result,) = match_shard([need()], others, POLICY, GLOSSARY, AS_OF)
    assert (result.matches, result.near_misses, result.retrieved) == ((), (), 0)


def test_other_chains_change_nothing() -> None:
    alone = match_shard([need()], [offer()], POLICY, GLOSSARY, AS_OF)
    noise = [offer(f"X{at}", chain="photovoltaic") for at in range(9)]
    assert match_shard([need()], [offer(), *noise], POLICY, GLOSSARY, AS_OF) == alone


def test_best_first_ties_by_key() -> None:
    offers = [offer(key) for key in ("S3", "S1", "S2")] + [offer("S0", title="其他链条")]
    (result,) = match_shard([need()], offers, POLICY, GLOSSARY, AS_OF)
    assert [match.offer for match in result.matches][:3] == ["S1", "S2", "S3"]
    scores = [match.score for match in result.matches]
    assert scores == sorted(scores, reverse=True)


def test_of_equal_scores_the_closer_text_comes_first() -> None:
    words = "高强度 锻造 耐磨 铸钢 淬火 防腐 镀锌".split()
    plain: dict[str, Any] = {"title": "链", "requirements": ()}
    offers = [
        offer("S1", title="链", properties=(), description=" ".join(words[:5])),
        offer("S2", title="链", properties=(), description=" ".join(words)),
        *(offer(f"T{at}", title=f"硅片{at}清洗设备", node=("other",)) for at in range(30)),
    ]
    (result,) = match_shard([need(**plain, description=" ".join(words))], offers, POLICY, GLOSSARY, AS_OF)
    first, second = result.matches[:2]
    assert (first.offer, second.offer, first.score) == ("S2", "S1", second.score)


def test_two_offers_with_one_key_are_refused() -> None:
    with pytest.raises(ValueError, match="share a key"):
        prepare([offer(), offer()], POLICY, GLOSSARY)


def test_finish_covers_and_names_gaps() -> None:
    needs_ = [need("D1"), need("D2", title="硅片", node=())]
    results = match_shard(needs_, [offer()], POLICY, GLOSSARY, AS_OF)
    plan, gaps = finish(needs_, [offer()], results, POLICY, {}, AS_OF)
    assert dict(plan.covered) == {"D1": 10_000, "D2": 0}
    assert [found.need for found in gaps] == ["D2"]


def test_no_offers_at_all() -> None:
    results = match_shard([need()], [], POLICY, Glossary(), AS_OF)
    assert finish([need()], [], results, POLICY, {}, AS_OF)[1][0].uncovered == 10_000


@settings(max_examples=60)
@given(markets(), st.randoms(use_true_random=False), st.integers(1, 4))
def test_shards_and_orders_change_nothing(
    market: tuple[list[Need], list[Offer]], shuffle: random.Random, shards: int
) -> None:
    needs_, offers = market
    whole = match_shard(needs_, offers, POLICY, GLOSSARY, AS_OF)
    shuffled, reordered = list(needs_), list(offers)
    shuffle.shuffle(shuffled)
    shuffle.shuffle(reordered)
    index = prepare(reordered, POLICY, GLOSSARY)
    pieces = [match_shard(shuffled[at::shards], (), POLICY, GLOSSARY, AS_OF, index) for at in range(shards)]
    joined = tuple(sorted((result for piece in pieces for result in piece), key=lambda result: result.need))
    assert encode(joined) == encode(whole)


@settings(max_examples=60)
@given(markets(most=4))
def test_every_match_is_feasible_and_every_exclusion_counted(market: tuple[list[Need], list[Offer]]) -> None:
    needs_, offers = market
    for result in match_shard(needs_, offers, POLICY, GLOSSARY, AS_OF):
        for match in result.matches:
            assert match.feasible
            assert not any(c.hard and c.outcome is Outcome.UNMET for c in match.conditions)
        excluded = sum(count for _, count in result.excluded)
        assert len(result.matches) + excluded <= result.retrieved
        assert len(result.near_misses) <= min(excluded, POLICY.near_misses)


@settings(max_examples=40)
@given(markets(most=4), st.integers(1, 300))
def test_relaxing_a_bound_never_loses_a_match(market: tuple[list[Need], list[Offer]], by: int) -> None:
    needs_, offers = market
    relaxed = [
        replace(
            each,
            requirements=tuple(
                replace(
                    r, low=None if r.low is None else r.low - by, high=None if r.high is None else r.high + by
                )
                for r in each.requirements
            ),
        )
        for each in needs_
    ]
    before = match_shard(needs_, offers, POLICY, GLOSSARY, AS_OF)
    after = match_shard(relaxed, offers, POLICY, GLOSSARY, AS_OF)
    for old, new in zip(before, after, strict=True):
        assert {match.offer for match in old.matches} <= {match.offer for match in new.matches}
