"""What all needs of a chain look for: a few offers are held against all of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.retrieval import fields
from matching.engine.retrieval.index import TextIndex, tag
from matching.engine.text import GlossaryIndex
from matching.engine.types import Need


@dataclass(frozen=True, slots=True)
class Asked:
    """The tokens of every need with their weights, those of need i from ``at[i]``.

    Shapes: ``at`` (needs + 1,), ``tokens`` and ``weights`` (entries,).
    """

    vocabulary: Mapping[str, int]
    at: NDArray[np.int64]
    tokens: NDArray[np.uint32]
    weights: NDArray[np.uint32]

    def best(self, index: TextIndex) -> NDArray[np.int64]:
        """By need: the highest ranking sum of any of the index's offers, 0 where it finds none of them.

        ``index`` is the one that the needs were weighed for, or one beside it.
        """
        needs = self.at.size - 1
        if index.size == 0 or needs == 0:
            return np.zeros(needs, np.int64)
        numbers = np.full(len(self.vocabulary), -1, np.int64)
        for word, number in index.postings.vocabulary.items():
            if word in self.vocabulary:
                numbers[self.vocabulary[word]] = number
        ids = numbers[self.tokens]
        known = ids >= 0
        at = np.concatenate([np.zeros(1, np.int64), np.cumsum(known)])[self.at]
        _, sums = index.postings.search_flat(at, ids[known].astype(np.uint32), self.weights[known], 1)
        return sums[:, 0]


def all_asked(needs: Iterable[Need], index: TextIndex, glossary: GlossaryIndex) -> Asked:
    """The needs in their order, weighed as the index weighs words."""
    requests = [(*fields.of_need(need, glossary), tag(need.node)) for need in needs]
    weighed = index.postings.weigh(requests)
    vocabulary = {word: number for number, word in enumerate(weighed.words)}
    return Asked(vocabulary, weighed.at, weighed.tokens, weighed.weights)
