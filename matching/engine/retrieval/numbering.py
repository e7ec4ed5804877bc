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

Merged = tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.uint16]]
"""Of documents: how many distinct words each has; these, by number; the units that each counts there."""


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
    """Gives words their numbers and counts how many documents hold each."""

    def __init__(self) -> None:
        self._size = 0
        self._new: list[NDArray[np.uint16]] = []
        self._hashes = np.zeros(_SMALLEST, np.uint64)
        self._numbers = np.full(_SMALLEST, kernels.FREE, np.uint32)
        self._holders = np.zeros(_SMALLEST, np.int64)
        self._sums = np.zeros(_SMALLEST, np.uint32)

    def add(self, fields: Written, units: NDArray[np.uint32]) -> Merged:
        """The documents that these fields are, ``len(units)`` each."""
        text = np.frombuffer(fields.text, np.uint16)
        self._grow(int(fields.lengths.sum()))
        table = (self._hashes, self._numbers, self._size)
        *merged, new, self._size = kernels.number_fields(
            text, fields.lengths, units, *table, self._sums, self._holders
        )
        self._new.append(new)
        return tuple(merged)

    def words(self) -> list[str]:
        """All words so far, each at its number."""
        text = b"".join(part.tobytes() for part in self._new).decode("utf-16-le")
        return text.split("\n")[:-1]

    def holders(self) -> NDArray[np.int64]:
        """How many documents hold each word."""
        return self._holders[: self._size].copy()

    def _grow(self, more: int) -> None:
        wanted = 2 * (self._size + more)
        if wanted <= self._hashes.size:
            return
        size = 1 << wanted.bit_length()
        hashes, numbers = np.zeros(size, np.uint64), np.full(size, kernels.FREE, np.uint32)
        kernels.move_words(self._hashes, self._numbers, hashes, numbers)
        self._hashes, self._numbers = hashes, numbers
        self._holders = np.append(self._holders, np.zeros(size - self._holders.size, np.int64))
        self._sums = np.zeros(size, np.uint32)
