"""How a list looks as a workbook: title, headings with notes, formats, drop-downs, print set-up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from matching.kinds.declaration import Label
from matching.sheets.book import Book, properties_of
from matching.sheets.cells import Cell, cells
from matching.sheets.choosing import Choosing
from matching.sheets.columns import LISTS, REQUIRED_MARK, flat
from matching.sheets.naming import Names
from matching.sheets.types import Column, Vocabulary

HEADER_ROW = 1
FIRST_ROW = 2
LAST_RULED_ROW = 20_001
"""Drop-downs reach this row (counted from 0); further rows are read all the same."""
_A4 = 9
_REQUIRED = Label("必填。", "Required. ")
_FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\']")


def heading(column: Column, language: str) -> str:
    """A column's heading, marked where it is required."""
    return column.label.text(language) + (REQUIRED_MARK if column.required else "")


def sheet_name(title: Label, language: str) -> str:
    """A title as the name of a sheet."""
    return _FORBIDDEN_IN_NAMES.sub(" ", title.text(language))[:31].strip() or "Sheet"


@dataclass
class ListSheet:
    """The sheet of a list in a book."""

    book: Book
    sheet: Worksheet
    columns: Sequence[Column]
    names: Names
    _row: int = FIRST_ROW

    def add(self, values: Mapping[str, Any]) -> None:
        """One more line."""
        self.add_cells(cells(self.columns, values, self.names, self.book.language))

    def add_cells(self, line: Iterable[tuple[Column, Cell]], **style: Any) -> None:
        """One more line as it stands; ``style`` is for the whole row."""
        for number, (column, cell) in enumerate(line):
            if cell is not None or style:
                self.book.write(self.sheet, self._row, number, cell, **{**properties_of(column), **style})
        self._row += 1

    def add_filter(self) -> None:
        """Let readers filter and sort by each column."""
        last = max(self._row - 1, FIRST_ROW)
        self.sheet.autofilter(HEADER_ROW, 0, last, len(list(flat(self.columns))) - 1)


def list_sheet(
    book: Book, columns: Sequence[Column], vocabulary: Vocabulary, title: Label, hint: str = ""
) -> ListSheet:
    """The sheet of a list, with its head; rows follow."""
    sheet = book.book.add_worksheet(sheet_name(title, book.language))
    names = Names(vocabulary, book.language)
    shown = list(flat(columns))
    sheet.write_string(0, 0, title.text(book.language), book.format(bold=True, font_size=14))
    if hint:
        sheet.write_string(0, 3, hint, book.format(font_color="#555555"))
    _headings(book, sheet, shown)
    _print_setup(book, sheet, len(shown))
    return ListSheet(book, sheet, columns, names)


def _headings(book: Book, sheet: Worksheet, shown: Sequence[Column]) -> None:
    sheet.set_row(HEADER_ROW, 32)
    for number, column in enumerate(shown):
        colours = {"bg_color": "#1F4E79" if column.required else "#44546A", "font_color": "#FFFFFF"}
        style = book.format(bold=True, text_wrap=True, border=1, border_color="#FFFFFF", **colours)
        sheet.set_column(number, number, column.width, book.format(**properties_of(column)))
        sheet.write_string(HEADER_ROW, number, heading(column, book.language), style)
        if note := _note(column, book.language):
            options = {"author": "ChainMatch", "x_scale": 1.6, "y_scale": max(1, len(note) / 60)}
            sheet.write_comment(HEADER_ROW, number, note, options)


def _note(column: Column, language: str) -> str:
    note = column.note.text(language) if column.note else ""
    return (_REQUIRED.text(language) if column.required else "") + note


def _print_setup(book: Book, sheet: Worksheet, count: int) -> None:
    sheet.freeze_panes(FIRST_ROW, 1)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.repeat_rows(0, HEADER_ROW)
    sheet.repeat_columns(0, 0)
    sheet.fit_to_pages(1 if count <= 12 else 2, 0)
    sheet.set_footer("&C&P / &N")


def add_rules(listed: ListSheet) -> None:
    """The hidden sheet of words, and drop-downs and checks in the cells of the list."""
    hidden = listed.book.book.add_worksheet(LISTS)
    hidden.hide()
    choosing = Choosing(hidden, listed.names, listed.book.language)
    shown = list(flat(listed.columns))
    places = {
        column.name: xl_rowcol_to_cell(FIRST_ROW, number, col_abs=True) for number, column in enumerate(shown)
    }
    for number, column in enumerate(shown):
        if rule := choosing.rule(column, places.__getitem__):
            listed.sheet.data_validation(FIRST_ROW, number, LAST_RULED_ROW, number, rule)
    choosing.close()
