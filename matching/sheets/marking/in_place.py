"""Marks in the workbook itself, so that it keeps its looks."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

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
    is_ours,
    remarks,
    title,
)
from matching.sheets.types import Problem

logger = logging.getLogger(__name__)
_THEIRS = "\n\n————\n"
_FILL = PatternFill("solid", fgColor=FILL)
_NONE = PatternFill()


def marked_in_place(data: bytes, problems: Sequence[Problem], language: str) -> bytes | None:
    """The same workbook with marks, or None where openpyxl does not understand it."""
    try:
        book = load_workbook(BytesIO(data), data_only=True, keep_links=False)
        _mark(book, problems, language)
        out = BytesIO()
        book.save(out)
    except Exception:  # Workbooks of other programs break it in many ways; they are written afresh.
        logger.info("workbook not editable in place", exc_info=True)
        return None
    return out.getvalue()


def _mark(book: Workbook, problems: Sequence[Problem], language: str) -> None:
    found = remarks(problems, book.sheetnames, language)
    comments = MOST_COMMENTS
    for sheet in book.worksheets:
        _take_off(sheet)
        said = found[sheet.title]
        for place, texts in said.cells.items():
            _mark_cell(sheet, place, texts if comments > 0 else [], language)
            comments -= 1
        if said.rows or said.whole:
            _add_column(sheet, said, language)


def _take_off(sheet: Worksheet) -> None:
    """Remove fills, comments and the column of an earlier marking."""
    ours: set[int] = set()
    for number, row in enumerate(sheet.iter_rows(), 1):
        for cell in row:
            held: Any = cell
            if cell.value in TITLES and number <= HEAD_ROWS:
                ours.add(cell.column)
            if cell.comment is not None and is_ours(cell.comment.text):
                held.comment = _their_comment(cell.comment)
            if cell.fill.fill_type == "solid" and str(cell.fill.fgColor.rgb)[-6:] == FILL:
                held.fill = _NONE
            if cell.column in ours:
                held.value = None


def _their_comment(held: Comment) -> Comment | None:
    _ours, separator, theirs = held.text.partition(_THEIRS)
    return Comment(theirs, held.author) if separator else None


def _mark_cell(sheet: Worksheet, place: tuple[int, int], texts: Sequence[str], language: str) -> None:
    cell: Any = sheet.cell(*place)
    if isinstance(cell, MergedCell):
        cell = sheet.cell(*_anchor(sheet, place))
    cell.fill = _FILL
    if not texts:
        return
    text, author = comment(texts, language), AUTHOR
    if cell.comment is not None:
        text, author = text + _THEIRS + cell.comment.text, cell.comment.author
    cell.comment = Comment(text, author, **SIZE)


def _anchor(sheet: Worksheet, place: tuple[int, int]) -> tuple[int, int]:
    """The cell that shows: of merged ones the first."""
    for merged in sheet.merged_cells.ranges:
        if merged.min_row <= place[0] <= merged.max_row and merged.min_col <= place[1] <= merged.max_col:
            return merged.min_row, merged.min_col
    return place


def _add_column(sheet: Worksheet, said: Remarks, language: str) -> None:
    number = 1 + max(
        (cell.column for row in sheet.iter_rows() for cell in row if cell.value is not None), default=0
    )
    top = said.head(sheet.iter_rows(max_row=HEAD_ROWS, values_only=True))
    head: Any = sheet.cell(top, number, title(language))
    head.fill, head.font = _FILL, Font(bold=True)
    if about := said.about_head(top):
        head.comment = Comment(comment(about, language), AUTHOR, **SIZE)
    for row, texts in said.rows.items():
        if row == top:
            continue
        cell: Any = sheet.cell(row, number, in_row(texts))
        cell.data_type, cell.number_format = "s", "General"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions[get_column_letter(number)].width = REMEDIES.width
