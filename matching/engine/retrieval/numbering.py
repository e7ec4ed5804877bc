"""Words as numbers, in the order in which they first occur; a batch of documents at a time.

Words are told apart by a 64-bit hash of their UTF-8 bytes: among a million words the odds that two share
one are below 1 in 10,000,000.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray

from matching.engine.retrieval import kernels

_BATCH = 20_000
_SMALLEST = 1 << 16


class Numbering:
    """Gives words their numbers; ``words`` are all so far, each at its number."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self._hashes = np.zeros(_SMALLEST, np.uint64)
        self._numbers = np.full(_SMALLEST, kernels.FREE, np.uint32)

    def number(self, fields: Iterable[Sequence[str]], lengths: list[int]) -> NDArray[np.uint32]:
        """Numbers of all words of the fields, one after another; ``lengths`` receives how many each has."""
        found = [self._batch(batch, lengths) for batch in _batches(fields)]
        return np.concatenate([np.zeros(0, np.uint32), *found])

    def _batch(self, fields: list[Sequence[str]], lengths: list[int]) -> NDArray[np.uint32]:
        sizes = list(map(len, fields))
        lengths += sizes
        total = sum(sizes)
        # One more line end, so that a batch of one empty word differs from an empty batch.
        text = np.frombuffer("\n".join(chain(chain.from_iterable(fields), ("",))).encode(), np.uint8)
        self._grow(total)
        numbers = np.empty(total, np.uint32)
        begins = np.empty(total, np.int64)
        new = kernels.number_words(text, self._hashes, self._numbers, len(self.words), numbers, begins)
        data = text.tobytes()
        self.words += [data[at : data.index(b"\n", at)].decode() for at in begins[:new].tolist()]
        return numbers

    def _grow(self, more: int) -> None:
        wanted = 2 * (len(self.words) + more)
        if wanted <= self._hashes.size:
            return
        size = 1 << wanted.bit_length()
        hashes, numbers = np.zeros(size, np.uint64), np.full(size, kernels.FREE, np.uint32)
        kernels.move_words(self._hashes, self._numbers, hashes, numbers)
        self._hashes, self._numbers = hashes, numbers


def _batches(fields: Iterable[Sequence[str]]) -> Iterator[list[Sequence[str]]]:
    rest = iter(fields)
    while batch := list(islice(rest, _BATCH)):
        yield batch
