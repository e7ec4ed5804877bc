"""Meanings beside words: vectors of whole texts, compared exactly, and the two rankings made one.

A vector is kept in 8 bits a number. Products of such numbers are whole, and so few that sums of them
are exact in 32-bit floating point, in whatever order a machine adds them up.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np
from numpy.typing import ArrayLike, NDArray

DEPTH = 200
"""Places of each ranking that are held against each other."""

_LARGEST = 127
_DEVIATIONS = 4
_EXACT_WIDTH = 1_024
"""Products up to 127² add up exactly in 24 bits for as many numbers."""
_DOCUMENTS, _QUERIES = 8_192, 64
_LEAST_SPREAD = 32
_POSITION_BITS = 32


def compact(vector: ArrayLike) -> bytes:
    """A vector of any length in 8 bits a number, of which four deviations are the largest.

    Empty for a vector without direction. Raises ValueError where it holds what is no finite number.
    """
    values = np.asarray(vector, np.float64).ravel()
    if not np.isfinite(values).all():
        raise ValueError("a vector of finite numbers is needed")
    deviation = math.sqrt(float(values @ values) / max(1, values.size))
    if not deviation:
        return b""
    scaled = np.rint(values * (_LARGEST / _DEVIATIONS / deviation))
    return np.clip(scaled, -_LARGEST, _LARGEST).astype(np.int8).tobytes()


@dataclass(frozen=True, slots=True)
class Meanings:
    """The vectors that are known: ``owners[i]`` is the offer that row i speaks of, rows in any number.

    Shapes: ``owners`` (known,), ``vectors`` (known, width).
    """

    owners: NDArray[np.int64]
    vectors: NDArray[np.int8]

    def nearest(self, asked: Sequence[bytes], size: int) -> list[Nearness]:
        """How near each of ``size`` offers is to each text, by the nearest vector of the offer.

        Raises ValueError where a vector is not as long as those of the offers.
        """
        width = self.vectors.shape[1]
        if any(len(one) != width for one in asked):
            raise ValueError(f"vectors of one model are {width} long; others are among them")
        found: list[Nearness] = []
        for first in range(0, len(asked), _QUERIES):
            joined = b"".join(asked[first : first + _QUERIES])
            queries = np.frombuffer(joined, np.int8).reshape(-1, width)
            found.extend(Nearness(row) for row in self._best(queries, size))
        return found

    def _best(self, queries: NDArray[np.int8], size: int) -> NDArray[np.int64]:
        best = np.full((size, len(queries)), np.iinfo(np.int64).min, np.int64)
        for first in range(0, len(self.owners), _DOCUMENTS):
            rows = slice(first, first + _DOCUMENTS)
            np.maximum.at(best, self.owners[rows], _products(self.vectors[rows], queries))
        return best.T


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near every offer is to one text; offers without a vector hold the least integer."""

    values: NDArray[np.int64]

    def best(self) -> NDArray[np.int64]:
        """The ``DEPTH`` nearest offers that have a vector, ties by position."""
        known = np.flatnonzero(self.values > np.iinfo(np.int64).min)
        keys = (self.values[known] << _POSITION_BITS) - known
        if keys.size > DEPTH:
            nearest = np.argpartition(-keys, DEPTH - 1)[:DEPTH]
            known, keys = known[nearest], keys[nearest]
        return known[np.argsort(-keys)]


def gather(given: Sequence[Sequence[bytes]]) -> Meanings:
    """The vectors of offers, in their order; empty ones are not known.

    Raises ValueError where they are not equally long.
    """
    owners = [owner for owner, held in enumerate(given) for one in held if one]
    vectors = [one for held in given for one in held if one]
    width = len(vectors[0]) if vectors else 0
    if any(len(one) != width for one in vectors):
        raise ValueError("vectors of different models are among the offers")
    rows = np.frombuffer(b"".join(vectors), np.int8).reshape(len(vectors), width)
    return Meanings(np.array(owners, np.int64), rows)


def joined(words: Iterable[tuple[int, int]], near: Nearness, perfect: int) -> list[tuple[int, int, int]]:
    """Offers of both rankings with twice their score and with what meaning gave, best first.

    ``words`` are offers with their score, best first, ``perfect`` is that of a perfect one. Both rankings
    count alike: nearness is moved to the mean and the spread of the scores ("z-score normalisation":
    Renda, Straccia, "Web Metasearch: Rank vs. Score Based Rank Aggregation Methods", SAC 2003). An offer
    that one ranking does not know has the last score of that ranking or an average nearness.
    """
    scores = dict(words)
    nearest = near.best().tolist()
    if not nearest:
        return [(offer, 2 * score, score) for offer, score in scores.items()]
    mean, spread = _moments(list(scores.values())[:DEPTH])
    spread = max(spread, perfect // _LEAST_SPREAD, 1)
    middle, deviation = _moments([int(near.values[offer]) for offer in nearest])
    last = min(scores.values()) if len(scores) >= DEPTH else 0
    rows = []
    for offer in {**scores, **dict(zip(nearest, repeat(0)))}:
        value = int(near.values[offer])
        known = value > np.iinfo(np.int64).min
        given = mean + (spread * (value - middle) // max(1, deviation) if known else 0)
        rows.append((offer, scores.get(offer, last) + given, given))
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def _moments(values: Sequence[int]) -> tuple[int, int]:
    """Mean and standard deviation in whole numbers."""
    if not values:
        return 0, 0
    mean = sum(values) // len(values)
    return mean, math.isqrt(sum((value - mean) ** 2 for value in values) // len(values))


def _products(vectors: NDArray[np.int8], queries: NDArray[np.int8]) -> NDArray[np.int64]:
    total = np.zeros((len(vectors), len(queries)), np.int64)
    for first in range(0, vectors.shape[1], _EXACT_WIDTH):
        part = slice(first, first + _EXACT_WIDTH)
        products = vectors[:, part].astype(np.float32) @ queries[:, part].astype(np.float32).T
        total += products.astype(np.int64)
    return total
