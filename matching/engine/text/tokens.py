"""The words by which lines are searched."""

from __future__ import annotations

import re

from matching.engine.text.glossary import GlossaryIndex, replace_spans
from matching.engine.text.normal import CJK, normalise
from matching.engine.text.standards import STANDARD, standard_name

_LATIN = rf"(?:(?![{CJK}])[^\W_])+"
_PIECE = re.compile(rf"(?P<cjk>[{CJK}]+)|(?P<run>{_LATIN}(?:[-./×_+]{_LATIN})*#?)")
_SEPARATOR = re.compile(r"[-/×_+#]|\.(?![0-9])|(?<![0-9])\.")
_LETTERS_OR_DIGITS = re.compile(r"[0-9]+(?:\.[0-9]+)?|[^\W0-9_]+")


def tokens(text: str, glossary: GlossaryIndex) -> list[str]:
    """Words to search by: CJK uni- and bigrams, Latin runs whole and in parts, standards, synonyms.

    Every word of a synonym group yields the same tokens, so texts that differ only in them are equal.
    """
    found: list[str] = []

    def take(match: re.Match[str]) -> str:
        found.append(standard_name(match))
        return " "

    rest = STANDARD.sub(take, normalise(text))
    rest = _replace_synonyms(rest, glossary, found)
    for piece in _PIECE.finditer(rest):
        if piece.lastgroup == "cjk":
            characters = piece.group()
            found.extend(characters)
            found.extend(characters[at : at + 2] for at in range(len(characters) - 1))
        else:
            found.extend(_run_tokens(piece.group()))
    return found


def _replace_synonyms(text: str, glossary: GlossaryIndex, found: list[str]) -> str:
    def take(word: str) -> str:
        found.append(word)
        return word if not word.isascii() else " "

    return replace_spans(text, glossary, take)


def _run_tokens(run: str) -> list[str]:
    parts = [part for part in _SEPARATOR.split(run) if len(part) > 1]
    fine = [small for part in parts for small in _LETTERS_OR_DIGITS.findall(part) if len(small) > 1]
    return [run, *dict.fromkeys(part for part in (*parts, *fine) if part != run)]
