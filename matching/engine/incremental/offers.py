"""The offers of a chain after a few of them changed: the index stays, the changed ones stand beside it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matching.engine import retrieval
from matching.engine.pipeline import ChainOffers, Held
from matching.engine.retrieval import Hit
from matching.engine.types import Need, Offer


class ChangedOffers:
    """One chain's offers with some added, changed and removed; positions are those in the new order.

    Texts weigh as they do in ``base``. ``old`` holds the earlier versions of what changed, ``new`` the
    present ones. Raises ValueError where two changed offers have one key.
    """

    def __init__(self, base: ChainOffers, changed: Collection[Offer], gone: Collection[str]) -> None:
        self._base, self._left_out = base, _places(base, {*gone, *(offer.key for offer in changed)})
        ordered = sorted(changed, key=lambda offer: offer.key)
        if len({offer.key for offer in ordered}) < len(ordered):
            raise ValueError("changed offers share a key")
        self.new = _beside(base, ordered)
        self.old = _beside(base, [base.offer(at) for at in self._left_out])
        self.order = _order(base, self._left_out, ordered)
        in_base = np.flatnonzero(self.order >= 0)
        self.moved = np.full(len(base.offers), -1, np.int64)
        self.moved[self.order[in_base]] = in_base
        self._new_at = np.flatnonzero(self.order < 0)

    @property
    def names(self) -> retrieval.Names:
        """How the chain's offers were named in the base."""
        return self._base.names

    def find(self, needs: Sequence[Need], limit: int) -> list[tuple[Hit, ...]]:
        """The ``limit`` offers closest to each need, best first."""
        kept = self._base.find(needs, limit + len(self._left_out))
        added = self.new.find(needs, limit)
        return [self._merged(*both)[:limit] for both in zip(kept, added, strict=True)]

    def held(self, position: int) -> Held:
        """The offer at this position."""
        origin = int(self.order[position])
        return self._base.held(origin) if origin >= 0 else self.new.held(-1 - origin)

    def offer(self, position: int) -> Offer:
        """The offer at this position, as it was given."""
        origin = int(self.order[position])
        return self._base.offer(origin) if origin >= 0 else self.new.offer(-1 - origin)

    def _merged(self, kept: Sequence[Hit], added: Sequence[Hit]) -> tuple[Hit, ...]:
        hits = [replace(hit, offer=int(self.moved[hit.offer])) for hit in kept]
        hits = [hit for hit in hits if hit.offer >= 0]
        hits += [replace(hit, offer=int(self._new_at[hit.offer])) for hit in added]
        # Among equals an offer's own words stand before what was confirmed for another, as in an index.
        return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.confirmed, hit.offer)))


def _beside(base: ChainOffers, offers: Sequence[Offer]) -> ChainOffers:
    text = retrieval.build(offers, base.reader.glossary, beside=base.text)
    return ChainOffers(offers, text, base.reader)


def _place(base: ChainOffers, key: str) -> int:
    return bisect_left(base.offers, key, key=lambda offer: offer.key)


def _places(base: ChainOffers, keys: Collection[str]) -> list[int]:
    """Positions of the keys that the base holds, in ascending order."""
    places = {key: _place(base, key) for key in keys}
    size = len(base.offers)
    return sorted(at for key, at in places.items() if at < size and base.offer(at).key == key)


def _order(base: ChainOffers, left_out: Sequence[int], ordered: Sequence[Offer]) -> NDArray[np.int64]:
    """By new position: that in the base, or -1 - i for the i-th of the changed offers."""
    kept = np.delete(np.arange(len(base.offers)), left_out)
    places = np.array([_place(base, offer.key) for offer in ordered], np.int64)
    places -= np.searchsorted(np.array(left_out, np.int64), places)
    return np.insert(kept, places, -1 - np.arange(len(ordered)))
