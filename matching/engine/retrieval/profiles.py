"""What the documents of a collection consist of: their distinct tokens, by number, and how often they do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.retrieval import kernels
from matching.engine.retrieval.numbering import Numbering, Written, written

Document = tuple[Sequence[str], Sequence[str]]
"""Tokens of a document's title and of its body."""

UNITS = (2, 1)
"""What a token of a title counts, and one of a body."""

_BATCH, _SMALLEST = 2_000, 1 << 12


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
    """While one batch of documents is read, another thread numbers the words of the batch before."""
    merging = _Merging()
    with ThreadPoolExecutor(1) as beside:
        pending = [beside.submit(merging.add, written(batch)) for batch in _batches(documents)]
        found = [merged.result() for merged in pending]
    nothing = (np.zeros(0, np.int64), np.zeros(0, np.uint32), np.zeros(0, np.uint16))
    sizes, tokens, weights = map(np.concatenate, zip(nothing, *found, strict=True))
    at = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    return Profiles(merging.numbering.words, merging.holders, at, tokens, weights)


class _Merging:
    def __init__(self) -> None:
        self.numbering = Numbering()
        self._holders = np.zeros(_SMALLEST, np.int64)
        self._sums = np.zeros(_SMALLEST, np.uint32)

    @property
    def holders(self) -> NDArray[np.int64]:
        """How many documents hold each word."""
        return self._holders[: len(self.numbering.words)].copy()

    def add(self, fields: Written) -> tuple[NDArray[Any], ...]:
        """Sizes, tokens and weights of the documents that these fields are, by ``len(UNITS)`` each."""
        numbers = self.numbering.number(fields)
        lacking = 2 * len(self.numbering.words) - self._sums.size
        if lacking > 0:
            self._holders = np.append(self._holders, np.zeros(lacking, np.int64))
            self._sums = np.zeros(self._holders.size, np.uint32)
        units = np.array(UNITS, np.uint32)
        merged: tuple[NDArray[Any], ...] = kernels.merge_fields(
            fields.lengths, numbers, units, self._sums, self._holders
        )
        return merged


def _batches(documents: Iterable[Document]) -> Iterator[list[Sequence[str]]]:
    fields = chain.from_iterable(documents)
    while batch := list(islice(fields, _BATCH * len(UNITS))):
        yield batch
