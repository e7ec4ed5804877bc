"""From lists to results: the one call that a shard makes, and the one that finishes a run.

A need's result depends on the need, the offers, the policy and the glossary alone, never on which
other needs share its shard; so shards may be cut and ordered in any way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import NamedTuple, Protocol

from matching.engine import retrieval
from matching.engine.allocation import Agreed, allocate, check_plan, refuse_faults
from matching.engine.conditions import Reader, ReadyOffer, gating_failures, judge, ready_need
from matching.engine.exclusions import NOTHING_EXCLUDED, Excluded, close, without
from matching.engine.explain import gap
from matching.engine.products import Product, product_at, product_of
from matching.engine.scoring import Scorer
from matching.engine.shortage import Shortages
from matching.engine.telling import Teller
from matching.engine.text import index_glossary
from matching.engine.types import (
    FULL_SCORE,
    AllocationPlan,
    Candidate,
    ConditionKind,
    Gap,
    Glossary,
    NearMiss,
    Need,
    NeedResult,
    Offer,
    Phrase,
    Policy,
)

VERSION = 6
"""Grows whenever the same lines may give other results; workers of two versions never share a run."""

_NO_GLOSSARY = Glossary()
_REMEMBERED = 1 << 16


class Held(NamedTuple):
    """An offer ready to be compared, and what it says of its product."""

    ready: ReadyOffer
    product: Product


class Offered(Protocol):
    """One chain's offers, ordered by key, as needs are compared with them."""

    @property
    def names(self) -> retrieval.Names:
        """How the chain's offers are named."""

    def find(self, needs: Sequence[Need], limit: int) -> list[tuple[retrieval.Hit, ...]]:
        """The ``limit`` offers closest to each need, best first."""

    def held(self, position: int) -> Held:
        """The offer at this position."""


class ChainOffers:
    """One chain's offers with their text index; an offer is read when first compared."""

    def __init__(self, offers: Sequence[Offer], text: retrieval.TextIndex, reader: Reader) -> None:
        self.text = text
        self.offers, self.reader = offers, reader
        self._held: dict[int, Held] = {}

    @property
    def names(self) -> retrieval.Names:
        """As ``Offered``."""
        return self.text.names

    def find(self, needs: Sequence[Need], limit: int) -> list[tuple[retrieval.Hit, ...]]:
        """As ``Offered``."""
        queries = retrieval.queries(needs, self.text, self.reader.glossary)
        return retrieval.search_all(queries, self.text, limit)

    def held(self, position: int) -> Held:
        """The offer at this position of the index."""
        found = self._held.get(position)
        if found is None:
            if len(self._held) >= _REMEMBERED:
                self._held.clear()
            found = self._held[position] = self._read(position)
        return found

    def offer(self, position: int) -> Offer:
        """The offer as it was given."""
        return self.offers[position]

    def _read(self, position: int) -> Held:
        return Held(self.reader.offer(self.offer(position)), product_at(position, self.text.names))


@dataclass(frozen=True, slots=True)
class Index:
    """Everything about the offers that shards share."""

    chains: Mapping[str, ChainOffers]
    reader: Reader


def prepare(offers: Iterable[Offer], policy: Policy, glossary: Glossary) -> Index:
    """Index the offers once for all shards. Raises ValueError where two offers have one key."""
    reader = Reader(index_glossary(glossary))
    ordered = sorted(offers, key=lambda offer: offer.key)
    repeated = [first.key for first, second in pairwise(ordered) if first.key == second.key]
    if repeated:
        raise ValueError(f"offers share a key: {', '.join(repeated[:5])}")
    by_chain: dict[str, list[Offer]] = {}
    for offer in ordered:
        by_chain.setdefault(offer.chain, []).append(offer)
    chains = {
        chain: ChainOffers(held, retrieval.build(held, reader.glossary), reader)
        for chain, held in by_chain.items()
    }
    return Index(chains, reader)


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
    by_chain: dict[str, list[Need]] = {}
    for need in needs:
        by_chain.setdefault(need.chain, []).append(need)
    results: list[NeedResult] = []
    for chain, asked in by_chain.items():
        found = held.chains.get(chain)
        if found is None:
            results += [NeedResult(need.key) for need in asked]
        else:
            results += match_chain(asked, found, held.reader, policy, as_of)
    return tuple(sorted(results, key=lambda result: result.need))


