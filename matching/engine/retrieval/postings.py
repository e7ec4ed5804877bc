"""A text index over documents of two fields: one sum of integer impacts ranks them.

The weight of a token in a document is its inverse document frequency, raised and saturated, divided by
the document's pivoted norm (Singhal, Buckley, Mitra, "Pivoted Document Length Normalization", SIGIR
1996). Characters and Latin runs count more than pairs; parts of runs help where spellings differ.
All of it is rounded to integers, so that every machine ranks alike.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.retrieval import kernels, statistics
from matching.engine.retrieval.numbering import Numbering
from matching.engine.retrieval.statistics import Statistics

Document = tuple[Sequence[str], Sequence[str]]
"""Tokens of a document's title and of its body."""
Arrays = Mapping[str, NDArray[Any]]
Profile = tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.uint16]]

K1, B = 0.8, 0.65
BODY = 0.7
"""Weight of a query's whole body beside its title's."""
MOST_BODY = 32
IMPACT, WEIGHT = 256, 64
TAG_SHARE = 4

_TITLE_UNITS, _BODY_UNITS = 2, 1
_ALIKE_AT_LEAST, _TOPIC_SHARE = 256, 16
_LISTS = ("cells_at", "cell_block", "cell_top", "cell_at", "cell_size", "places", "values", "order")
_OWN = (*_LISTS, "holders")


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


