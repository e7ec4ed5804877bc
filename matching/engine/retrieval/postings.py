"""A text index over documents of two fields: one sum of integer impacts ranks them.

The weight of a token in a document is its inverse document frequency, raised and saturated, divided by
the document's pivoted norm (Singhal, Buckley, Mitra, "Pivoted Document Length Normalization", SIGIR
1996). Characters and Latin runs count more than pairs; parts of runs help where spellings differ.
All of it is rounded to integers, so that every machine ranks alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.retrieval import kernels, statistics
from matching.engine.retrieval.lists import LISTS, block_lists
from matching.engine.retrieval.parts import in_parts
from matching.engine.retrieval.profiles import UNITS, Document, Profiles, profiles
from matching.engine.retrieval.statistics import Statistics
from matching.engine.retrieval.weighing import IMPACT, B, Request, Weighed, begins, weigh

Arrays = Mapping[str, NDArray[Any]]
Entries = tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.uint16]]
"""Where those of each document begin; tokens; impacts."""

K1 = 0.8

_ALIKE_AT_LEAST, _TOPIC_SHARE = 256, 16
_PART = 10_000
_OWN = (*LISTS, "holders")


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

    def terms(self, asked: Sequence[Request]) -> list[Terms]:
        """What to look for; documents with a query's tag are worth a share of perfect more."""
        weighed = self.weigh(asked)
        known = map(self.vocabulary.get, weighed.words, repeat(-1))
        ids = np.fromiter(known, np.int64, len(weighed.words))[weighed.tokens]
        found = kernels.rarest_first(weighed.at, ids, weighed.weights, self.arrays["holders"])
        at = found[0].tolist()
        spans = map(slice, at, at[1:])
        told = zip(spans, weighed.perfect.tolist(), weighed.bonus.tolist(), strict=True)
        return [Terms(found[1][span], found[2][span], perfect, bonus) for span, perfect, bonus in told]

    def weigh(self, asked: Sequence[Request]) -> Weighed:
        """The tokens of queries, known here or not, weighed as this index weighs words."""
        return weigh(asked, self.statistics)

    def search(self, asked: Sequence[Terms], limit: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The ``limit`` best documents of each query, -1 where there are no more, and their scores."""
        nothing = np.zeros(0, np.uint32)
        return self.search_flat(
            begins(one.ids.size for one in asked),
            np.concatenate([nothing, *(one.ids for one in asked)]),
            np.concatenate([nothing, *(one.weights for one in asked)]),
            limit,
        )

    def search_flat(
        self, at: NDArray[np.int64], ids: NDArray[np.uint32], weights: NDArray[np.uint32], limit: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """``search`` for queries whose terms stand one after another, those of query i from ``at[i]``."""
        lists = (self.arrays[name] for name in LISTS)
        found: tuple[NDArray[np.int64], NDArray[np.int64]] = kernels.search(at, ids, weights, *lists, limit)
        return found

    def columns(self) -> dict[str, NDArray[Any]]:
        """The arrays to store, the words among them; ``opened`` makes the index of them again."""
        words = np.frombuffer("\n".join(self.vocabulary).encode(), np.uint8)
        return {**self.arrays, **self.statistics.columns(), "words": words}


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
    held = profiles(documents)
    vocabulary = {word: number for number, word in enumerate(held.words)}
    entries, order, statistics_of = _weighed(held, vocabulary, own, weighed_by)
    names = dict(vocabulary)
    for tag in dict.fromkeys(filter(None, tags)):
        names[tag] = len(names)
    entries = _tagged(entries, tags, names)
    arrays = block_lists(*entries, order, len(names))
    tagged = Counter(tags)
    holders = np.append(held.holders, [tagged[tag] for tag in list(names)[len(vocabulary) :]])
    return Postings(names, arrays | {"holders": holders.astype(np.uint32)}, statistics_of)


def _weighed(
    held: Profiles, vocabulary: Mapping[str, int], own: int | None, weighed_by: Statistics | None
) -> tuple[Entries, NDArray[np.uint32], Statistics]:
    """Impacts in place of frequencies; and an order in which alike documents stand together.

    Blocks tell alike documents from others: those that share their strongest of the tokens that are neither
    rare nor everywhere.
    """
    size = held.at.size - 1
    if weighed_by is None:
        idfs, gains, rarest = statistics.counted(vocabulary, held.holders, size)
    else:
        gains = weighed_by.of(held.words)[1]
    norms = np.zeros(size, np.float64)
    entries = (held.at, held.tokens, held.weights, gains, float(UNITS[0]), K1, norms)

    def norm(first: int, last: int) -> None:
        kernels.norm(first, last, *entries)

    in_parts(norm, size, _PART)
    if weighed_by is None:
        mean = float(norms[:own].mean()) if norms[:own].any() else 1.0
        weighed_by = Statistics(vocabulary, idfs, gains, rarest, mean)
    values = np.empty(held.tokens.size, np.uint16)
    most = max(_ALIKE_AT_LEAST, size // _TOPIC_SHARE)
    topical = (held.holders >= _ALIKE_AT_LEAST) & (held.holders <= most)
    strong, next_strong = np.empty(size, np.int64), np.empty(size, np.int64)
    pivots = (weighed_by.mean_norm, B, float(IMPACT))

    def pivot(first: int, last: int) -> None:
        kernels.pivot(first, last, *entries, pivots, topical, values, strong, next_strong)

    in_parts(pivot, size, _PART)
    order = np.lexsort((next_strong, strong)).astype(np.uint32)
    return (held.at, held.tokens, values), order, weighed_by


def _tagged(entries: Entries, tags: Sequence[str], numbers: Mapping[str, int]) -> Entries:
    """A tag is one more token of its document, with an impact of one."""
    at, tokens, values = entries
    held = np.array([position for position, tag in enumerate(tags) if tag], np.int64)
    if not held.size:
        return entries
    ids = [numbers[tag] for tag in tags if tag]
    more = np.zeros(at.size, np.int64)
    more[held + 1] = 1
    ends = at[held + 1]
    return at + np.cumsum(more), np.insert(tokens, ends, ids), np.insert(values, ends, 1)
