"""What a line says, as tokens of a title and of a body."""

from __future__ import annotations

import re
from collections.abc import Iterator

from matching.engine.retrieval.profiles import Document
from matching.engine.retrieval.statistics import PART
from matching.engine.text import GlossaryIndex, standard_key, tokens
from matching.engine.types import Need, Offer

_RUN = re.compile("[a-z0-9]{4,}")
_GRAM = 3


def of_need(need: Need, glossary: GlossaryIndex) -> Document:
    """The body holds the description, words of requirements and standards."""
    words = (word for requirement in need.requirements for word in requirement.values)
    body = searched(" ; ".join((need.description, *words)), glossary)
    return searched(need.title, glossary), body + [standard_key(name) for name in need.standards]


def of_offer(offer: Offer, glossary: GlossaryIndex) -> Document:
    """The body holds the description, words of properties and standards."""
    words = (word for stated in offer.properties for word in stated.values)
    body = searched(" ; ".join((offer.description, *words)), glossary)
    return searched(offer.title, glossary), body + [standard_key(name) for name in offer.standards]


def of_aliases(offer: Offer, glossary: GlossaryIndex) -> Iterator[Document]:
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
