"""A text index over documents of two fields: one sum of integer impacts ranks them.

The weight of a token in a document is its inverse document frequency, raised and saturated, divided by
the document's pivoted norm (Singhal, Buckley, Mitra, "Pivoted Document Length Normalization", SIGIR
1996). Single characters and Latin runs count double; parts of Latin runs help where spellings differ.
All of it is rounded to integers, so that every machine ranks alike.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.retrieval import kernels
from matching.engine.text import CJK

Document = tuple[Sequence[str], Sequence[str]]
"""Tokens of a document's title and of its body."""
Arrays = Mapping[str, NDArray[Any]]

K1, B, POWER = 0.8, 0.65, 1.2
BODY = 0.7
"""Weight of a query's whole body beside its title's."""
MOST_BODY = 32
IMPACT, WEIGHT = 256, 64
TAG_SHARE = 4
PART = "~"
"""Begins a token that is a part of a Latin run."""

_TITLE_UNITS, _BODY_UNITS = 2, 1
_DOUBLE, _SINGLE, _HALF = 2.0, 1.0, 0.5
_EXACT = 65_536
_TOPIC_SHARE = 64
_LISTS = ("cells_at", "cell_block", "cell_top", "cell_at", "places", "values", "order")
_FIRST_CJK = CJK[0]


@dataclass(frozen=True, slots=True)
class Terms:
    """A query's tokens that the index knows, rarest first, with integer weights.

    ``perfect`` is the score of a document that consists of the query's title alone, ``bonus`` what
    carrying the query's tag adds.
    """

    ids: NDArray[np.uint32]
    weights: NDArray[np.uint32]
    perfect: int
    bonus: int


