"""What queries look for: their tokens, and how much each of them counts."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, count

import numpy as np
from numpy.typing import NDArray

from matching.engine.retrieval import kernels
from matching.engine.retrieval.statistics import Statistics

B = 0.65
BODY = 0.7
"""Weight of a query's whole body beside its title's."""
MOST_BODY = 32
IMPACT, WEIGHT = 256, 64
TAG_SHARE = 4

Request = tuple[Sequence[str], Sequence[str], str]
"""Tokens of a query's title and of its body, and the tag that is worth a bonus ("" for none)."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """The tokens of queries, known to an index or not, with integer weights; those of query i from ``at[i]``.

    ``tokens`` are positions in ``words``. ``perfect`` is the score of a document that consists of the query's
    title alone, ``bonus`` what carrying the query's tag adds.
    """

    words: list[str]
    at: NDArray[np.int64]
    tokens: NDArray[np.uint32]
    weights: NDArray[np.uint32]
    perfect: NDArray[np.int64]
    bonus: NDArray[np.int64]


def weigh(asked: Sequence[Request], held: Statistics) -> Weighed:
    """A token of both fields weighs as much as both; of a body the ``MOST_BODY`` most telling ones count.

    What a title names twice weighs a third more, and never twice as much. All kept tokens of a body are
    together as strong as ``BODY`` of the title.
    """
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    title_at, titles = _numbered([title for title, _, _ in asked], numbers)
    body_at, bodies = _numbered([body for _, body, _ in asked], numbers)
    said = list(numbers)
    tags = np.array([numbers[tag] if tag else -1 for _, _, tag in asked], np.int64)
    words = list(numbers)
    idfs, gains = held.of(said)
    silent = np.zeros(len(words) - len(said))
    longest = int(np.diff(body_at).max(initial=0))
    ranks = np.zeros(len(words), np.int64)
    if longest:
        ranks[sorted(range(len(words)), key=words.__getitem__)] = np.arange(len(words))
    weighed = kernels.weigh(
        title_at,
        titles,
        body_at,
        bodies,
        tags,
        np.append(gains, silent),
        np.append(idfs, silent),
        ranks,
        np.array([0.0, *(1 + math.log(times) for times in range(1, longest + 1))]),
        held.mean_norm,
        (WEIGHT, IMPACT, B, BODY, MOST_BODY, TAG_SHARE),
    )
    return Weighed(words, *weighed)


def _numbered(
    fields: Sequence[Sequence[str]], numbers: defaultdict[str, int]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    at = begins(map(len, fields))
    flat = map(numbers.__getitem__, chain.from_iterable(fields))
    return at, np.fromiter(flat, np.int64, int(at[-1]))


def begins(lengths: Iterable[int]) -> NDArray[np.int64]:
    """Where rows of these lengths begin, and where the last one ends."""
    return np.cumsum(np.array([0, *lengths], np.int64))
