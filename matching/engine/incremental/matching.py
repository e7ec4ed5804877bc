"""Which needs a change of the lists touches, and their results anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from matching.engine import retrieval
from matching.engine.incremental.offers import ChangedOffers
from matching.engine.pipeline import ChainOffers, match_chain
from matching.engine.types import Candidate, NearMiss, Need, NeedResult, Offer, Policy


class MatchedWhole(ValueError):
    """Lines with meanings rank an offer in view of all others, so a few can't be matched alone."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Lines of one chain that are not as they were: present versions, and keys of those that are gone."""

    offers: tuple[Offer, ...] = ()
    offers_gone: frozenset[str] = frozenset()
    needs: tuple[Need, ...] = ()
    needs_gone: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Base:
    """One chain as it was matched in full, ready for changes; ``needs`` by key.

    ``cuts`` follow ``needs``: the least ranking sum that makes an offer a candidate.
    """

    offers: ChainOffers
    needs: Mapping[str, Need]
    cuts: NDArray[np.int64]
    asked: retrieval.Asked
    policy: Policy
    as_of: date


@dataclass(frozen=True, slots=True)
class Rematched:
    """Results of the needs that were matched anew, ordered by key, and the offers as they are now."""

    results: tuple[NeedResult, ...]
    offers: ChangedOffers


def hold(
    needs: Iterable[Need], cuts: Iterable[int], offers: ChainOffers, policy: Policy, as_of: date
) -> Base:
    """Keep a full matching of one chain: its needs with the ``cut`` of each one's result.

    Costs about as much as reading each need's text once.
    """
    held = {need.key: need for need in needs}
    least = np.maximum(1, np.fromiter(cuts, np.int64, len(held)))
    asked = retrieval.all_asked(held.values(), offers.text, offers.reader.glossary)
    return Base(offers, held, least, asked, policy, as_of)


def rematch(base: Base, changes: Changes) -> Rematched:
    """Match the needs anew whose results may differ from the base's; all others' are as they were.

    Raises ``MatchedWhole`` where lines have meanings.
    """
    _refuse_meanings(base, changes)
    offers = ChangedOffers(base.offers, changes.offers, changes.offers_gone)
    changed = {need.key: need for need in changes.needs}
    again = {key: base.needs[key] for key in _touched(base, offers) - changes.needs_gone} | changed
    asked = [again[key] for key in sorted(again)]
    found = match_chain(asked, offers, base.offers.reader, base.policy, base.as_of)
    return Rematched(tuple(found), offers)


def joined(results: Iterable[NeedResult], changes: Changes, found: Rematched) -> tuple[NeedResult, ...]:
    """All results of the changed lists, ordered by need key; ``results`` are those of the base."""
    fresh = {result.need: result for result in found.results}
    kept = (one for one in results if one.need not in fresh and one.need not in changes.needs_gone)
    together = [*_renumbered(kept, found.offers.moved), *fresh.values()]
    return tuple(sorted(together, key=lambda result: result.need))


def _refuse_meanings(base: Base, changes: Changes) -> None:
    asked = any(need.meaning for need in (*base.needs.values(), *changes.needs))
    given = base.offers.text.meanings.owners.size or any(offer.meanings for offer in changes.offers)
    if asked and given:
        raise MatchedWhole("lines with meanings are matched as a whole")


def _touched(base: Base, offers: ChangedOffers) -> set[str]:
    """Needs among whose candidates an earlier or a present version of a changed offer is."""
    best = np.maximum(base.asked.best(offers.old.text), base.asked.best(offers.new.text))
    keys = list(base.needs)
    return {keys[at] for at in np.flatnonzero(best >= base.cuts).tolist()}


def _renumbered(results: Iterable[NeedResult], moved: NDArray[np.int64]) -> Iterable[NeedResult]:
    """Results whose offers stand elsewhere in the list now."""
    if moved.size == 0 or (moved == np.arange(moved.size))[moved >= 0].all():
        return results
    places: Sequence[int] = moved.tolist()
    return (_moved(result, places) for result in results)


def _moved(result: NeedResult, places: Sequence[int]) -> NeedResult:
    def at(pair: Candidate) -> Candidate:
        return replace(pair, position=places[pair.position])

    matches = tuple(map(at, result.matches))
    misses = tuple(NearMiss(at(miss.candidate), miss.failing) for miss in result.near_misses)
    return replace(result, matches=matches, near_misses=misses)
