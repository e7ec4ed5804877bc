"""Candidates by BM25 over an inverted index, in integers so that every machine finds the same.

Tokens that stand in very many offers score but do not retrieve: they cost time and find nothing.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matching.engine.text import GlossaryIndex, standard_key, tokens
from matching.engine.titles import plain_name
from matching.engine.types import FULL_SCORE, Need, Offer

K1 = 1.2
B = 0.5
TITLE, STANDARD, BODY, NODE = 10, 7, 3, 5
"""Weights of the fields, in tenths of the title's."""

_IMPACT = 1_000
_RARE_AT_LEAST = 50
_FREQUENT_SHARE = 0.1
_CLEAR_SHARE, _CLEAR_LEAD = 40, 150
"""Percent of a name's weight that its node must hold, and percent of the next node's share."""
_NO_WORDS = GlossaryIndex()


@dataclass(frozen=True, slots=True)
class Hit:
    """An offer found for a need: position in the index, text score in basis points, shared words.

    ``likeness`` is how far the two names consist of the same words, in basis points.
    """

    offer: int
    text: int
    shared: tuple[str, ...]
    likeness: int = 0


@dataclass(frozen=True, slots=True)
class TextIndex:
    """Inverted index of one chain's offers; ``impacts`` are BM25 weights times 1,000, rounded.

    ``usage`` counts, for each word of names, the offers of each node that use it.
    """

    size: int
    postings: Mapping[str, tuple[NDArray[np.int64], NDArray[np.int64]]]
    nodes: Mapping[str, tuple[int, ...]]
    names: tuple[frozenset[str], ...] = ()
    usage: Mapping[str, Mapping[tuple[str, ...], int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Query:
    """A need's tokens with the weight of their field, and the score of a title found whole.

    ``title`` holds the title's tokens in their order, to tell shared words as they were written.
    """

    weights: tuple[tuple[str, int], ...]
    node: str
    perfect: int
    title: tuple[str, ...]
    name: frozenset[str] = frozenset()


def build(offers: Sequence[Offer], glossary: GlossaryIndex) -> TextIndex:
    """Index offers in the given order; positions in hits refer to it."""
    counts = [_offer_counts(offer, glossary) for offer in offers]
    nodes: dict[str, list[int]] = {}
    for position, offer in enumerate(offers):
        if offer.node:
            nodes.setdefault(_node_token(offer.node), []).append(position)
    lengths = [sum(count.values()) for count in counts]
    average = max(1.0, sum(lengths) / max(1, len(lengths)))
    found: dict[str, tuple[list[int], list[int]]] = {}
    for position, count in enumerate(counts):
        for token, weight in count.items():
            positions, weights = found.setdefault(token, ([], []))
            positions.append(position)
            weights.append(weight)
    size = len(counts)
    norms = [K1 * (1 - B + B * length / average) for length in lengths]
    postings = {}
    for token, (positions, weights) in found.items():
        unit = _idf(size, len(positions)) * (K1 + 1) * _IMPACT
        impacts = [
            round(unit * (weight / TITLE) / (weight / TITLE + norms[position]))
            for position, weight in zip(positions, weights, strict=True)
        ]
        postings[token] = (np.array(positions, dtype=np.int64), np.array(impacts, dtype=np.int64))
    names = tuple(name_words(plain_name(offer.title, glossary)) for offer in offers)
    held = {code: tuple(positions) for code, positions in nodes.items()}
    return TextIndex(size, postings, held, names, _usage(offers, names))


def name_words(name: str) -> frozenset[str]:
    """The words of a plain name that tell it from others; single characters tell too little."""
    return frozenset(token for token in tokens(name, _NO_WORDS) if len(token) > 1) or frozenset({name})


def node_of(name: frozenset[str], index: TextIndex) -> tuple[str, ...]:
    """The node under which the chain's offers use the words of a name; empty where that is not clear.

    Firms leave the node out or take a neighbouring one; how all of them name what they file there
    tells better.
    """
    votes: Counter[tuple[str, ...]] = Counter()
    total = 0
    for word in sorted(name):
        weight = _unit(word, index)
        total += weight
        used = index.usage.get(word, {})
        holders = sum(used.values())
        for node, times in used.items():
            votes[node] += weight * times * _IMPACT // holders
    ranked = sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))[:2]
    if not ranked or ranked[0][1] * 100 < total * _IMPACT * _CLEAR_SHARE:
        return ()
    if len(ranked) > 1 and ranked[0][1] * 100 < ranked[1][1] * _CLEAR_LEAD:
        return ()
    return ranked[0][0]


def _usage(
    offers: Sequence[Offer], names: Sequence[frozenset[str]]
) -> Mapping[str, Mapping[tuple[str, ...], int]]:
    usage: dict[str, Counter[tuple[str, ...]]] = {}
    for offer, name in zip(offers, names, strict=True):
        if offer.node:
            for word in name:
                usage.setdefault(word, Counter())[offer.node] += 1
    return usage


