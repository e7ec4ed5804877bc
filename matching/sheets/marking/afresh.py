"""Marks in a new workbook with the same cells: for .xls, .ods, .csv and large files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from io import BytesIO
from itertools import count
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from matching.sheets.columns import REMEDIES
from matching.sheets.marking.remarks import (
    AUTHOR,
    FILL,
    HEAD_ROWS,
    MOST_COMMENTS,
    SIZE,
    TITLES,
    Remarks,
    comment,
    in_row,
    remarks,
    title,
)
from matching.sheets.reading.grid import EMPTY_FORMULA, Cell, Grid
from matching.sheets.reading.limits import DEFAULT
from matching.sheets.reading.opening import open_book
from matching.sheets.types import Problem

_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]|^'|'$")
_SHORT = 255
_FIRST_YEAR = 1900
"""Programs count the days of this year differently; they and earlier ones are written as text."""


def marked_afresh(data: bytes, name: str, problems: Sequence[Problem], language: str) -> bytes:
    """A new workbook with the cells of the file and their marks."""
    grids = open_book(data, name, DEFAULT).grids
    found = remarks(problems, [grid.shape.name for grid in grids], language)
    merged = any(grid.shape.merges for grid in grids)
    out = BytesIO()
    # Merged cells are written ahead of their rows, which constant memory does not allow.
    options = {"constant_memory": not merged, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    taken: set[str] = set()
    comments = count(1)
    for grid in grids:
        sheet = book.add_worksheet(_free_name(grid.shape.name, taken))
        _Copy(book, sheet, grid, found[grid.shape.name], language, comments).write()
        if grid.shape.hidden and grid is not grids[0]:
            sheet.hide()
    book.close()
    return out.getvalue()


def _free_name(wanted: str, taken: set[str]) -> str:
    base = _NOT_IN_NAMES.sub(" ", wanted)[:28].strip() or "Sheet1"
    name, number = base, 1
    while name.casefold() in taken:
        number += 1
        name = f"{base} {number}"
    taken.add(name.casefold())
    return name


def _by_row(said: Remarks, grid: Grid) -> dict[int, dict[int, list[str]]]:
    """Texts by row and column; those of merged cells stand at the first of them, which shows."""
    found: dict[int, dict[int, list[str]]] = {}
    for (row, column), texts in said.cells.items():
        found.setdefault(row, {})[column] = texts
    for top, left, bottom, right in grid.shape.merges:
        for row in range(top + 1, bottom + 2):
            for column in [at for at in found.get(row, ()) if left < at <= right + 1]:
                if (row, column) != (top + 1, left + 1):
                    texts = found[row].pop(column)
                    found.setdefault(top + 1, {}).setdefault(left + 1, []).extend(texts)
    return found


class _Copy:
    """One sheet's copy; rows and columns are counted from 1 as people do."""

    def __init__(
        self,
        book: Any,
        sheet: Worksheet,
        grid: Grid,
        said: Remarks,
        language: str,
        comments: Iterator[int],
    ) -> None:
        self.book, self.sheet, self.grid, self.said, self.language = book, sheet, grid, said, language
        self.comments = comments
        self.formats: dict[tuple[str, bool], Format] = {}
        self.faulty = _by_row(said, grid)
        self.ours = {
            column for row in grid.rows[:HEAD_ROWS] for column, value in enumerate(row, 1) if value in TITLES
        }

    def write(self) -> None:
        """All rows in their order, then what is merged or hidden."""
        grid = self.grid
        column = 1 + max((self._width(row) for row in grid.rows), default=0)
        told = bool(self.said.rows or self.said.whole)
        head = self.said.head(grid.rows) if told else 0
        for row in range(1, max(len(grid.rows), head, *self.said.rows) + 1):
            self._row(row)
            if row == head:
                self._text(row, column, title(self.language), faulty=True)
                self._comment(row, column, self.said.about_head(row))
            elif texts := self.said.rows.get(row):
                self._text(row, column, in_row(texts), faulty=False)
            if row - 1 in grid.shape.hidden_rows:
                self.sheet.set_row(row - 1, None, None, {"hidden": True})
        if told:
            self.sheet.set_column(column - 1, column - 1, REMEDIES.width)
        self._merge()
        for hidden in grid.shape.hidden_columns:
            self.sheet.set_column(hidden, hidden, None, None, {"hidden": True})

    def _width(self, row: Sequence[Cell]) -> int:
        """Cells of a row up to the last that holds something and is not ours."""
        return max((at for at, value in enumerate(row, 1) if value != "" and at not in self.ours), default=0)

    def _row(self, row: int) -> None:
        cells = self.grid.rows[row - 1] if row <= len(self.grid.rows) else ()
        faulty = self.faulty.get(row, {})
        for column in range(1, max(len(cells), *faulty, 0) + 1):
            if column not in self.ours:
                value = self.grid.at(row - 1, column - 1)
                self._cell(row, column, value, faulty=column in faulty)
        for column, texts in faulty.items():
            self._comment(row, column, texts)

    def _cell(self, row: int, column: int, value: Cell, *, faulty: bool) -> None:
        place = (row - 1, column - 1)
        shown = self.grid.shape.formats.get(place, "General")
        if value == "":
            value = self.grid.shape.faults.get(place, "").removeprefix(EMPTY_FORMULA)
        match value:
            case bool():
                self.sheet.write_boolean(*place, value, self._format("General", faulty))
            case int() | float():
                self.sheet.write_number(*place, value, self._format(shown, faulty))
            case date() if value.year > _FIRST_YEAR:
                timed = isinstance(value, datetime) and bool(value.hour or value.minute or value.second)
                form = "yyyy-mm-dd hh:mm:ss" if timed else "yyyy-mm-dd"
                self.sheet.write_datetime(*place, value, self._format(form, faulty))
            case "":
                if faulty:
                    self.sheet.write_blank(*place, None, self._format("General", faulty))
            case _:
                self._text(row, column, str(value), faulty=faulty)

    def _text(self, row: int, column: int, text: str, *, faulty: bool) -> None:
        form = "@" if len(text) <= _SHORT else "General"
        self.sheet.write_string(row - 1, column - 1, text, self._format(form, faulty))

    def _comment(self, row: int, column: int, texts: Sequence[str]) -> None:
        if texts and next(self.comments) <= MOST_COMMENTS:
            text = comment(texts, self.language)
            self.sheet.write_comment(row - 1, column - 1, text, {"author": AUTHOR, **SIZE})

    def _format(self, shown: str, faulty: bool) -> Format:
        if (shown, faulty) not in self.formats:
            properties = {"num_format": shown, "text_wrap": shown == "General", "valign": "top"}
            fill = {"bg_color": f"#{FILL}"} if faulty else {}
            self.formats[shown, faulty] = self.book.add_format({**properties, **fill})
        return self.formats[shown, faulty]

    def _merge(self) -> None:
        for first_row, first_column, last_row, last_column in self.grid.shape.merges:
            value = self.grid.at(first_row, first_column)
            faulty = first_column + 1 in self.faulty.get(first_row + 1, {})
            self.sheet.merge_range(
                first_row, first_column, last_row, last_column, "", self._format("@", faulty)
            )
            self._cell(first_row + 1, first_column + 1, value, faulty=faulty)