def match_chain(
    needs: Sequence[Need], offers: Offered, reader: Reader, policy: Policy, as_of: date
) -> Iterator[NeedResult]:
    """Results of needs of one chain, in their order."""
    scorer = Scorer(policy)
    for need, hits in zip(needs, offers.find(needs, policy.candidates), strict=True):
        candidates = _candidates(need, hits, offers, reader, policy, scorer, as_of)
        cut = hits[-1].score if len(hits) == policy.candidates else 0
        yield _result(need, candidates, policy, cut)


def finish(
    needs: Sequence[Need],
    offers: Sequence[Offer],
    results: Sequence[NeedResult],
    policy: Policy,
    agreed: Agreed,
    as_of: date,
    glossary: Glossary = _NO_GLOSSARY,
    excluded: Excluded = NOTHING_EXCLUDED,
) -> tuple[AllocationPlan, tuple[Gap, ...]]:
    """Allocate free capacity over all results and name the gaps that remain, ordered by need key.

    ``offers`` are at least those that the results name. ``agreed``: need key → firms with which it has an
    agreement, which count among its suppliers. ``excluded`` pairs receive nothing and close no gap. Raises
    ``PlanFault`` where the allocation breaks a rule.
    """
    plan = allocate(needs, offers, results, policy, agreed, glossary, excluded)
    refuse_faults(check_plan(needs, offers, results, policy, plan, agreed, glossary, excluded))
    covered = dict(plan.covered)
    found_close = {result.need: close(result) for result in results}
    by_need = {result.need: result for result in without(results, excluded)}
    needed, offered = {need.key: need for need in needs}, {offer.key: offer for offer in offers}
    indexed = index_glossary(glossary)
    teller = Teller(policy, Reader(indexed), as_of)
    shortages = Shortages(offers, plan, policy, agreed, indexed.units)

    def sentence(miss: NearMiss) -> Phrase:
        pair = miss.candidate
        told = teller.conditions(needed[pair.need], offered[pair.offer], pair.conditions)
        return told[pair.conditions.index(miss.failing)].sentence

    def named(key: str) -> Gap | None:
        uncovered = FULL_SCORE - covered[key]
        if uncovered <= 0:
            return None
        need, result = needed[key], by_need.get(key, NeedResult(key))
        shortage = shortages.of(need, result.matches)
        kept_out = found_close.get(key, 0) - close(result)
        return gap(need, result, uncovered, shortage, kept_out, sentence)

    found = map(named, sorted(needed))
    return plan, tuple(each for each in found if each is not None)


def _candidates(
    need: Need,
    hits: Iterable[retrieval.Hit],
    offers: Offered,
    reader: Reader,
    policy: Policy,
    scorer: Scorer,
    as_of: date,
) -> list[Candidate]:
    ready = ready_need(need, policy, reader, as_of)
    product = product_of(need.title, need.node, offers.names, reader.glossary)
    candidates: list[Candidate] = []
    for hit in hits:
        given, offered = offers.held(hit.offer)
        if given.offer.firm == need.firm or not product.admits(offered, hit, policy):
            continue
        verdicts = judge(ready, given)
        points, values = scorer.score(need, given.offer, hit.text, verdicts)
        feasible = not gating_failures(verdicts)
        candidates.append(
            Candidate(need.key, given.offer.key, points, feasible, verdicts, values, hit.confirmed, hit.offer)
        )
    return candidates


def _result(need: Need, candidates: list[Candidate], policy: Policy, cut: int) -> NeedResult:
    ordered = sorted(candidates, key=lambda candidate: -candidate.score)
    excluded: Counter[ConditionKind] = Counter()
    matches: list[Candidate] = []
    near_misses: list[NearMiss] = []
    for candidate in ordered:
        close = candidate.score >= policy.minimum_score
        if candidate.feasible:
            matches += [candidate] if close else []
            continue
        failures = gating_failures(candidate.conditions)
        excluded[failures[0].kind] += 1
        if close and len(failures) == 1 and len(near_misses) < policy.near_misses:
            near_misses.append(NearMiss(candidate, failures[0]))
    return NeedResult(
        need.key, tuple(matches), tuple(near_misses), len(ordered), tuple(sorted(excluded.items())), cut
    )
