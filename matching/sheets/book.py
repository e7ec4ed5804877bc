"""Workbooks that are written row by row."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from matching.sheets.cells import Cell
from matching.sheets.columns import TOO_LONG
from matching.sheets.types import CellType, Column

FONT = "微软雅黑"
_MADE = datetime(1980, 1, 1)
"""The hour that every workbook says it was made at: the same rows are the same file."""
_MAX_CELL = 32_767
_LONG = frozenset(
    {CellType.LONG_TEXT, CellType.REQUIREMENTS, CellType.PROPERTIES, CellType.CERTIFICATES, CellType.WORDS}
)
_NUMBERS = frozenset({CellType.NUMBER, CellType.INTEGER})
# A cell that begins so becomes a formula when somebody edits it, unless it is marked as text.
_DANGEROUS = re.compile(r"[=+\-@\t\r\n]")


class Book:
    """A workbook that is written row by row; memory does not grow with the rows."""

    def __init__(self, out: BinaryIO, language: str) -> None:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.language = language
        self.book = xlsxwriter.Workbook(out, options)
        self.book.set_properties({"created": _MADE})
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def format(self, **properties: Any) -> Format:
        """A cell format; equal ones are stored once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            shared = {"font_name": FONT, "font_size": 10, "valign": "top"}
            self._formats[key] = self.book.add_format({**shared, **properties})
        return self._formats[key]

    def write(self, sheet: Worksheet, row: int, number: int, cell: Cell, **properties: Any) -> None:
        """One cell. Text stays text, whatever it begins with; what is too long for a cell is told in it."""
        match cell:
            case Decimal():
                sheet.write_number(row, number, float(cell), self.format(**properties))
            case date():
                sheet.write_datetime(row, number, cell, self.format(**properties))
            case str():
                text = cell if _length(cell) <= _MAX_CELL else TOO_LONG.text(self.language)
                marked = {"quote_prefix": True} if _DANGEROUS.match(text) else {}
                sheet.write_string(row, number, text, self.format(**properties, **marked))
            case None:
                sheet.write_blank(row, number, None, self.format(**properties))

    def close(self) -> None:
        """Write everything out."""
        self.book.close()


def properties_of(column: Column) -> dict[str, Any]:
    """Format of a column's cells: digits stay digits, days are days, long texts are wrapped."""
    if column.type is CellType.DATE:
        return {"num_format": "yyyy-mm-dd", "align": "left"}
    if column.type in _NUMBERS:
        return {"num_format": "General"}
    if column.type in _LONG:
        return {"text_wrap": True}
    return {"num_format": "@"}


def _length(text: str) -> int:
    """As spreadsheets count: rare characters count twice."""
    return len(text.encode("utf-16-le")) // 2
