"""Rows: hidden, merged, empty, examples, totals, remarks, repeated headers."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from tests.sheets.awkward.making import HEADER, LINE, READ, Case, xlsx

_A2, _A3 = ("A2", *LINE[1:]), ("A3", *LINE[1:])
_READ2, _READ3 = {**READ, "key": "A2"}, {**READ, "key": "A3"}


def _hide(sheet: Worksheet) -> None:
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["E"].hidden = True


def _merge(*ranges: str) -> Callable[[Worksheet], None]:
    def edit(sheet: Worksheet) -> None:
        for each in ranges:
            sheet.merge_cells(each)

    return edit


def _borders(sheet: Worksheet) -> None:
    for row in range(3, 3000):
        sheet.cell(row, 1).number_format = "@"
    sheet["C2000"] = " "


def _without(values: Any, *names: str) -> dict[str, object]:
    return {name: value for name, value in values.items() if name not in names}


CASES = (
    Case(
        "hidden rows and columns are read and told",
        lambda: xlsx([HEADER, LINE, _A2], _hide),
        (READ, _READ2),
        notices=(("rows_hidden", ""), ("columns_hidden", "")),
    ),
    Case(
        "words merged downwards stand for every row",
        lambda: xlsx(
            [HEADER, LINE, ("A2", "铝型材", None, 7, None, "每月"), ("A3", "铝板", None, 8, None, "每月")],
            _merge("C2:C4", "E2:E4"),
        ),
        (
            READ,
            {**_READ2, "quantity": Decimal(7)},
            {**_READ3, "title": "铝板", "quantity": Decimal(8)},
        ),
    ),
    Case(
        "a merged quantity is told: it may be a sum",
        lambda: xlsx([HEADER, LINE, ("A2", "铝板", "光伏", None, "吨", "每月")], _merge("D2:D3")),
        (READ, {**_READ2, "title": "铝板"}),
        notices=(("merge_filled", "D2"),),
    ),
    Case(
        "cells merged sideways belong to their first column",
        lambda: xlsx([HEADER, ("A1", "铝型材", "光伏产业链", None, None, None)], _merge("C2:F2")),
        ({**READ, "quantity": None, "unit": None, "period": None},),
    ),
    Case(
        "empty rows in between",
        lambda: xlsx([HEADER, LINE, (), (None, "  "), (), _A2]),
        (READ, _READ2),
        numbers=(2, 6),
    ),
    Case("formats far below the last line", lambda: xlsx([HEADER, LINE], _borders)),
    Case(
        "an example row",
        lambda: xlsx([HEADER, ("示例", *LINE[1:]), LINE]),
        notices=(("example_skipped", "2"),),
        numbers=(3,),
    ),
    Case(
        "totals at the end",
        lambda: xlsx([HEADER, LINE, ("合 计", None, None, 120), (None, "总计：", None, 120)]),
        notices=(("total_skipped", "3"), ("total_skipped", "4")),
    ),
    Case(
        "remarks at the end",
        lambda: xlsx(
            [
                HEADER,
                LINE,
                (),
                ("注：1. 数量按月填写。",),
                ("填表人：王工", None, "联系电话：13800000000"),
                ("以上内容由企业如实填报，经单位负责人审核同意后上报，未尽事宜可电话联系。",),
            ],
            _merge("A4:F4"),
        ),
        notices=(("note_skipped", "4"), ("note_skipped", "5"), ("note_skipped", "6")),
    ),
    Case(
        "the header again on each page",
        lambda: xlsx([HEADER, LINE, HEADER, _A2]),
        (READ, _READ2),
        notices=(("header_repeated", "3"),),
    ),
    Case(
        "a row without a product",
        lambda: xlsx([HEADER, ("A1", None, *LINE[2:])]),
        (_without(READ, "title"),),
        (("required", "B2"),),
    ),
    Case(
        "every fault of a row at once",
        lambda: xlsx([HEADER, ("A1", None, "煤化工", "很多", "吨", "每天")]),
        ({"key": "A1", "unit": "吨"},),
        (("required", "B2"), ("unknown_chain", "C2"), ("not_a_number", "D2"), ("not_a_choice", "F2")),
    ),
    Case(
        "one line number twice",
        lambda: xlsx([HEADER, LINE, LINE]),
        (READ, _without(READ, "key")),
        (("duplicate_key", "A3"),),
    ),
    Case(
        "lines without numbers",
        lambda: xlsx([HEADER, (None, *LINE[1:]), (None, *LINE[1:])]),
        ({**READ, "key": None}, {**READ, "key": None}),
    ),
    Case(
        "dashes for nothing",
        lambda: xlsx([(*HEADER, "图号", "联系人"), (*LINE, "-", "——")]),
        ({**READ, "drawing_no": None, "contact_name": None},),
    ),
)
