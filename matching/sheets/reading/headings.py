"""Headings: which column of a sheet is which column of the list, whatever people call it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from matching.kinds.declaration import Label
from matching.sheets.columns import FIRM, IGNORED, SERIAL
from matching.sheets.reading.values.texts import narrow
from matching.sheets.types import Column

_NOISE = re.compile(r"[\s*:。.、_\-]+")
_BRACKETS = re.compile(r"[(\[【（]([^()\[\]【】（）]*)[)\]】）]")
_NUMBERING = re.compile(r"^(?:[(（]?[0-9]{1,2}[)）.、])")
_PREFIX = re.compile("^(?:需求|供应|采购|供给|配套|拟采购|可供应)的?")
_NEAR = 0.6


def heading_key(text: str) -> str:
    """What two spellings of a heading have in common."""
    return _NOISE.sub("", narrow(text)).casefold()


@dataclass(frozen=True, slots=True)
class Meant:
    """What a heading means: a column, and of a part the column that it belongs to; ``hint`` is the unit in
    its brackets. The smaller ``rank`` is, the more exact the heading."""

    column: Column
    whole: Column
    rank: int
    hint: str = ""

    @property
    def ignored(self) -> bool:
        """Whether it is one of those that our own exports carry beside the list."""
        return self.whole in IGNORED

    @property
    def counts(self) -> bool:
        """Whether it counts the rows."""
        return self.whole is SERIAL

    @property
    def of_firm(self) -> bool:
        """Whether it names the firm."""
        return self.whole in FIRM


class Headings:
    """The headings that are understood."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._known: dict[str, Meant] = {}
        for rank in range(3):
            for column, whole in (*_with_parts(columns), *((each, each) for each in IGNORED)):
                for text in _texts(column, rank):
                    self._known.setdefault(heading_key(text), Meant(column, whole, rank))
        self._labels = {key: meant.column.label for key, meant in self._known.items() if not meant.ignored}

    def meaning(self, text: str) -> Meant | None:
        """What a heading means, or None."""
        if not text or len(text) > 80:
            return None
        found = self._known.get(heading_key(text))
        if found is not None:
            return found
        bare = _NUMBERING.sub("", narrow(text).strip())
        hints = [hint.strip() for hint in _BRACKETS.findall(bare)]
        key = heading_key(_BRACKETS.sub("", bare))
        found = self._known.get(key) or self._known.get(_PREFIX.sub("", key))
        if found is None:
            return None
        return Meant(found.column, found.whole, found.rank + 3, hints[0] if hints else "")

    def near(self, text: str) -> Label | None:
        """The label of the column that an unknown heading resembles most."""
        key = heading_key(_BRACKETS.sub("", narrow(text)))[:40]
        close = difflib.get_close_matches(key, list(self._labels), 1, _NEAR)
        return self._labels[close[0]] if close else None


def _with_parts(columns: Iterable[Column]) -> Iterator[tuple[Column, Column]]:
    for column in columns:
        yield column, column
        for part in column.parts:
            yield part, column


def _texts(column: Column, rank: int) -> tuple[str, ...]:
    return ((column.label.zh, column.label.en), (column.name,), column.aliases)[rank]
