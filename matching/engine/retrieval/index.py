"""The text index of one chain's offers: candidates for a need, best first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.retrieval import fields, postings
from matching.engine.retrieval.columns import strings, strings_at
from matching.engine.retrieval.fields import Said
from matching.engine.retrieval.meanings import DEPTH, Meanings, Nearness, gather, joined
from matching.engine.retrieval.names import ARRAYS, Names, Node, index_names, names_beside
from matching.engine.retrieval.postings import Postings, Terms
from matching.engine.retrieval.profiles import Document
from matching.engine.text import GlossaryIndex
from matching.engine.titles import plain_name
from matching.engine.types import FULL_SCORE, Need

_NODE = "@"
_UNIT = 1_000


@dataclass(frozen=True, slots=True)
class Hit:
    """An offer found for a need: its position, and how close text and name are, in basis points.

    ``confirmed`` says that a need confirmed before came closer than the offer's own words. ``score`` is
    the sum that ranks the hits of one need; it means nothing beside another need's.
    """

    offer: int
    text: int
    likeness: int = 0
    confirmed: bool = False
    score: int = 0


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for, the plain name and node of the need, and its meaning where that is known."""

    terms: Terms
    name: str
    node: Node
    meaning: bytes = b""


@dataclass(frozen=True, slots=True)
class TextIndex:
    """Documents are the offers in order, then their aliases; ``owners`` names the offer of each."""

    size: int
    postings: Postings
    names: Names
    owners: NDArray[np.int64]
    meanings: Meanings


def build(offers: Sequence[Said], glossary: GlossaryIndex, beside: TextIndex | None = None) -> TextIndex:
    """Index offers in the given order; positions in hits refer to it.

    ``beside`` another index, words weigh as much as they do there, so that a pair's text score is the same
    whichever of the two holds the offer.
    """
    documents: Iterator[Document] = chain(
        fields.of_offers(offers, glossary),
        chain.from_iterable(fields.of_aliases(offer, glossary) for offer in offers),
    )
    stated = [offer.node for offer in offers]
    nodes = [tag(node) for node in stated]
    aliases = [position for position, offer in enumerate(offers) for _ in offer.aliases]
    weighed_by = beside.postings.statistics if beside else None
    tags = nodes + [nodes[position] for position in aliases]
    words = postings.build(documents, tags, len(offers), weighed_by)
    plain = [plain_name(offer.title, glossary) for offer in offers]
    names = names_beside(plain, stated, beside.names) if beside else index_names(plain, stated, _weigh(words))
    owners = np.concatenate([np.arange(len(offers)), np.array(aliases, np.int64)])
    return TextIndex(len(offers), words, names, owners, gather([offer.meanings for offer in offers]))


def _weigh(words: Postings) -> Callable[[str], int]:
    return lambda word: round(words.statistics.idf(word) * _UNIT)


def query(need: Need, index: TextIndex, glossary: GlossaryIndex) -> Query:
    """What to look for; a token of both fields weighs as much as both."""
    return queries([need], index, glossary)[0]


def queries(needs: Sequence[Need], index: TextIndex, glossary: GlossaryIndex) -> list[Query]:
    """``query`` for several needs."""
    asked = [(*fields.of_need(need, glossary), tag(need.node)) for need in needs]
    return [
        Query(terms, plain_name(need.title, glossary), need.node, need.meaning)
        for need, terms in zip(needs, index.postings.terms(asked), strict=True)
    ]


def search(asked: Query, index: TextIndex, limit: int) -> tuple[Hit, ...]:
    """The ``limit`` best offers, best first, ties by position."""
    return search_all([asked], index, limit)[0]


def search_all(asked: Sequence[Query], index: TextIndex, limit: int) -> list[tuple[Hit, ...]]:
    """``search`` for several needs; where meanings are known they rank beside the words."""
    if index.size == 0 or limit <= 0:
        return [() for _ in asked]
    meant = [at for at, one in enumerate(asked) if one.meaning and index.meanings.owners.size]
    found = _by_words(asked, index, min(max(limit, DEPTH) if meant else limit, index.size))
    nearness = index.meanings.nearest([asked[at].meaning for at in meant], index.size) if meant else []
    for at, near in zip(meant, nearness, strict=True):
        found[at] = _with_meaning(asked[at], index, found[at], near)
    return [hits[:limit] for hits in found]


