"""Lists of several firms: each row carries the credit code that stands in it."""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from matching.sheets.reading import read
from tests.sheets.awkward.making import HEADER, LINE, xlsx
from tests.sheets.reading_words import NEED, VOCABULARY

FIRST, SECOND = "91140100MA0000000X", "91140100MA0000001X"


def _merge(sheet: Worksheet) -> None:
    sheet.merge_cells("A2:A3")


def test_rows_carry_their_firm_and_count_their_numbers_apart() -> None:
    head = ("信用代码", *HEADER)
    rows = [head, (FIRST, *LINE), (None, "A2", *LINE[1:]), (f" {SECOND.lower()}", *LINE), (None, *LINE)]
    name, data = xlsx(rows, _merge)
    reading = read(data, name, NEED, VOCABULARY)
    assert [(row.uscc, row.values.get("key"), row.problems) for row in reading.rows] == [
        (FIRST, "A1", ()),
        (FIRST, "A2", ()),
        (SECOND, "A1", ()),
        ("", "A1", ()),
    ]
    assert reading.rows[2].cells["uscc"] == "A4"


def test_a_firms_own_list_names_none() -> None:
    name, data = xlsx([HEADER, LINE])
    assert [row.uscc for row in read(data, name, NEED, VOCABULARY).rows] == [""]
