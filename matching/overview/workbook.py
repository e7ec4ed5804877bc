"""A chart's table, or rows, as a workbook that opens in Excel, WPS and LibreOffice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import partial
from itertools import chain
from typing import BinaryIO

from django.http import HttpResponse

from matching.downloads import reader_language, workbook
from matching.overview.charts import Chart
from matching.sheets.book import Book

_HEAD = {"bold": True, "bg_color": "#E8F0F8", "border": 1}
_WIDTH = 18


def answer(name: str, head: Sequence[object], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A download with one sheet; decimals are numbers, everything else is text."""
    return workbook(name, write=partial(_write, head, rows))


def _write(head: Sequence[object], rows: Iterable[Sequence[object]], out: BinaryIO) -> None:
    book = Book(out, reader_language())
    sheet = book.book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(head), _WIDTH)
    for number, row in enumerate(chain([head], rows)):
        look = {} if number else _HEAD
        for place, value in enumerate(row):
            book.write(sheet, number, place, value if isinstance(value, Decimal) else str(value), **look)
    book.close()


def of_chart(chart: Chart) -> HttpResponse:
    """The table behind a chart."""
    head = [chart.first, *(column.label for column in chart.columns)]
    rows = (
        [row.label, *(cell.text if cell.value is None else cell.value for cell in row.cells)]
        for row in chart.rows
    )
    return answer(str(chart.title), head, rows)