def _by_words(asked: Sequence[Query], index: TextIndex, limit: int) -> list[tuple[Hit, ...]]:
    documents, scores = index.postings.search([one.terms for one in asked], limit)
    return [_hits(one, index, limit, documents[at], scores[at]) for at, one in enumerate(asked)]


def _with_meaning(asked: Query, index: TextIndex, hits: tuple[Hit, ...], near: Nearness) -> tuple[Hit, ...]:
    """The text of a hit becomes the mean of what its words and its meaning are worth."""
    by_words = {hit.offer: hit for hit in hits}
    perfect = asked.terms.perfect
    ranked = joined([(hit.offer, hit.score) for hit in hits], near, perfect)
    likeness = index.names.likeness(asked.name, np.array([row[0] for row in ranked], np.int64))
    last = hits[-1].text if len(hits) >= DEPTH else 0
    told = []
    for (offer, score, given), alike in zip(ranked, likeness.tolist(), strict=True):
        found = by_words.get(offer)
        text = ((found.text if found else last) + given * FULL_SCORE // perfect) // 2
        confirmed = found is not None and found.confirmed
        told.append(Hit(offer, max(0, min(FULL_SCORE, text)), alike, confirmed, score))
    return tuple(told)


def _hits(
    asked: Query, index: TextIndex, limit: int, documents: NDArray[np.int64], scores: NDArray[np.int64]
) -> tuple[Hit, ...]:
    reach = limit
    while True:
        found = documents >= 0
        owners, first = np.unique(index.owners[documents[found]], return_index=True)
        if owners.size >= limit or reach >= index.owners.size or found.sum() < reach:
            break
        # Several documents of one offer took places; look further.
        reach = min(2 * reach, index.owners.size)
        documents, scores = (side[0] for side in index.postings.search([asked.terms], reach))
    order = np.sort(first)[:limit]
    return _told(asked, index, documents[order], scores[order])


def _told(
    asked: Query, index: TextIndex, documents: NDArray[np.int64], scores: NDArray[np.int64]
) -> tuple[Hit, ...]:
    offers = index.owners[documents]
    # A text's share of a perfect one is told without what the node has added.
    words = scores - asked.terms.bonus * index.names.states(asked.node, offers)
    texts = np.minimum(FULL_SCORE, words * FULL_SCORE // asked.terms.perfect)
    alike = index.names.likeness(asked.name, offers)
    confirmed = documents >= index.size
    columns = (column.tolist() for column in (offers, texts, alike, confirmed, scores))
    return tuple(map(Hit, *columns))


def tag(node: Node) -> str:
    """The token of all lines that state a node; empty where none is stated."""
    return _NODE + "/".join(node) if node else ""


def columns(index: TextIndex) -> dict[str, NDArray[Any]]:
    """Everything in flat arrays, to be stored; ``opened`` makes the index of them again."""
    nodes, nodes_at = strings_at("/".join(node) for node in index.names.nodes)
    words, words_at = strings_at(index.names.words)
    return {
        "owners": index.owners,
        "meanings": index.meanings.vectors.ravel(),
        "meant": index.meanings.owners,
        "size": np.array([index.size]),
        "nodes": nodes,
        "nodes_at": nodes_at,
        "name_words": words,
        "name_words_at": words_at,
        **{f"postings.{name}": column for name, column in index.postings.columns().items()},
        **{f"names.{name}": column for name, column in index.names.arrays.items()},
    }


def opened(held: Mapping[str, NDArray[Any]]) -> TextIndex:
    """The index of stored columns, which it reads where they are. Raises KeyError where one is missing."""
    nodes = tuple(tuple(node.split("/")) for node in strings(held["nodes"], held["nodes_at"]))
    words = strings(held["name_words"], held["name_words_at"])
    arrays = {name: held[f"names.{name}"] for name in ARRAYS}
    names = Names({word: at for at, word in enumerate(words)}, nodes, arrays)
    meant, vectors = held["meant"], held["meanings"]
    meanings = Meanings(meant, vectors.reshape(meant.size, vectors.size // max(1, meant.size)))
    words_of = postings.opened(_part(held, "postings."))
    return TextIndex(int(held["size"][0]), words_of, names, held["owners"], meanings)


def _part(held: Mapping[str, NDArray[Any]], prefix: str) -> dict[str, NDArray[Any]]:
    return {name.removeprefix(prefix): column for name, column in held.items() if name.startswith(prefix)}
