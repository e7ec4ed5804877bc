"""Titles like one that is being typed: a list's titles and their text index as one run of bytes.

Only places in the chain and common words of titles are searched. Whoever types could otherwise guess, word
by word, the brands and model numbers of other firms, or what they wrote in their descriptions; and the
needs that were confirmed for an offer are no part of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

import numpy as np

from matching.engine import artefact, retrieval, wire
from matching.engine.common_words import common, reduced
from matching.engine.retrieval.index import columns, opened
from matching.engine.retrieval.names import Node
from matching.engine.text import GlossaryIndex, index_glossary
from matching.engine.titles import KIND_WORDS, another_kind, plain_name
from matching.engine.types import Glossary, Need, Offer, Policy

LEAST_TYPED = 2
"""Characters that say something."""
_KEY = 16
_VERY_SIMILAR, _SIMILAR = 7_000, 4_500
_SEARCHED = 100


class Closeness(StrEnum):
    """All that is told of a score."""

    VERY_SIMILAR = "very_similar"
    SIMILAR = "similar"
    RELATED = "related"


class Titled(NamedTuple):
    """A line by its id, its title, its place in the chain and the firm that wrote it."""

    key: UUID
    title: str
    node: Node
    firm: UUID


class Typed(NamedTuple):
    """What somebody has typed so far."""

    title: str
    description: str
    node: Node


class Near(NamedTuple):
    """A line that was found."""

    key: UUID
    closeness: Closeness


class Titles:
    """The titles of a list, ready to be searched. Raises ``Damaged``."""

    def __init__(self, data: memoryview) -> None:
        with artefact.reading():
            held = artefact.unsealed(data)
            self._keys = held.pop("keys")
            taught = wire.decode(held.pop("glossary").tobytes(), Glossary)
            self._glossary: GlossaryIndex = index_glossary(taught)
            self._words = frozenset(held.pop("common").tobytes().decode().split("\n"))
            self._index = opened(held)

    def closest(self, typed: Typed, policy: Policy) -> tuple[Near, ...]:
        """Lines whose titles are similar, the closest first; none for less than two characters."""
        if len(typed.title.strip()) < LEAST_TYPED:
            return ()
        title, description = (reduced(text, self._words) for text in (typed.title, typed.description))
        asked = Need("", "", "", typed.node, title, description)
        name = plain_name(title, self._glossary)
        query = retrieval.query(asked, self._index, self._glossary)
        hits = retrieval.search(query, self._index, _SEARCHED)
        return tuple(
            Near(self._key(hit.offer), _closeness(hit.text))
            for hit in hits
            if hit.text >= policy.minimum_text and not another_kind(name, self._index.names.name(hit.offer))
        )

    def _key(self, position: int) -> UUID:
        return UUID(bytes=self._keys[position * _KEY : (position + 1) * _KEY].tobytes())


def build(
    lines: Sequence[Titled], glossary: Glossary, public: Collection[str]
) -> Iterator[bytes | memoryview]:
    """The bytes to write, from which ``Titles`` reads.

    ``public``: names that everybody knows, such as those of the chain's nodes. A word of a title is searched
    where several firms use it, or where it is one of theirs or the glossary's.
    """
    known = index_glossary(glossary)
    words = common(((line.firm, line.title) for line in lines), (*public, *KIND_WORDS, *known.canonical))
    offers = [Offer("", "", "", line.node, reduced(line.title, words)) for line in lines]
    return artefact.sealed(
        columns(retrieval.build(offers, known))
        | {
            "keys": np.frombuffer(b"".join(line.key.bytes for line in lines), np.uint8),
            "glossary": np.frombuffer(wire.encode(glossary), np.uint8),
            "common": np.frombuffer("\n".join(sorted(words)).encode(), np.uint8),
        }
    )


def _closeness(text: int) -> Closeness:
    if text >= _VERY_SIMILAR:
        return Closeness.VERY_SIMILAR
    return Closeness.SIMILAR if text >= _SIMILAR else Closeness.RELATED
