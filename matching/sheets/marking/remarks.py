"""What is said where: problems by sheet, row and cell, in one language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from matching.sheets.columns import REMEDIES
from matching.sheets.types import Problem

FILL = "FFCDD2"
"""Colour of a marked cell; only marks have exactly this one."""

MOST_COMMENTS = 5_000
"""Comments in one workbook: with more, it opens slowly. Fills and the column have no such limit."""

HEAD_ROWS = 60
"""Rows at the top of a sheet among which the headings are looked for."""

TITLES = (REMEDIES.label.zh, REMEDIES.label.en)
AUTHOR = "ChainMatch"
SIZE = {"width": 280, "height": 110}
"""Of a comment, in pixels."""

_MOST_TEXT = 32_000
_CELL = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")


@dataclass
class Remarks:
    """Texts for one sheet; rows and columns are counted from 1."""

    cells: dict[tuple[int, int], list[str]] = field(default_factory=dict)
    rows: dict[int, list[str]] = field(default_factory=dict)
    whole: list[str] = field(default_factory=list)

    def head(self, rows: Iterable[Sequence[object]]) -> int:
        """Where the headings probably are, from 1: the most words above the first faulty cell."""
        before = min((row for row, _column in self.cells), default=HEAD_ROWS)
        best, most = 1, 0
        for number, row in enumerate(rows, 1):
            if number > HEAD_ROWS or (most and number >= before):
                break
            words = sum(1 for value in row if isinstance(value, str) and value.strip())
            if words > most:
                best, most = number, words
        return best

    def about_head(self, head: int) -> list[str]:
        """What is said of the sheet and of its headings, for the heading of the column of remedies."""
        return [*self.whole, *self.rows.get(head, ())]


def remarks(problems: Iterable[Problem], sheets: Sequence[str], language: str) -> dict[str, Remarks]:
    """Texts by sheet; what names no sheet, or one that is not there, goes to the first."""
    found = {name: Remarks() for name in sheets}
    for problem in problems:
        sheet = found[problem.sheet if problem.sheet in found else sheets[0]]
        text = f"{problem.message.text(language)} {problem.remedy.text(language)}".strip()
        place = _place(problem.cell)
        if place is not None:
            sheet.cells.setdefault(place, []).append(text)
        row = problem.row or (place[0] if place else None)
        if row is None:
            sheet.whole.append(text)
        else:
            sheet.rows.setdefault(row, []).append(f"{problem.cell}: {text}" if problem.cell else text)
    return found


def in_row(texts: Iterable[str]) -> str:
    """What the column of remedies says of a row."""
    return "\n".join(texts)[:_MOST_TEXT]


def comment(texts: Iterable[str], language: str) -> str:
    """Text of a comment; its first line tells it from other people's comments."""
    return "\n".join([title(language), *texts])


def title(language: str) -> str:
    """Heading of the column of remedies."""
    return REMEDIES.label.text(language)


def is_ours(text: str) -> bool:
    """Whether a comment is a mark."""
    return text.startswith(TITLES)


def _place(address: str) -> tuple[int, int] | None:
    match = _CELL.fullmatch(address)
    if match is None:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column
