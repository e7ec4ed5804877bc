"""From lists to results: the one call that a shard makes, and the one that finishes a run.

A need's result depends on the need, the offers, the policy and the glossary alone, never on which
other needs share its shard; so shards may be cut and ordered in any way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from matching.engine import retrieval
from matching.engine.allocation import allocate
from matching.engine.conditions import ReadyOffer, evaluate, gating_failures, ready_need, ready_offer
from matching.engine.explain import gap
from matching.engine.products import Product, product_of
from matching.engine.scoring import score
from matching.engine.text import GlossaryIndex, index_glossary
from matching.engine.types import (
    AllocationPlan,
    Candidate,
    ConditionKind,
    ConditionResult,
    Gap,
    Glossary,
    NearMiss,
    Need,
    NeedResult,
    Offer,
    Policy,
)

_NO_GLOSSARY = Glossary()


@dataclass(frozen=True, slots=True)
class ChainOffers:
    """One chain's offers, ordered by key, with their text index."""

    offers: tuple[ReadyOffer, ...]
    text: retrieval.TextIndex
    products: tuple[Product, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """Everything about the offers that shards share; immutable."""

    chains: Mapping[str, ChainOffers]
    glossary: GlossaryIndex


def prepare(offers: Iterable[Offer], policy: Policy, glossary: Glossary) -> Index:
    """Index the offers once for all shards. Raises ValueError where two offers have one key."""
    words = index_glossary(glossary)
    ordered = sorted(offers, key=lambda offer: offer.key)
    repeated = [first.key for first, second in pairwise(ordered) if first.key == second.key]
    if repeated:
        raise ValueError(f"offers share a key: {', '.join(repeated[:5])}")
    by_chain: dict[str, list[Offer]] = {}
    for offer in ordered:
        by_chain.setdefault(offer.chain, []).append(offer)
    return Index({chain: _chain_offers(held, words) for chain, held in by_chain.items()}, words)


def _chain_offers(offers: Sequence[Offer], words: GlossaryIndex) -> ChainOffers:
    text = retrieval.build(offers, words)
    products = tuple(product_of(offer.title, offer.node, text, words) for offer in offers)
    return ChainOffers(tuple(ready_offer(offer, words) for offer in offers), text, products)


def match_shard(
    needs: Iterable[Need],
    offers: Iterable[Offer],
    policy: Policy,
    glossary: Glossary,
    as_of: date,
    index: Index | None = None,
) -> tuple[NeedResult, ...]:
    """Results of these needs, ordered by need key.

    ``index`` is ``prepare(offers, policy, glossary)`` where the caller already has it; ``offers`` are
    then not read.
    """
    held = index if index is not None else prepare(offers, policy, glossary)
    return tuple(_match(need, held, policy, as_of) for need in sorted(needs, key=lambda need: need.key))


def finish(
    needs: Sequence[Need],
    offers: Sequence[Offer],
    results: Sequence[NeedResult],
    policy: Policy,
    accepted: Mapping[str, Decimal],
    glossary: Glossary = _NO_GLOSSARY,
) -> tuple[AllocationPlan, tuple[Gap, ...]]:
    """Allocate free capacity over all results and name the gaps that remain, ordered by need key."""
    plan = allocate(needs, offers, results, policy, accepted, glossary)
    covered = dict(plan.covered)
    by_need = {result.need: result for result in results}
    found = (
        gap(need, by_need.get(need.key, NeedResult(need.key)), covered.get(need.key, 0))
        for need in sorted(needs, key=lambda need: need.key)
    )
    return plan, tuple(each for each in found if each is not None)


def _match(need: Need, index: Index, policy: Policy, as_of: date) -> NeedResult:
    chain = index.chains.get(need.chain)
    if chain is None:
        return NeedResult(need.key)
    ready = ready_need(need, index.glossary)
    asked = retrieval.query(need, chain.text, index.glossary)
    product = product_of(need.title, need.node, chain.text, index.glossary)
    candidates: list[tuple[Candidate, tuple[ConditionResult, ...]]] = []
    for hit in retrieval.search(asked, chain.text, policy.candidates):
        offer = chain.offers[hit.offer]
        if offer.offer.firm == need.firm or not product.admits(chain.products[hit.offer], hit, policy):
            continue
        conditions = evaluate(ready, offer, policy, index.glossary, as_of)
        failures = gating_failures(conditions)
        points, criteria = score(need, offer.offer, hit, conditions, policy)
        candidate = Candidate(need.key, offer.offer.key, points, not failures, conditions, criteria)
        candidates.append((candidate, failures))
    return _result(need, candidates, policy)


def _result(
    need: Need, candidates: list[tuple[Candidate, tuple[ConditionResult, ...]]], policy: Policy
) -> NeedResult:
    ordered = sorted(candidates, key=lambda pair: (-pair[0].score, pair[0].offer))
    close = [pair for pair in ordered if pair[0].score >= policy.minimum_score]
    excluded: Counter[ConditionKind] = Counter(failures[0].kind for _, failures in ordered if failures)
    return NeedResult(
        need.key,
        tuple(candidate for candidate, failures in close if not failures),
        tuple(NearMiss(candidate, failures[0]) for candidate, failures in close if len(failures) == 1)[
            : policy.near_misses
        ],
        len(ordered),
        tuple(sorted(excluded.items())),
    )
