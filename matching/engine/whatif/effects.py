"""Two situations side by side: who is matched, who covers what, and what stays open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from matching.engine.allocation import Agreed
from matching.engine.exclusions import NOTHING_EXCLUDED, Excluded
from matching.engine.pipeline import finish
from matching.engine.types import (
    Allocation,
    AllocationPlan,
    Candidate,
    Gap,
    GapType,
    Glossary,
    Need,
    NeedResult,
    Offer,
    Outcome,
    Policy,
)
from matching.engine.units import UnitAliases
from matching.engine.whatif.changes import Change, Changed, OfferChanged, changed_need


@dataclass(frozen=True, slots=True)
class Situation:
    """Lines that hang together, and what was found for each need; offers are at least those named there."""

    needs: Sequence[Need]
    offers: Sequence[Offer]
    results: Sequence[NeedResult]

    def less(self, taken: Mapping[str, Decimal]) -> Situation:
        """The same with less free capacity: what needs elsewhere have, per month in the offer's unit."""
        return replace(self, offers=[_less(offer, taken) for offer in self.offers])

    def changed(self, change: Change, results: Sequence[NeedResult], aliases: UnitAliases) -> Situation:
        """The lines as the change makes them, with the results that it leads to."""
        needs, offers = self.needs, self.offers
        if isinstance(change, Changed):
            needs = [changed_need(one, change, aliases) if one.key == change.need else one for one in needs]
        if isinstance(change, OfferChanged):
            offers = [change.applied(one) if one.key == change.offer else one for one in offers]
        return Situation(needs, offers, results)


def _less(offer: Offer, taken: Mapping[str, Decimal]) -> Offer:
    if offer.free_capacity is None or offer.key not in taken:
        return offer
    return replace(offer, free_capacity=max(Decimal(0), offer.free_capacity - taken[offer.key]))


@dataclass(frozen=True, slots=True)
class NeedEffect:
    """How much of a need is covered before and after, in basis points, and what stays open."""

    need: str
    before: int
    after: int
    gap_before: Gap | None
    gap_after: Gap | None


@dataclass(frozen=True, slots=True)
class PairEffect:
    """A pair that is gained or lost as a match, or gives another quantity; None where it is no match.

    Quantities are per month in the offer's unit, shares in basis points of the need. ``open_questions``
    counts the conditions that are unknown.
    """

    need: str
    offer: str
    score: int
    open_questions: int
    before: Allocation | None
    after: Allocation | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change would do, ordered by need and offer key; nothing that stays as it is."""

    needs: tuple[NeedEffect, ...] = ()
    pairs: tuple[PairEffect, ...] = ()


def compare(
    before: Situation,
    after: Situation,
    policy: Policy,
    agreed: Agreed,
    as_of: date,
    glossary: Glossary,
    excluded: Excluded = NOTHING_EXCLUDED,
) -> Effect:
    """Share out the quantities of both situations, which have the same needs, and tell the difference.

    ``excluded`` pairs receive nothing in either and are not told.
    """
    given = (policy, agreed, as_of, glossary, excluded)
    first, gaps = finish(before.needs, before.offers, before.results, *given)
    second, new_gaps = finish(after.needs, after.offers, after.results, *given)
    open_before, open_after = ({gap.need: gap for gap in found} for found in (gaps, new_gaps))
    covered, then = dict(first.covered), dict(second.covered)
    needs = (
        NeedEffect(key, covered[key], then[key], open_before.get(key), open_after.get(key))
        for key in sorted(covered)
    )
    return Effect(
        tuple(
            one for one in needs if one.before != one.after or _type(one.gap_before) != _type(one.gap_after)
        ),
        tuple(_pairs(_matches(before, first, excluded), _matches(after, second, excluded))),
    )


def _type(gap: Gap | None) -> GapType | None:
    return gap.type if gap else None


_Matches = Mapping[tuple[str, str], tuple[Candidate, Allocation]]


def _matches(situation: Situation, plan: AllocationPlan, excluded: Excluded) -> _Matches:
    given = {(one.need, one.offer): one for one in plan.allocations}
    return {
        (match.need, match.offer): (match, given.get((match.need, match.offer), _nothing(match)))
        for result in situation.results
        for match in result.matches
        if (match.need, match.offer) not in excluded
    }


def _nothing(match: Candidate) -> Allocation:
    return Allocation(match.need, match.offer, Decimal(0), 0)


def _pairs(before: _Matches, after: _Matches) -> list[PairEffect]:
    found = []
    for key in sorted({*before, *after}):
        old, new = before.get(key), after.get(key)
        match, _ = new or old or (None, None)
        if match is None or (old and new and old[1] == new[1]):
            continue
        asked = sum(verdict.outcome is Outcome.UNKNOWN for verdict in match.conditions)
        found.append(PairEffect(*key, match.score, asked, old[1] if old else None, new[1] if new else None))
    return found
