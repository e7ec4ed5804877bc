"""Words as numbers, in the order in which they first occur; a batch of fields at a time.

Words are told apart by a 64-bit hash of their UTF-16 units: among a million words the odds that two share
one are below 1 in 10,000,000.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.retrieval import kernels

_SMALLEST = 1 << 16
_LINE_END = "\n".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Written:
    """Fields as one text, all words ended by a line end, and how many words each field has."""

    text: bytes
    lengths: NDArray[np.int64]


def written(fields: Sequence[Sequence[str]]) -> Written:
    """Fields of words without line ends. Raises UnicodeEncodeError for half a character."""
    lengths = np.fromiter(map(len, fields), np.int64, len(fields))
    text = "\n".join(map("\n".join, filter(None, fields)))
    return Written(text.encode("utf-16-le") + _LINE_END if lengths.any() else b"", lengths)


class Numbering:
    """Gives words their numbers; ``words`` are all so far, each at its number."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self._hashes = np.zeros(_SMALLEST, np.uint64)
        self._numbers = np.full(_SMALLEST, kernels.FREE, np.uint32)

    def number(self, fields: Written) -> NDArray[np.uint32]:
        """Numbers of all words of the fields, one after another."""
        units = np.frombuffer(fields.text, np.uint16)
        total = int(fields.lengths.sum())
        self._grow(total)
        numbers = np.empty(total, np.uint32)
        begins, ends = np.empty(total, np.int64), np.empty(total, np.int64)
        table = (self._hashes, self._numbers, len(self.words))
        new = kernels.number_words(units, *table, numbers, begins, ends)
        spans = zip((2 * begins[:new]).tolist(), (2 * ends[:new]).tolist(), strict=True)
        self.words += [fields.text[begin:end].decode("utf-16-le") for begin, end in spans]
        return numbers

    def _grow(self, more: int) -> None:
        wanted = 2 * (len(self.words) + more)
        if wanted <= self._hashes.size:
            return
        size = 1 << wanted.bit_length()
        hashes, numbers = np.zeros(size, np.uint64), np.full(size, kernels.FREE, np.uint32)
        kernels.move_words(self._hashes, self._numbers, hashes, numbers)
        self._hashes, self._numbers = hashes, numbers
