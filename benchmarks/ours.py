"""What the product ranks first for labelled data: text → need and offer → hits, as runs retrieve them.

It stops at the ranking by words. What a run lists is narrower: it also asks for the same product, the
conditions and the policy's lowest score.
"""

from __future__ import annotations

from benchmarks import vectors
from benchmarks.folders import Folder, Line
from benchmarks.metrics import DEEP_CUT
from benchmarks.truth import glossary
from matching.engine import retrieval
from matching.engine.text import index_glossary
from matching.engine.types import Need, Offer
from matching.meanings import texts
from matching.meanings.encoders import Encoder

CHAIN = ""
Scored = dict[str, list[tuple[str, int]]]


def hits(folder: Folder, *, confirmed: bool, encoder: Encoder | None = None, limit: int = DEEP_CUT) -> Scored:
    """Demand → supplies with the sum that ranks them, best first; the shared part of the shipped glossary.

    ``encoder`` adds what the texts mean.
    """
    words = index_glossary(glossary(CHAIN))
    offers = [
        as_offer(line, folder.confirmed.get(line.key, ()) if confirmed else ()) for line in folder.supplies
    ]
    needs = [as_need(line) for line in folder.demands]
    if encoder is not None:
        known = vectors.known(encoder, texts.of_all(needs, offers))
        needs = [texts.meant(need, known) for need in needs]
        offers = [texts.offered(offer, known) for offer in offers]
    index = retrieval.build(offers, words)
    found = retrieval.search_all(retrieval.queries(needs, index, words), index, limit)
    return {
        need.key: [(offers[hit.offer].key, hit.score) for hit in best]
        for need, best in zip(needs, found, strict=True)
    }


def as_need(line: Line) -> Need:
    """A labelled demand as the engine sees a demand line that states nothing but text."""
    return Need(key=line.key, firm="demand", chain=CHAIN, node=(), title=line.title, description=line.body)


def as_offer(line: Line, aliases: tuple[str, ...]) -> Offer:
    """A labelled supply as the engine sees a supply line that states nothing but text."""
    return Offer(
        key=line.key,
        firm="supply",
        chain=CHAIN,
        node=(),
        title=line.title,
        description=line.body,
        aliases=aliases,
    )
