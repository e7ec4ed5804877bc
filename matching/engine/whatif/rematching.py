"""The needs that a change touches, matched again as if it had been made before the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from matching.engine.conditions import gating_failures
from matching.engine.pipeline import ChainOffers, Index, match_shard
from matching.engine.types import Candidate, ConditionKind, Glossary, Need, NeedResult, Offer, Policy, Verdict
from matching.engine.whatif.changes import Change, Changed, OfferChanged, Waived, Withdrawn, changed_need

_NO_GLOSSARY = Glossary()


def rematch(
    change: Change | None, needs: Sequence[Need], index: Index, policy: Policy, as_of: date
) -> tuple[NeedResult, ...]:
    """Results of the needs under the change, ordered by need key; those of the run where it is None.

    Raises ValueError as ``changed_need``.
    """
    match change:
        case Waived():
            # Every near miss has to be seen, as each may fail by the condition that is waived.
            wide = replace(policy, near_misses=policy.candidates)
            return tuple(_waived(result, change, policy) for result in _match(needs, index, wide, as_of))
        case Changed():
            aliases = index.reader.glossary.units
            needs = [changed_need(need, change, aliases) for need in needs]
        case Withdrawn():
            return tuple(_withdrawn(need, change, index, policy, as_of) for need in _ordered(needs))
        case OfferChanged():
            chains = {chain: _ChangedOffers(held, change) for chain, held in index.chains.items()}
            index = replace(index, chains=chains)
    return _match(needs, index, policy, as_of)


def _match(needs: Sequence[Need], index: Index, policy: Policy, as_of: date) -> tuple[NeedResult, ...]:
    # With an index at hand neither the offers nor the glossary are read.
    return match_shard(needs, (), policy, _NO_GLOSSARY, as_of, index)


def _ordered(needs: Sequence[Need]) -> list[Need]:
    return sorted(needs, key=lambda need: need.key)


class _ChangedOffers(ChainOffers):
    """A chain's offers of which one is another than it was indexed as."""

    def __init__(self, indexed: ChainOffers, change: OfferChanged) -> None:
        super().__init__(indexed.offers, indexed.text, indexed.reader)
        self._change = change

    def offer(self, position: int) -> Offer:
        """The offer as it would be."""
        found = super().offer(position)
        return self._change.applied(found) if found.key == self._change.offer else found


def _waived(result: NeedResult, change: Waived, policy: Policy) -> NeedResult:
    """Those that fail by the waived condition alone become matches, at the score that they have."""
    admitted: list[Candidate] = []
    kept = []
    for miss in result.near_misses:
        if failing_place(miss.candidate.conditions) == (change.kind, change.ordinal):
            admitted.append(_admitted(miss.candidate))
        else:
            kept.append(miss)
    excluded = Counter(dict(result.excluded))
    excluded[change.kind] -= len(admitted)
    return replace(
        result,
        matches=tuple(sorted((*result.matches, *admitted), key=lambda one: -one.score)),
        near_misses=tuple(kept[: policy.near_misses]),
        excluded=tuple(sorted((kind, count) for kind, count in excluded.items() if count > 0)),
    )


def failing_place(verdicts: Sequence[Verdict]) -> tuple[ConditionKind, int]:
    """Which condition excludes the offer, as ``Waived`` names it. Raises IndexError where none does."""
    at = verdicts.index(gating_failures(verdicts)[0])
    kind = verdicts[at].kind
    return kind, sum(verdict.kind is kind for verdict in verdicts[:at])


def _admitted(candidate: Candidate) -> Candidate:
    failing = gating_failures(candidate.conditions)[0]
    at = candidate.conditions.index(failing)
    verdicts = (*candidate.conditions[:at], failing._replace(hard=False), *candidate.conditions[at + 1 :])
    return replace(candidate, feasible=True, conditions=verdicts)


def _withdrawn(need: Need, change: Withdrawn, index: Index, policy: Policy, as_of: date) -> NeedResult:
    """As many further offers are looked at as close ones leave."""
    (found,) = _match([need], index, policy, as_of)
    close = (*found.matches, *(miss.candidate for miss in found.near_misses))
    leaving = sum(candidate.offer in change.offers for candidate in close)
    if leaving:
        wide = replace(policy, candidates=policy.candidates + leaving)
        (found,) = _match([need], index, wide, as_of)
    return replace(
        found,
        matches=tuple(one for one in found.matches if one.offer not in change.offers),
        near_misses=tuple(miss for miss in found.near_misses if miss.candidate.offer not in change.offers),
        retrieved=found.retrieved - leaving,
    )
