"""Exports of results read back as they were written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest

from matching.kinds import Label
from matching.sheets.reading import read
from matching.sheets.results import DECISIONS, GAPS, LISTED, MATCHES, NEAR_MISSES
from matching.sheets.types import CellType, Column, Vocabulary
from matching.sheets.writing import write_rows


def _value(column: Column, number: int) -> object:
    match column.type:
        case CellType.NUMBER:
            return Decimal("73.25") + number
        case CellType.INTEGER:
            return number
        case CellType.DATE:
            return date(2026, 11, number + 1)
        case CellType.FLAG:
            return bool(number % 2)
        case CellType.DIGITS:
            return f"00{number}91140100MA"
        case CellType.LONG_TEXT:
            return f"厚度: 3 / 4 · 满足\n=材质 {number}"
    return f"=HYPERLINK({number})"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("columns", [LISTED, MATCHES, GAPS, NEAR_MISSES, DECISIONS])
def test_results_read_back(columns: Sequence[Column], language: str) -> None:
    rows = [{column.name: _value(column, number) for column in columns} for number in range(1, 5)]
    out = BytesIO()
    title = Label("清单", "List")
    write_rows(out, columns, rows, vocabulary=Vocabulary(), title=title, language=language, rules=False)
    reading = read(out.getvalue(), "list.xlsx", columns, Vocabulary())
    assert [dict(row.values) for row in reading.rows] == rows
    assert (reading.problems, [row.problems for row in reading.rows]) == ((), [()] * len(rows))