@dataclass(frozen=True, slots=True)
class Postings:
    """The index: tokens by their numbers, the flat arrays of ``kernels``, and what weighs the tokens."""

    vocabulary: Mapping[str, int]
    arrays: Arrays
    statistics: Statistics

    @property
    def size(self) -> int:
        """Number of documents."""
        return len(self.arrays["order"])

    def terms(self, title: Sequence[str], body: Sequence[str] = (), tag: str = "") -> Terms:
        """What to look for; documents with the same tag are worth ``1 / TAG_SHARE`` of perfect more."""
        weights, perfect, bonus = self.weigh(title, body, tag)
        numbers = self.vocabulary
        known = np.array([(numbers[token], w) for token, w in weights.items() if token in numbers], np.uint32)
        known = known.reshape(-1, 2)
        rarest_first = np.lexsort((known[:, 0], self.arrays["holders"][known[:, 0]]))
        ids, values = (np.ascontiguousarray(known[rarest_first, side]) for side in (0, 1))
        return Terms(ids, values, perfect, bonus)

    def weigh(self, title: Sequence[str], body: Sequence[str], tag: str) -> tuple[dict[str, int], int, int]:
        """A query's tokens, known here or not, with their weights; what is perfect, and the bonus."""
        weights = {token: _repeated(times) for token, times in Counter(title).items()}
        norm = self.statistics.norm(weights)
        gains = sum(self.statistics.gain(token) * weight for token, weight in weights.items())
        perfect = max(1, round(gains * IMPACT / (1 - B + B * norm / self.statistics.mean_norm)))
        for token, weight in self._body(body, math.sqrt(len(weights)) or 1.0):
            weights[token] = weights.get(token, 0) + weight
        bonus = perfect // TAG_SHARE if tag else 0
        if tag:
            weights[tag] = bonus
        return weights, perfect, bonus

    def _body(self, body: Sequence[str], scale: float) -> Iterator[tuple[str, int]]:
        """The most telling tokens of a query's body, all of them together as strong as ``BODY``."""
        held = self.statistics
        rare = [
            (held.idf(token) * (1 + math.log(times)), token)
            for token, times in Counter(body).items()
            if token in held.vocabulary
        ]
        rare.sort(key=lambda one: (-one[0] * held.gain(one[1]), one[1]))
        norm = math.sqrt(sum(weight * weight for weight, _ in rare[:MOST_BODY])) or 1.0
        for weight, token in rare[:MOST_BODY]:
            yield token, round(WEIGHT * BODY * weight * scale / norm)

    def search(self, asked: Sequence[Terms], limit: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The ``limit`` best documents of each query, -1 where there are no more, and their scores."""
        nothing = np.zeros(0, np.uint32)
        return self.search_flat(
            _begins([one.ids.size for one in asked]),
            np.concatenate([nothing, *(one.ids for one in asked)]),
            np.concatenate([nothing, *(one.weights for one in asked)]),
            limit,
        )

    def search_flat(
        self, at: NDArray[np.int64], ids: NDArray[np.uint32], weights: NDArray[np.uint32], limit: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """``search`` for queries whose terms stand one after another, those of query i from ``at[i]``."""
        lists = (self.arrays[name] for name in _LISTS)
        found: tuple[NDArray[np.int64], NDArray[np.int64]] = kernels.search(at, ids, weights, *lists, limit)
        return found

    def columns(self) -> dict[str, NDArray[Any]]:
        """The arrays to store, the words among them; ``opened`` makes the index of them again."""
        words = np.frombuffer("\n".join(self.vocabulary).encode(), np.uint8)
        return {**self.arrays, **self.statistics.columns(), "words": words}


def _repeated(times: int) -> int:
    """What is named twice in a title weighs a third more, and never twice as much."""
    return 2 * times * WEIGHT // (1 + times)


def opened(columns: Arrays) -> Postings:
    """The index of stored columns, which stay where they are."""
    text = columns["words"].tobytes().decode()
    vocabulary = {word: number for number, word in enumerate(text.split("\n") if text else [])}
    arrays = {name: columns[name] for name in _OWN}
    return Postings(vocabulary, arrays, statistics.opened(vocabulary, columns))


def build(
    documents: Iterable[Document],
    tags: Sequence[str] = (),
    own: int | None = None,
    weighed_by: Statistics | None = None,
) -> Postings:
    """Index documents in the given order.

    ``tags`` name at most one tag for each of the first documents ("" for none). The first ``own``
    documents set the mean that norms are held against, all where it is None. ``weighed_by`` are the
    statistics of the collection that the documents belong to; their own where it is None.
    """
    numbering = Numbering()
    lengths: list[int] = []
    flat = numbering.number(chain.from_iterable(documents), lengths)
    at = _begins(lengths)[::2]
    units = np.tile(np.array([_TITLE_UNITS, _BODY_UNITS], np.uint8), len(lengths) // 2)
    at, tokens, weights, holders = kernels.merge_profiles(
        at, flat, np.repeat(units, lengths), len(numbering.words)
    )
    vocabulary = {word: number for number, word in enumerate(numbering.words)}
    profile, held = _weighed((at, tokens, weights), vocabulary, holders, own, weighed_by)
    order = _alike(profile, holders)
    names = dict(vocabulary)
    for tag in dict.fromkeys(filter(None, tags)):
        names[tag] = len(names)
    at, tokens, values = _tagged(profile, tags, names)
    holders = np.bincount(tokens, minlength=len(names))
    lists = (*kernels.block_lists(at, tokens, values, order, len(names)), order)
    arrays = dict(zip(_LISTS, lists, strict=True)) | {"holders": holders.astype(np.uint32)}
    return Postings(names, arrays, held)


def _weighed(
    profile: Profile,
    vocabulary: Mapping[str, int],
    holders: NDArray[np.int64],
    own: int | None,
    weighed_by: Statistics | None,
) -> tuple[Profile, Statistics]:
    """Impacts in place of frequencies."""
    at, tokens, weights = profile
    if weighed_by is None:
        idfs, gains, rarest = statistics.counted(vocabulary, holders, at.size - 1)
    else:
        gains = [weighed_by.gain(token) for token in vocabulary]
    saturated, norms = kernels.saturate(at, tokens, weights, np.array(gains), float(_TITLE_UNITS), K1)
    if weighed_by is None:
        mean = float(norms[:own].mean()) if norms[:own].any() else 1.0
        weighed_by = Statistics(vocabulary, idfs, gains, rarest, mean)
    values = kernels.pivot(at, saturated, norms, weighed_by.mean_norm, B, float(IMPACT))
    return (at, tokens, values), weighed_by


def _alike(profile: Profile, holders: NDArray[np.int64]) -> NDArray[np.uint32]:
    """An order in which alike documents stand together, so that blocks tell them from others."""
    most = max(_ALIKE_AT_LEAST, (profile[0].size - 1) // _TOPIC_SHARE)
    first, second = kernels.topics(*profile, holders, _ALIKE_AT_LEAST, most)
    return np.lexsort((second, first)).astype(np.uint32)


def _tagged(profile: Profile, tags: Sequence[str], numbers: Mapping[str, int]) -> Profile:
    """A tag is one more token of its document, with an impact of one."""
    at, tokens, values = profile
    held = np.array([position for position, tag in enumerate(tags) if tag], np.int64)
    if not held.size:
        return profile
    ids = [numbers[tag] for tag in tags if tag]
    more = np.zeros(at.size, np.int64)
    more[held + 1] = 1
    ends = at[held + 1]
    return at + np.cumsum(more), np.insert(tokens, ends, ids), np.insert(values, ends, 1)


def _begins(lengths: Sequence[int]) -> NDArray[np.int64]:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(np.array(lengths, np.int64))])
