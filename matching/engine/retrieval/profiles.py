"""What the documents of a collection consist of: their distinct tokens, by number, and how often they do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray

from matching.engine.retrieval.numbering import Numbering, written

Document = tuple[Sequence[str], Sequence[str]]
"""Tokens of a document's title and of its body."""

UNITS = (2, 1)
"""What a token of a title counts, and one of a body."""

_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Profiles:
    """Tokens of documents and their units, those of document i from ``at[i]``.

    ``words`` are all tokens, each at its number; ``holders`` says how many documents hold each.
    """

    words: list[str]
    holders: NDArray[np.int64]
    at: NDArray[np.int64]
    tokens: NDArray[np.uint32]
    weights: NDArray[np.uint16]


def profiles(documents: Iterable[Document]) -> Profiles:
    """A batch at a time, which stays in the processor's cache from its text to its numbers."""
    numbering, units = Numbering(), np.array(UNITS, np.uint32)
    found = [numbering.add(written(batch), units) for batch in _batches(documents)]
    nothing = (np.zeros(0, np.int64), np.zeros(0, np.uint32), np.zeros(0, np.uint16))
    sizes, tokens, weights = map(np.concatenate, zip(nothing, *found, strict=True))
    at = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    return Profiles(numbering.words(), numbering.holders(), at, tokens, weights)


def _batches(documents: Iterable[Document]) -> Iterator[list[Sequence[str]]]:
    fields = chain.from_iterable(documents)
    while batch := list(islice(fields, _BATCH * len(UNITS))):
        yield batch