def _likeness(one: frozenset[str], other: frozenset[str], index: TextIndex) -> int:
    shared = 2 * sum(_unit(word, index) for word in one & other)
    both = sum(_unit(word, index) for name in (one, other) for word in name)
    return shared * FULL_SCORE // max(1, both)


def query(need: Need, index: TextIndex, glossary: GlossaryIndex) -> Query:
    """What to look for; a token counts once, by its strongest field."""
    title = tokens(need.title, glossary)
    weights = dict.fromkeys(tokens(_need_body(need), glossary), BODY)
    weights.update(dict.fromkeys((standard_key(standard) for standard in need.standards), STANDARD))
    weights.update(dict.fromkeys(title, TITLE))
    perfect = sum(_unit(token, index) for token in set(title)) * TITLE
    node = _node_token(need.node) if need.node else ""
    name = name_words(plain_name(need.title, glossary))
    return Query(tuple(sorted(weights.items())), node, perfect, tuple(title), name)


def search(asked: Query, index: TextIndex, limit: int) -> tuple[Hit, ...]:
    """The ``limit`` best offers, best first, ties by position; same-node offers are always seen."""
    if index.size == 0 or limit <= 0:
        return ()
    scores = np.zeros(index.size, dtype=np.int64)
    seen = np.zeros(index.size, dtype=np.bool_)
    present = [(token, weight) for token, weight in asked.weights if token in index.postings]
    retrieving = _retrieving(present, index)
    for token, weight in present:
        positions, impacts = index.postings[token]
        scores[positions] += impacts * weight
        if token in retrieving:
            seen[positions] = True
    ranks = scores.copy()
    same_node = np.array(index.nodes.get(asked.node, ()), dtype=np.int64)
    if same_node.size:
        seen[same_node] = True
        ranks[same_node] += max(1, asked.perfect * NODE // (2 * TITLE))
    found = np.flatnonzero(seen)
    best = found[np.lexsort((found, -ranks[found]))][:limit]
    perfect = max(1, asked.perfect)
    texts = (min(FULL_SCORE, int(scores[at]) * FULL_SCORE // perfect) for at in best)
    pairs = zip(best.tolist(), texts, strict=True)
    return tuple(
        Hit(
            at,
            text,
            _shared(at, asked, present, index),
            _likeness(asked.name, index.names[at], index) if index.names else 0,
        )
        for at, text in pairs
    )


def _need_body(need: Need) -> str:
    words = (word for requirement in need.requirements for word in requirement.values)
    return " ; ".join((need.description, *words))


def _offer_counts(offer: Offer, glossary: GlossaryIndex) -> Counter[str]:
    counts: Counter[str] = Counter()
    for token in tokens(offer.title, glossary):
        counts[token] += TITLE
    for standard in {standard_key(standard) for standard in offer.standards}:
        counts[standard] += STANDARD
    words = (word for stated in offer.properties for word in stated.values)
    for token in tokens(" ; ".join((offer.description, *words)), glossary):
        counts[token] += BODY
    return counts


def _node_token(node: tuple[str, ...]) -> str:
    return "/".join(node)


def _idf(size: int, holders: int) -> float:
    return math.log(1 + (size - holders + 0.5) / (holders + 0.5))


def _unit(token: str, index: TextIndex) -> int:
    """Impact of a token found once in an offer of average length; an unseen one counts as rare."""
    held = index.postings.get(token)
    return round(_idf(index.size, len(held[0]) if held else min(1, index.size)) * _IMPACT)


def _retrieving(present: list[tuple[str, int]], index: TextIndex) -> frozenset[str]:
    frequent = max(_RARE_AT_LEAST, int(index.size * _FREQUENT_SHARE))
    by_rarity = sorted((len(index.postings[token][0]), token) for token, _ in present)
    rare = [token for holders, token in by_rarity if holders <= frequent]
    return frozenset(rare or [token for _, token in by_rarity[:3]])


def _shared(position: int, asked: Query, present: list[tuple[str, int]], index: TextIndex) -> tuple[str, ...]:
    """The shared words that brought most; neighbouring bigrams of the title are told as one word."""
    earned: dict[str, int] = {}
    for token, weight in present:
        positions, impacts = index.postings[token]
        at = int(np.searchsorted(positions, position))
        if len(token) > 1 and at < len(positions) and positions[at] == position:
            earned[token] = int(impacts[at]) * weight
    joined = _join_bigrams(asked.title, earned)
    whole = [word for word in joined if not any(word != other and word in other for other in joined)]
    return tuple(sorted(whole, key=lambda word: (-joined[word], word))[:5])


def _join_bigrams(title: tuple[str, ...], earned: Mapping[str, int]) -> dict[str, int]:
    joined = dict(earned)
    word, worth, previous = "", 0, ""
    for token in (*title, ""):
        bigram = len(token) == 2 and not token.isascii() and token in earned
        if bigram and word and previous[1:] == token[0]:
            word, worth = word + token[1], worth + earned[token]
        else:
            if len(word) > 2:
                joined[word] = worth
            word, worth = (token, earned[token]) if bigram else ("", 0)
        previous = token
    return joined
