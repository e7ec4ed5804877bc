"""Lists and their changes, and the full matching that a partial one has to equal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from matching.engine import retrieval
from matching.engine.conditions import Reader
from matching.engine.incremental import Base, Changes, hold, joined, rematch
from matching.engine.pipeline import ChainOffers, match_chain
from matching.engine.text import index_glossary
from matching.engine.types import Need, NeedResult, Offer, Policy
from tests.engine.values_of import AS_OF, GLOSSARY, needs, offers

READER = Reader(index_glossary(GLOSSARY))
CHAIN = "coal-machinery"
_ALIASES = ("圆环链条", "矿用刮板链", "电动机 防爆", "单晶硅棒")
_KEYS = st.integers(0, 12)


@dataclass(frozen=True)
class Lists:
    """Both lists of a chain by key."""

    needs: dict[str, Need]
    offers: dict[str, Offer]

    def after(self, changes: Changes) -> Lists:
        """The lists with the changes made."""
        needed = self.needs | {need.key: need for need in changes.needs}
        offered = self.offers | {offer.key: offer for offer in changes.offers}
        return Lists(
            {key: needed[key] for key in needed.keys() - changes.needs_gone},
            {key: offered[key] for key in offered.keys() - changes.offers_gone},
        )


@dataclass(frozen=True)
class Full:
    """A full matching and what is kept of it."""

    base: Base
    results: tuple[NeedResult, ...]

    def rematched(self, changes: Changes) -> tuple[NeedResult, ...]:
        """All results after the changes, by matching anew what they touch."""
        return joined(self.results, changes, rematch(self.base, changes))


def held(lists: Lists, policy: Policy) -> Full:
    """The lists matched in full under their own statistics."""
    ordered = _ordered(lists.offers)
    chain = ChainOffers(ordered, retrieval.build(ordered, READER.glossary), READER)
    wanted = [lists.needs[key] for key in sorted(lists.needs)]
    results = tuple(match_chain(wanted, chain, READER, policy, AS_OF))
    return Full(hold(wanted, [result.cut for result in results], chain, policy, AS_OF), results)


def in_full(base: Base, lists: Lists) -> tuple[NeedResult, ...]:
    """All needs against all offers, indexed anew under the base's statistics."""
    ordered = _ordered(lists.offers)
    text = retrieval.build(ordered, READER.glossary, beside=base.offers.text)
    wanted = [lists.needs[key] for key in sorted(lists.needs)]
    return tuple(match_chain(wanted, ChainOffers(ordered, text, READER), READER, base.policy, base.as_of))


def _ordered(offered: dict[str, Offer]) -> Sequence[Offer]:
    return [offered[key] for key in sorted(offered)]


@st.composite
def lists_of(draw: st.DrawFn) -> Lists:
    """Small lists with gaps in their numbers, some offers with what was confirmed for them."""
    wanted = draw(st.sets(_KEYS, min_size=1, max_size=6))
    given = draw(st.sets(_KEYS, max_size=10))
    return Lists(
        {f"D{at:02}": draw(needs(f"D{at:02}")) for at in sorted(wanted)},
        {f"S{at:02}": draw(_offers(f"S{at:02}")) for at in sorted(given)},
    )


@st.composite
def changes_of(draw: st.DrawFn) -> Changes:
    """Some lines set, whether they were there or not, and some taken away."""
    set_needs, set_offers, no_needs, no_offers = (draw(st.sets(_KEYS, max_size=3)) for _ in range(4))
    return Changes(
        tuple(draw(_offers(f"S{at:02}")) for at in sorted(set_offers)),
        frozenset(f"S{at:02}" for at in no_offers - set_offers),
        tuple(draw(needs(f"D{at:02}")) for at in sorted(set_needs)),
        frozenset(f"D{at:02}" for at in no_needs - set_needs),
    )


@st.composite
def _offers(draw: st.DrawFn, key: str) -> Offer:
    aliases = tuple(draw(st.lists(st.sampled_from(_ALIASES), max_size=2)))
    return replace(draw(offers(key)), chain=CHAIN, aliases=aliases)


policies = st.builds(
    Policy, candidates=st.integers(1, 5), minimum_text=st.just(0), minimum_score=st.sampled_from((0, 3_500))
)
