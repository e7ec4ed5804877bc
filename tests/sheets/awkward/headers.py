"""Headers: titles above them, merged, over two rows, in other words; sheets beside the list."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from tests.sheets.awkward.making import HEADER, LINE, READ, Case, File, saved, xlsx

_SECOND = {**READ, "key": "A2"}
_KEYLESS = {name: value for name, value in READ.items() if name != "key"}


def _sheets(*sheets: tuple[str, list[Any], str]) -> File:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows, state in sheets:
        sheet = book.create_sheet(name)
        sheet.sheet_state = state
        for row in rows:
            sheet.append(row)
    return "list.xlsx", saved(book)


def _titled(sheet: Worksheet) -> None:
    sheet.merge_cells("A1:F1")
    sheet.merge_cells("A2:F2")


def _two_rows(sheet: Worksheet) -> None:
    for place in ("A1:A2", "B1:B2", "C1:C2", "D1:F1", "G1:H1"):
        sheet.merge_cells(place)


_GROUPED = [
    ("条目编号", "产品名称", "产业链", "需求", None, None, "交付", None),
    (None, None, None, "数量", "单位", "周期", "开始", "截止"),
    (*LINE, date(2026, 12, 1), date(2026, 12, 31)),
]
_SPARSE = (None, *HEADER[:2], None, *HEADER[2:])

CASES = (
    Case("a plain list", lambda: xlsx([HEADER, LINE])),
    Case(
        "title rows above the header",
        lambda: xlsx([("2026年第四季度需求清单",), ("填报单位：某某公司",), HEADER, LINE], _titled),
        numbers=(4,),
    ),
    Case("an empty row and column before", lambda: xlsx([(), _SPARSE, (None, *LINE[:2], None, *LINE[2:])])),
    Case(
        "a header over two rows, merged",
        lambda: xlsx(_GROUPED, _two_rows),
        ({**READ, "deliver_from": date(2026, 12, 1), "deliver_until": date(2026, 12, 31)},),
        numbers=(3,),
    ),
    Case(
        "headings in other words, with asterisks and spaces",
        lambda: xlsx([(" 编 号", "*采购品名\n（必填）", "所属产业链：", "采购量", "单位", "周期"), LINE]),
    ),
    Case(
        "a count of the rows is no line number; counted rows that are empty are none",
        lambda: xlsx(
            [("序号", *HEADER[1:]), (1, *LINE[1:]), (2, *LINE[1:]), (3,), ("4", " "), ("例", "铝型材")]
        ),
        (_KEYLESS, _KEYLESS),
        notices=(("serial_column", "A1"), ("example_skipped", "6")),
    ),
    Case(
        "a count of the rows beside the line number",
        lambda: xlsx([("序号", *HEADER), (1, *LINE)]),
    ),
    Case(
        "headings in English",
        lambda: xlsx([("Line no.", "Product", "Chain*", "QUANTITY", "Unit", "Period"), LINE]),
    ),
    Case(
        "headings by the names of fields",
        lambda: xlsx([("key", "title", "chain", "quantity", "unit", "period"), LINE]),
    ),
    Case(
        "full-width headings",
        lambda: xlsx([("ＫＥＹ", "产品名称＊", "产业链", "需求数量（吨）", "计量单位", "需求周期"), LINE]),
    ),
    Case(
        "the unit in the heading, none in its column",
        lambda: xlsx(
            [
                ("条目编号", "产品名称", "产业链", "数量(吨)", "计量单位", "需求周期"),
                (*LINE[:4], None, "每月"),
            ]
        ),
    ),
    Case(
        "ten thousands in the heading",
        lambda: xlsx([(*HEADER[:3], "数量(万吨)", *HEADER[4:]), (*LINE[:3], 1.2, "吨", "每月")]),
        ({**READ, "quantity": Decimal(12000)},),
    ),
    Case(
        "another unit in the heading than in its column",
        lambda: xlsx([(*HEADER[:3], "数量(件)", *HEADER[4:]), LINE]),
        ({name: value for name, value in READ.items() if name != "quantity"},),
        (("unit_header", "D2"),),
    ),
    Case(
        "unknown columns are told with the nearest known one",
        lambda: xlsx([(*HEADER, "联系电活", "内部流转号"), (*LINE, "0351-1234567", "X")]),
        notices=(("unknown_column_near", "G1"), ("unknown_column", "H1")),
    ),
    Case(
        "two columns that mean the same",
        lambda: xlsx([(*HEADER, "数量"), (*LINE, 5)]),
        notices=(("repeated_column", "G1"),),
    ),
    Case(
        "an office's export names the firm",
        lambda: xlsx(
            [("企业名称", "统一社会信用代码", *HEADER), ("太原某公司", "91140100MA0000000X", *LINE)]
        ),
        notices=(("ignored_column", "A1"), ("ignored_column", "B1")),
    ),
    Case(
        "a column that is needed is missing",
        lambda: xlsx([HEADER[:5], LINE[:5]]),
        ({name: value for name, value in READ.items() if name != "period"},),
        (("missing_column", "1"),),
    ),
    Case("no header at all", lambda: xlsx([LINE, LINE]), (), (("no_header", ""),), (("sheet_skipped", ""),)),
    Case(
        "an empty workbook",
        lambda: xlsx([]),
        (),
        (("no_header", ""),),
    ),
    Case(
        "only a header",
        lambda: xlsx([HEADER]),
        (),
        notices=(("sheet_without_lines", ""),),
    ),
    Case(
        "lists on two sheets, and a sheet of something else",
        lambda: _sheets(
            ("一月", [HEADER, LINE], "visible"),
            ("联系表", [("姓名", "房间"), ("王", "301")], "visible"),
            ("二月", [HEADER, ("A2", *LINE[1:])], "visible"),
        ),
        (READ, _SECOND),
        notices=(("sheet_skipped", ""),),
    ),
    Case(
        "one line number on two sheets",
        lambda: _sheets(("一月", [HEADER, LINE], "visible"), ("二月", [HEADER, LINE], "visible")),
        (READ, {name: value for name, value in READ.items() if name != "key"}),
        (("duplicate_key", "A2"),),
    ),
    Case(
        "a hidden sheet with lines is read, one with words is not",
        lambda: _sheets(
            ("清单", [HEADER, LINE], "visible"),
            ("旧", [HEADER, ("A2", *LINE[1:])], "hidden"),
            ("词表", [("产业链", "单位"), ("光伏产业链", "吨")], "veryHidden"),
        ),
        (READ, _SECOND),
        notices=(("sheet_skipped", ""), ("sheet_hidden", "")),
    ),
    Case(
        "instructions and words of the template are passed over",
        lambda: _sheets(
            ("填写说明", [("列", "说明"), ("产品名称", "必填")], "visible"),
            ("清单", [HEADER, LINE], "visible"),
            ("_lists", [("产业链", "单位"), ("光伏产业链", "吨")], "hidden"),
        ),
    ),
    Case(
        "a region in three columns",
        lambda: xlsx(
            [
                (*HEADER, "交付地区-省份", "交付地区-城市", "交付地区-区县"),
                (*LINE, "山西省", "太原市", "小店区"),
                ("A2", *LINE[1:], "山西", None, None),
                ("A3", *LINE[1:], None, None, None),
                ("A4", *LINE[1:], "山西省", "大同", None),
            ]
        ),
        (
            {**READ, "delivery_region": "140105"},
            {**_SECOND, "delivery_region": "140000"},
            {**READ, "key": "A3", "delivery_region": None},
            {**READ, "key": "A4"},
        ),
        (("unknown_region", "H5"),),
    ),
)
