"""The summary as a workbook: its rows, and the figures on a second sheet."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import BinaryIO

from matching.agreements.amounts import TEN_THOUSAND
from matching.kinds import Label
from matching.papers.queries.summary.figures import Figures
from matching.papers.queries.summary.indicators import indicators
from matching.papers.queries.summary.rows import Line
from matching.sheets.book import Book
from matching.sheets.layout import list_sheet
from matching.sheets.results import SUMMARY
from matching.sheets.types import Vocabulary

TITLE = Label("供需信息情况汇总表", "Summary of demand and supply")
FIGURES = Label("统计指标", "Figures")


def write_summary(out: BinaryIO, lines: Iterable[Line], told: Figures, language: str) -> None:
    """Rows one at a time; memory does not grow with them."""
    book = Book(out, language)
    listed = list_sheet(book, SUMMARY, Vocabulary(), TITLE)
    for line in lines:
        listed.add(sheet_row(line))
    listed.add_filter()
    sheet = book.book.add_worksheet(FIGURES.text(language))
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 2, 16)
    for number, one in enumerate(indicators(told)):
        cells = (one.name, one.unit, Decimal(one.number) if one.number else "—")
        for place, cell in enumerate(cells):
            book.write(sheet, number, place, cell)
    book.close()


def sheet_row(line: Line) -> dict[str, object]:
    """A row by column name; an amount that does not count stands in the remark's words alone."""
    told: dict[str, object] = {
        name: getattr(line, name)
        for name in ("leader", "demand", "member", "product", "quantity", "unit", "result")
    }
    told |= {"next_step": line.next_step, "due_on": line.due_on, "remark": line.remark}
    if line.kind is not None:
        told["kind"] = str(line.kind.label)
        if line.counts and line.amount is not None:
            told[f"{line.kind}_wan"] = line.amount / TEN_THOUSAND
    return told
