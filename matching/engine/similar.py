"""Titles like one that is being typed: a list's titles and their text index as one run of bytes.

Only titles and places in the chain are searched. Whoever types could otherwise guess, word by word, what
other firms wrote in their descriptions; and the needs that were confirmed for an offer are no part of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

import numpy as np

from matching.engine import artefact, retrieval, wire
from matching.engine.retrieval.index import columns, opened
from matching.engine.retrieval.names import Node
from matching.engine.text import GlossaryIndex, index_glossary
from matching.engine.titles import another_kind, plain_name
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
    """A line by its id, its title and its place in the chain."""

    key: UUID
    title: str
    node: Node


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
    """The titles of a list, ready to be searched."""

    def __init__(self, data: memoryview) -> None:
        held = artefact.unsealed(data)
        self._keys = held.pop("keys")
        self._glossary: GlossaryIndex = index_glossary(wire.decode(held.pop("glossary").tobytes(), Glossary))
        self._index = opened(held)

    def closest(self, typed: Typed, policy: Policy) -> tuple[Near, ...]:
        """Lines whose titles are similar, the closest first; none for less than two characters."""
        if len(typed.title.strip()) < LEAST_TYPED:
            return ()
        asked = Need("", "", "", typed.node, typed.title, typed.description)
        name = plain_name(typed.title, self._glossary)
        query = retrieval.query(asked, self._index, self._glossary)
        hits = retrieval.search(query, self._index, _SEARCHED)
        return tuple(
            Near(self._key(hit.offer), _closeness(hit.text))
            for hit in hits
            if hit.text >= policy.minimum_text and not another_kind(name, self._index.names.name(hit.offer))
        )

    def _key(self, position: int) -> UUID:
        return UUID(bytes=self._keys[position * _KEY : (position + 1) * _KEY].tobytes())


def build(lines: Sequence[Titled], glossary: Glossary) -> Iterator[bytes | memoryview]:
    """The bytes to write, from which ``Titles`` reads."""
    offers = [Offer("", "", "", line.node, line.title) for line in lines]
    index = retrieval.build(offers, index_glossary(glossary))
    keys = np.frombuffer(b"".join(line.key.bytes for line in lines), np.uint8)
    words = np.frombuffer(wire.encode(glossary), np.uint8)
    return artefact.sealed(columns(index) | {"keys": keys, "glossary": words})


def _closeness(text: int) -> Closeness:
    if text >= _VERY_SIMILAR:
        return Closeness.VERY_SIMILAR
    return Closeness.SIMILAR if text >= _SIMILAR else Closeness.RELATED
