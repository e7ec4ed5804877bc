"""Kinds of files: text in several encodings, .xls, .ods, .xlsx by odd programs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.sheets.awkward.making import (
    HEADER,
    LINE,
    READ,
    Case,
    File,
    csv,
    ods,
    ods_row,
    raw_parts,
    raw_row,
    raw_xlsx,
    xls,
    xlsx,
    zipped,
)

_A2 = ("A2", *LINE[1:])
_READ2 = {**READ, "key": "A2"}


def _text(separator: str, *lines: tuple[object, ...]) -> str:
    return "\r\n".join(separator.join(str(cell) for cell in line) for line in (HEADER, *lines)) + "\r\n"


def _hidden(sheet: Any) -> None:
    sheet.row(1).hidden = True
    sheet.row(3).set_cell_error(3, "#REF!")
    sheet.write_merge(4, 5, 2, 2, "光伏产业链")


def _xls_lines() -> File:
    merged = (LINE[1], None, 5, *LINE[4:])
    faulty = ("A3", *LINE[1:3], None, *LINE[4:])
    return xls([HEADER, LINE, _A2, faulty, ("A4", *merged), ("A5", *merged)], _hidden)


_TEXT_CELL = (
    '<table:table-cell office:value-type="string" {attributes}><text:p>{text}</text:p></table:table-cell>'
)
_ERROR = _TEXT_CELL.format(attributes='calcext:value-type="error"', text="#REF!")
_SPAN = _TEXT_CELL.format(attributes='table:number-rows-spanned="2"', text="光伏产业链")
_HIDDEN_STYLE = (
    '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/>'
    "</style:style>"
)
_COVERED = "<table:covered-table-cell/>"
_PREFIXED = (
    '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>{rows}'
    "</x:sheetData></x:worksheet>"
)

CASES = (
    Case("UTF-8 text", lambda: csv(_text(",", LINE))),
    Case("UTF-8 text with its mark", lambda: csv(_text(",", LINE), "utf-8-sig")),
    Case("GB18030 text", lambda: csv(_text(",", LINE), "gb18030"), notices=(("read_as_csv", ""),)),
    Case("UTF-16 text by Excel", lambda: csv(_text("\t", LINE), "utf-16"), notices=(("read_as_csv", ""),)),
    Case(
        "UTF-16 text without its mark",
        lambda: csv(_text("\t", LINE), "utf-16-le"),
        notices=(("read_as_csv", ""),),
    ),
    Case("text parted by semicolons", lambda: csv(_text(";", LINE)), notices=(("read_as_csv", ""),)),
    Case(
        "text parted by tabs that is called .xls",
        lambda: csv(_text("\t", LINE), "gb18030", "清单.xls"),
        notices=(("read_as_csv", ""),),
    ),
    Case(
        "text with quotes, breaks and thousands",
        lambda: csv(_text(",", ("A1", '"铝""型""材"', "光伏产业链", '"1,200"', "吨", "每月"))),
        ({**READ, "title": '铝"型"材', "quantity": Decimal(1200)},),
    ),
    Case(
        "text with titles and ragged rows",
        lambda: csv("需求清单\r\n\r\n" + _text(",", LINE, ("A2", *LINE[1:3]))),
        (READ, {**_READ2, "quantity": None, "unit": None, "period": None}),
        numbers=(4, 5),
    ),
    Case(
        "text with error words",
        lambda: csv(_text(",", (*LINE[:3], "#DIV/0!", *LINE[4:]))),
        ({name: value for name, value in READ.items() if name != "quantity"},),
        (("error_cell", "D2"),),
    ),
    Case("an .xls", lambda: xls([HEADER, LINE])),
    Case("an .xls that is called .xlsx", lambda: ("清单.xlsx", xls([HEADER, LINE])[1])),
    Case(
        "an .xls with hidden rows, errors and merged cells",
        _xls_lines,
        (
            READ,
            _READ2,
            {name: value for name, value in {**READ, "key": "A3"}.items() if name != "quantity"},
            {**READ, "key": "A4", "quantity": Decimal(5)},
            {**READ, "key": "A5", "quantity": Decimal(5)},
        ),
        (("error_cell", "D4"),),
        (("rows_hidden", ""),),
    ),
    Case("an .ods", lambda: ods(ods_row(HEADER), ods_row(LINE))),
    Case(
        "an .ods with repetitions to its end",
        lambda: ods(
            ods_row(HEADER),
            ods_row(LINE),
            ods_row(
                ['<table:table-cell table:number-columns-repeated="16384"/>'],
                'table:number-rows-repeated="1048574"',
            ),
        ),
    ),
    Case(
        "an .ods with hidden rows, spans and errors",
        lambda: ods(
            ods_row(HEADER),
            ods_row(("A1", "铝型材", _SPAN, 120, "吨", "每月"), 'table:visibility="collapse"'),
            ods_row(("A2", "铝型材", _COVERED, _ERROR, "吨", "每月")),
        ),
        (READ, {name: value for name, value in _READ2.items() if name != "quantity"}),
        (("error_cell", "D3"),),
        (("rows_hidden", ""),),
    ),
    Case(
        "an .ods whose sheet is hidden",
        lambda: ods(
            ods_row(HEADER),
            ods_row(LINE),
            styles=_HIDDEN_STYLE,
            table='table:name="需求" table:style-name="ta2"',
        ),
        notices=(("sheet_hidden", ""),),
    ),
    Case("an .xlsm: its macros are left alone", lambda: ("清单.xlsm", xlsx([HEADER, LINE])[1])),
    Case(
        "rows and cells without references",
        lambda: raw_xlsx(*(f"<row>{''.join(_bare(cell) for cell in line)}</row>" for line in (HEADER, LINE))),
    ),
    Case("XML with prefixes", lambda: ("list.xlsx", zipped(raw_parts(_PREFIXED.format(rows=_prefixed()))))),
    Case(
        "a lying extent",
        lambda: raw_xlsx(raw_row(1, HEADER), raw_row(2, LINE), before='<dimension ref="A1:XFD1048576"/>'),
    ),
    Case(
        "a whole column hidden to the far right",
        lambda: raw_xlsx(
            raw_row(1, HEADER),
            raw_row(2, LINE),
            before='<cols><col min="8" max="16384" width="0" hidden="1"/></cols>',
        ),
    ),
    Case(
        "texts of several runs, with line breaks as Excel escapes them",
        lambda: raw_xlsx(
            raw_row(1, HEADER),
            raw_row(
                2,
                (
                    "A1",
                    '<c r="B2" t="inlineStr"><is><r><t>铝</t></r><r><t>型材_x000D_</t></r></is></c>',
                    *LINE[2:],
                ),
            ),
        ),
    ),
    Case(
        "what an export could not hold is left as it is stored",
        lambda: csv(
            ",".join((*HEADER, "说明"))
            + "\nA1,铝型材,光伏,120,吨,每月,[内容过长，一个单元格放不下，请在系统中查看]\n"
        ),
    ),
    Case(
        "codes between underscores that are somebody's text, or no sign at all",
        lambda: csv(",".join(HEADER) + "\nA1,钢板_x0041__xD800_,光伏,120,吨,每月\n"),
        ({**READ, "title": "钢板_x0041__xD800_"},),
    ),
)


def _bare(cell: object) -> str:
    if isinstance(cell, str):
        return f'<c t="inlineStr"><is><t>{cell}</t></is></c>'
    return f"<c><v>{cell}</v></c>"


def _prefixed() -> str:
    rows = raw_row(1, HEADER) + raw_row(2, LINE)
    for name in ("row", "c", "v", "is", "t"):
        rows = rows.replace(f"<{name} ", f"<x:{name} ").replace(f"<{name}>", f"<x:{name}>")
        rows = rows.replace(f"</{name}>", f"</x:{name}>")
    return rows
