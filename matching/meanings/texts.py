"""Which texts of a line are encoded, and how their vectors make the meaning of the line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from matching.engine.retrieval.meanings import compact
from matching.engine.types import Need, Offer


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """A text as a need asks it (``asked``) or as an offer is found by it."""

    asked: bool
    words: str


Known = Mapping[Text, bytes]


def asked_by(title: str, description: str) -> tuple[Text, ...]:
    """The texts of a need: title and description, which count alike."""
    return tuple(Text(True, words) for words in (title.strip(), description.strip()) if words)


def found_by(title: str, description: str, aliases: Iterable[str] = ()) -> tuple[Text, ...]:
    """The texts of an offer: title and description in one, and each alias."""
    own = f"{title} {description}".strip()
    return tuple(Text(False, words) for words in (own, *aliases) if words)


def of_need(need: Need) -> tuple[Text, ...]:
    """``asked_by`` of a need."""
    return asked_by(need.title, need.description)


def of_offer(offer: Offer) -> tuple[Text, ...]:
    """``found_by`` of an offer."""
    return found_by(offer.title, offer.description, offer.aliases)


def meant(need: Need, known: Known) -> Need:
    """The need with its meaning, as far as that is known."""
    parts = [np.frombuffer(known[text], np.int8) for text in of_need(need) if known.get(text)]
    if not parts:
        return need
    return replace(need, meaning=compact(np.sum(parts, axis=0, dtype=np.int64)))


def offered(offer: Offer, known: Known) -> Offer:
    """The offer with the meanings of its texts, as far as they are known."""
    return replace(offer, meanings=tuple(known[text] for text in of_offer(offer) if known.get(text)))


def of_all(needs: Iterable[Need], offers: Iterable[Offer]) -> list[Text]:
    """The distinct texts of lines, in a fixed order."""
    texts = {text for need in needs for text in of_need(need)}
    return sorted(texts | {text for offer in offers for text in of_offer(offer)})
