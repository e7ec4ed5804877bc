"""A sheet as cells: what every kind of file is brought to before anything is understood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache

Cell = str | int | float | bool | date | datetime | time | timedelta
"""What a cell holds; an empty one holds ``""``. ``datetime`` is a ``date`` too."""

Range = tuple[int, int, int, int]
"""First row, first column, last row, last column; counted from 0, ends included."""

EMPTY_FORMULA = "="
"""Stands in ``Shape.faults`` for a formula that was never calculated; other faults are error texts."""


@dataclass(slots=True)
class Shape:
    """What a file says about a sheet beside the values; rows and columns are counted from 0."""

    name: str
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    """Number formats by cell, where a value reads otherwise without them: ``0000``, ``0%``."""
    merges: list[Range] = field(default_factory=list)
    cells: int = 0
    filled_rows: int = 0
    last_row: int = -1
    last_column: int = -1


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet's rows from the first on; rows may be shorter than others."""

    shape: Shape
    rows: Sequence[Sequence[Cell]]

    def at(self, row: int, column: int) -> Cell:
        """The value of a cell, empty outside the rows."""
        cells = self.rows[row] if 0 <= row < len(self.rows) else ()
        return cells[column] if 0 <= column < len(cells) else ""


@dataclass(frozen=True, slots=True)
class Book:
    """The sheets of a file; ``told`` are notices about the file: code and facts."""

    grids: tuple[Grid, ...]
    told: tuple[tuple[str, Mapping[str, object]], ...] = ()


def address(row: int, column: int) -> str:
    """``C7`` for row 6 and column 2."""
    return f"{letters(column)}{row + 1}"


@lru_cache(maxsize=512)
def letters(column: int) -> str:
    """``C`` for column 2."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_number(text: str) -> int:
    """2 for ``C``; -1 for what is no column."""
    number = 0
    for sign in text.upper():
        if not "A" <= sign <= "Z" or number > 100_000:
            return -1
        number = number * 26 + ord(sign) - 64
    return number - 1