@dataclass(frozen=True)
class Postings:
    """The index: tokens in the order of their numbers, and the flat arrays of ``kernels``."""

    vocabulary: Mapping[str, int]
    arrays: Arrays

    @cached_property
    def size(self) -> int:
        """Number of documents."""
        return len(self.arrays["order"])

    def idf(self, token: str) -> float:
        """Inverse document frequency; a token that no document holds counts as held by one."""
        number = self.vocabulary.get(token)
        return _idf(self.size, min(1, self.size) if number is None else int(self.arrays["holders"][number]))

    def terms(self, title: Sequence[str], body: Sequence[str] = (), tag: str = "") -> Terms:
        """What to look for; documents with the same tag are worth ``1 / TAG_SHARE`` of perfect more."""
        gains = [_gain(token, self.idf(token)) for token in dict.fromkeys(title)]
        norm = math.sqrt(sum(gain * gain for gain in gains))
        mean = float(self.arrays["mean_norm"][0])
        perfect = max(1, round(sum(gains) * IMPACT * WEIGHT / (1 - B + B * norm / mean)))
        weights = dict.fromkeys(title, WEIGHT)
        for token, weight in self._body(body, math.sqrt(len(gains)) or 1.0):
            weights[token] = weights.get(token, 0) + weight
        bonus = perfect // TAG_SHARE if tag else 0
        if tag:
            weights[tag] = bonus
        known = [(self.vocabulary[token], w) for token, w in weights.items() if token in self.vocabulary]
        holders = self.arrays["holders"]
        known.sort(key=lambda term: (int(holders[term[0]]), term[0]))
        ids, values = (np.array([term[side] for term in known], np.uint32) for side in (0, 1))
        return Terms(ids, values, perfect, bonus)

    def _body(self, body: Sequence[str], scale: float) -> Iterator[tuple[str, int]]:
        """The most telling tokens of a query's body, all of them together as strong as ``BODY``."""
        rare = [
            (self.idf(token) * (1 + math.log(times)), token)
            for token, times in Counter(body).items()
            if token in self.vocabulary
        ]
        rare.sort(key=lambda one: (-one[0] * _gain(one[1], self.idf(one[1])), one[1]))
        norm = math.sqrt(sum(weight * weight for weight, _ in rare[:MOST_BODY])) or 1.0
        for weight, token in rare[:MOST_BODY]:
            yield token, round(WEIGHT * BODY * weight * scale / norm)

    def search(self, asked: Sequence[Terms], limit: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The ``limit`` best documents of each query, -1 where there are no more, and their scores."""
        nothing = np.zeros(0, np.uint32)
        found: tuple[NDArray[np.int64], NDArray[np.int64]] = kernels.search(
            _begins([one.ids.size for one in asked]),
            np.concatenate([nothing, *(one.ids for one in asked)]),
            np.concatenate([nothing, *(one.weights for one in asked)]),
            *(self.arrays[name] for name in _LISTS),
            limit,
        )
        return found

    def columns(self) -> Arrays:
        """The arrays to store, the words among them; ``opened`` makes the index of them again."""
        return {**self.arrays, "words": np.frombuffer("\n".join(self.vocabulary).encode(), np.uint8)}


def opened(columns: Arrays) -> Postings:
    """The index of stored columns."""
    text = columns["words"].tobytes().decode()
    words = text.split("\n") if text else []
    arrays = {name: column for name, column in columns.items() if name != "words"}
    return Postings({word: number for number, word in enumerate(words)}, arrays)


def build(documents: Iterable[Document], tags: Sequence[str] = (), own: int | None = None) -> Postings:
    """Index documents in the given order.

    ``tags`` name at most one tag for each of the first documents ("" for none). The first ``own``
    documents set the average that norms are held against, all where it is None.
    """
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    lengths: list[int] = []
    flat = np.fromiter(_numbered(documents, numbers, lengths), np.uint32)
    at = _begins(lengths)[::2]
    units = np.tile(np.array([_TITLE_UNITS, _BODY_UNITS], np.uint8), len(lengths) // 2)
    profile = kernels.merge_profiles(at, flat, np.repeat(units, lengths), len(numbers))
    at, tokens, weights, holders = profile
    gains = _gains(numbers, holders, at.size - 1)
    saturated, norms = kernels.saturate(at, tokens, weights, gains, float(_TITLE_UNITS), K1)
    mean = float(norms[:own].mean()) if norms[:own].any() else 1.0
    values = kernels.pivot(at, saturated, norms, mean, B, float(IMPACT))
    topics = kernels.topics(at, tokens, holders, max(1, (at.size - 1) // _TOPIC_SHARE))
    order = np.argsort(topics, kind="stable").astype(np.uint32)
    at, tokens, values = _tagged(at, tokens, values, tags, numbers)
    holders = np.bincount(tokens, minlength=len(numbers))
    lists = (*kernels.block_lists(at, tokens, values, order, holders), order)
    arrays = dict(zip(_LISTS, lists, strict=True))
    arrays |= {"holders": holders.astype(np.uint32), "mean_norm": np.array([mean])}
    return Postings(dict(numbers), arrays)


def _numbered(documents: Iterable[Document], numbers: Mapping[str, int], lengths: list[int]) -> Iterator[int]:
    for fields in documents:
        for field in fields:
            lengths.append(len(field))
            yield from map(numbers.__getitem__, field)


def _tagged(
    at: NDArray[np.int64],
    tokens: NDArray[np.uint32],
    values: NDArray[np.uint16],
    tags: Sequence[str],
    numbers: Mapping[str, int],
) -> tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.uint16]]:
    """A tag is one more token of its document, with an impact of one."""
    held = np.array([position for position, tag in enumerate(tags) if tag], np.int64)
    if not held.size:
        return at, tokens, values
    ids = [numbers[tag] for tag in tags if tag]
    more = np.zeros(at.size, np.int64)
    more[held + 1] = 1
    ends = at[held + 1]
    return at + np.cumsum(more), np.insert(tokens, ends, ids), np.insert(values, ends, 1)


def _begins(lengths: Sequence[int]) -> NDArray[np.int64]:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(np.array(lengths, np.int64))])


def _idf(size: int, holders: int) -> float:
    return math.log(1 + (size - holders + 0.5) / (holders + 0.5))


def _gain(token: str, idf: float) -> float:
    """Strength of a token; rounded, so that the last bit of a logarithm changes nothing."""
    return round(_factor(token) * math.pow(idf, POWER) * _EXACT) / _EXACT


def _factor(token: str) -> float:
    if token[0] < _FIRST_CJK:
        return _HALF if token[0] == PART else _DOUBLE
    return _DOUBLE if len(token) == 1 else _SINGLE


def _gains(numbers: Mapping[str, int], holders: NDArray[np.int64], size: int) -> NDArray[np.float64]:
    idfs = {times: _idf(size, times) for times in np.unique(holders).tolist()}
    strengths = (_gain(token, idfs[times]) for token, times in zip(numbers, holders.tolist(), strict=True))
    return np.fromiter(strengths, np.float64, len(numbers))
