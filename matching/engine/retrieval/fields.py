"""What a line says, as tokens of a title and of a body."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from typing import Protocol

from matching.engine.retrieval.profiles import Document
from matching.engine.retrieval.statistics import PART
from matching.engine.text import GlossaryIndex, standard_key, tokens
from matching.engine.types import Need

_RUN = re.compile("[a-z0-9]{4,}")
_GRAM = 3
_REMEMBERED = 1 << 15


class Worded(Protocol):
    """What lists words: a property of an offer."""

    @property
    def values(self) -> tuple[str, ...]:
        """The words, none where it is a number."""


class Said(Protocol):
    """What the index reads of an offer: all that it says in words, and its node."""

    @property
    def node(self) -> tuple[str, ...]:
        """Its place in the chain, empty where it states none."""

    @property
    def title(self) -> str:
        """The product."""

    @property
    def description(self) -> str:
        """Free text."""

    @property
    def standards(self) -> tuple[str, ...]:
        """Names of standards."""

    @property
    def properties(self) -> Sequence[Worded]:
        """What it states of its parameters."""

    @property
    def aliases(self) -> tuple[str, ...]:
        """Texts of needs for which it was confirmed."""

    @property
    def meanings(self) -> tuple[bytes, ...]:
        """Vectors of its texts, in any number."""


def of_need(need: Need, glossary: GlossaryIndex) -> Document:
    """The body holds the description, words of requirements and standards."""
    words = (word for requirement in need.requirements for word in requirement.values)
    body = searched(" ; ".join((need.description, *words)), glossary)
    return searched(need.title, glossary), body + [standard_key(name) for name in need.standards]


def of_offers(offers: Iterable[Said], glossary: GlossaryIndex) -> Iterator[Document]:
    """The body holds the description, words of properties and standards; many firms say the same there."""
    body_of = lru_cache(_REMEMBERED)(partial(searched, glossary=glossary))
    for offer in offers:
        words = (word for stated in offer.properties for word in stated.values)
        body = body_of(" ; ".join((offer.description, *words)))
        yield searched(offer.title, glossary), body + [standard_key(name) for name in offer.standards]


def of_aliases(offer: Said, glossary: GlossaryIndex) -> Iterator[Document]:
    """One document for each confirmed need, with the offer's own title for a body."""
    title = searched(offer.title, glossary) if offer.aliases else []
    for alias in offer.aliases:
        yield searched(alias, glossary), title


def searched(text: str, glossary: GlossaryIndex) -> list[str]:
    """The tokens of a text, and the three-character parts of its longer Latin runs."""
    found = tokens(text, glossary)
    runs = dict.fromkeys(run for token in found for run in _RUN.findall(token))
    found += [PART + run[at : at + _GRAM] for run in runs for at in range(len(run) - _GRAM + 1)]
    return found
