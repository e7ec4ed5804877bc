"""Titles cut down to words that give nobody away: those that several firms use, and those that are public.

Whoever may ask about titles as often as they like could else guess a brand or a model number part by part:
a word that only one or two firms use answers differently from one that nobody uses.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from itertools import pairwise
from operator import add
from typing import TypeVar

from matching.engine.text import normalise
from matching.engine.text.tokens import PIECE, run_tokens

FIRMS = 3
"""So many firms must use a word for it to be common."""
_CUT = ";"
F = TypeVar("F")


def common(titles: Iterable[tuple[F, str]], public: Iterable[str]) -> frozenset[str]:
    """The words of public texts, and those that titles of at least ``FIRMS`` firms hold.

    ``titles``: each with the firm that wrote it. A word is a pair of neighbouring Chinese characters, a
    Latin run or a part of one.
    """
    users: defaultdict[str, set[F]] = defaultdict(set)
    for firm, title in titles:
        for word in _words(title):
            if len(users[word]) < FIRMS:
                users[word].add(firm)
    shared = {word for word, firms in users.items() if len(firms) >= FIRMS}
    return frozenset(shared.union(*map(_words, public)))


def reduced(text: str, words: Collection[str]) -> str:
    """The text in normal form without whatever is not among the words; what is cut leaves a gap."""

    def take(found: re.Match[str]) -> str:
        return _characters(found["cjk"], words) if found["cjk"] else _run(found["run"], words)

    return PIECE.sub(take, normalise(text)).strip(f" {_CUT}")


def _words(text: str) -> set[str]:
    found: set[str] = set()
    for characters, run in PIECE.findall(normalise(text)):
        found.update(run_tokens(run) if run else map(add, characters, characters[1:]))
    return found


def _characters(characters: str, words: Collection[str]) -> str:
    """Single characters are cut as well: 长 and 江 are in many titles, and still tell 长江 from 黄河."""
    chunks = [characters[:1]]
    for before, after in pairwise(characters):
        if before + after in words:
            chunks[-1] += after
        else:
            chunks.append(after)
    return _CUT.join(chunk if len(chunk) > 1 else _CUT for chunk in chunks)


def _run(run: str, words: Collection[str]) -> str:
    if run in words:
        return run
    kept: list[str] = []
    for part in run_tokens(run)[1:]:
        if part in words and not any(part in longer for longer in kept):
            kept.append(part)
    return _CUT.join(("", *kept, "")) if kept else _CUT
