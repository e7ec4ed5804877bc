"""The words by which lines are searched."""

from __future__ import annotations

import re
from functools import lru_cache
from operator import add

from matching.engine.text.glossary import GlossaryIndex, replace_spans
from matching.engine.text.normal import CJK, normalise
from matching.engine.text.standards import STANDARD, names_standard, standard_name

_LATIN = rf"[^\W_{CJK}]+"
PIECE = re.compile(rf"(?P<cjk>[{CJK}]+)|(?P<run>{_LATIN}(?:[-./×_+]{_LATIN})*#?)")
"""Chinese characters in a row, or a Latin run with what joins its parts."""
_SEPARATOR = re.compile(r"[-/×_+#]|\.(?![0-9])|(?<![0-9])\.")
_LETTERS_OR_DIGITS = re.compile(r"[0-9]+(?:\.[0-9]+)?|[^\W0-9_]+")


def tokens(text: str, glossary: GlossaryIndex) -> list[str]:
    """Words to search by: CJK uni- and bigrams, Latin runs whole and in parts, standards, synonyms.

    Every word of a synonym group yields the same tokens, so texts that differ only in them are equal.
    """
    found: list[str] = []
    rest = _replace_synonyms(_without_standards(normalise(text), found), glossary, found)
    for characters, run in PIECE.findall(rest):
        if run:
            found += run_tokens(run)
        else:
            found += characters
            found += map(add, characters, characters[1:])
    return found


def _without_standards(text: str, found: list[str]) -> str:
    def take(match: re.Match[str]) -> str:
        found.append(standard_name(match))
        return " "

    return STANDARD.sub(take, text) if names_standard(text) else text


def _replace_synonyms(text: str, glossary: GlossaryIndex, found: list[str]) -> str:
    def take(word: str) -> str:
        found.append(word)
        return word if not word.isascii() else " "

    return replace_spans(text, glossary, take)


@lru_cache(maxsize=65_536)
def run_tokens(run: str) -> tuple[str, ...]:
    """A Latin run whole, then its parts."""
    parts = [part for part in _SEPARATOR.split(run) if len(part) > 1]
    fine = [small for part in parts for small in _LETTERS_OR_DIGITS.findall(part) if len(small) > 1]
    return (run, *dict.fromkeys(part for part in (*parts, *fine) if part != run))
