"""Several words in one cell: ``GB/T 1591-2018、GB/T 700``."""

from __future__ import annotations

import re
from collections.abc import Iterable

from matching.sheets.specified.quoting import QUOTED, quoted, unquoted

_WORD = re.compile(
    rf"\s*(?:(?P<quoted>{QUOTED})\s*(?=[,，、;；\n\r]|\Z)|(?P<bare>[^,，、;；\n\r]*))(?:[,，、;；\n\r]|\Z)"
)
_AWKWARD = re.compile(r'^\s|\s$|[,，、;；\n\r]|^"|^$')


def write_words(words: Iterable[str]) -> str:
    """The words parted by 、, in quotes where a separator stands inside."""
    return "、".join(quoted(word) if _AWKWARD.search(word) else word for word in words)


def read_words(text: str) -> list[str]:
    """The words of a cell, each once, in their order."""
    found: list[str] = []
    at = 0
    while at < len(text) and (match := _WORD.match(text, at)):
        word = unquoted(match["quoted"]) if match["quoted"] else match["bare"].strip()
        if word:
            found.append(word)
        at = match.end()
    return list(dict.fromkeys(found))
