"""Lists are written as typed cells, and no text ever becomes a formula."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell

from matching.kinds import PRODUCT
from matching.sheets.columns import columns, flat
from matching.sheets.layout import FIRST_ROW
from matching.sheets.reading import read
from matching.sheets.writing import write_rows
from tests.sheets.words import WORDS, by_libreoffice, needs_libreoffice

NEED = columns(PRODUCT, "need")


def _written(*rows: dict[str, Any], language: str = "zh-hans") -> list[dict[str, Cell]]:
    out = BytesIO()
    count = write_rows(out, NEED, rows, vocabulary=WORDS, title=PRODUCT.need, language=language)
    assert count == len(rows)
    sheet = load_workbook(out).worksheets[0]
    names = [column.name for column in flat(NEED)]
    return [
        dict(zip(names, line, strict=True))  # type: ignore[arg-type]
        for line in sheet.iter_rows(min_row=FIRST_ROW + 1, max_row=FIRST_ROW + len(rows))
    ]


def test_values_are_typed() -> None:
    (row,) = _written(
        {
            "key": "0012",
            "chain": "rail",
            "node": "down-other",
            "title": "车体型材",
            "quantity": Decimal("1200.5000"),
            "period": "month",
            "deliver_until": date(2026, 12, 31),
            "delivery_region": "140105",
            "import_substitution": True,
            "confidential": False,
            "contact_phone": "013800000000",
            "regions": ["14", "110101"],
            "standards": ["GB/T 1", "GB/T 2"],
            "requirements": [
                {
                    "parameter": "厚度",
                    "operator": "equal",
                    "low": Decimal(3),
                    "high": Decimal(3),
                    "unit": "mm",
                }
            ],
        }
    )
    shown = {name: cell.value for name, cell in row.items() if cell.value is not None}
    deliver = shown.pop("deliver_until")
    assert (deliver.date(), row["deliver_until"].number_format) == (date(2026, 12, 31), "yyyy-mm-dd")  # type: ignore[union-attr]
    assert shown == {
        "key": "0012",
        "chain": "先进轨道交通",
        "node": "下游 / 其他",
        "title": "车体型材",
        "quantity": 1200.5,
        "period": "每月",
        "delivery_region.province": "山西省",
        "delivery_region.city": "太原市",
        "delivery_region.county": "小店区",
        "import_substitution": "是",
        "confidential": "否",
        "contact_phone": "013800000000",
        "regions": "山西省、北京市东城区",
        "standards": "GB/T 1、GB/T 2",
        "requirements": "厚度 = 3 mm",
    }


def test_words_follow_the_language() -> None:
    (row,) = _written(
        {"chain": "pv", "node": "silicon", "period": "once", "confidential": True}, language="en"
    )
    shown = {name: cell.value for name, cell in row.items() if cell.value is not None}
    assert shown == {"chain": "Photovoltaics", "node": "Silicon", "period": "once", "confidential": "yes"}


@pytest.mark.parametrize(
    "text", ["=1+1", "+86 351", "-5", "@SUM(A1)", "\t=1", '=HYPERLINK("http://a","b")', "{=1}", "http://a.cn"]
)
def test_text_is_never_a_formula_or_a_link(text: str) -> None:
    (row,) = _written({"title": text, "description": text, "contact_phone": text})
    for name in ("title", "description", "contact_phone"):
        cell = row[name]
        assert (cell.data_type, cell.value, cell.hyperlink) == ("s", text, None)
        assert cell.quotePrefix == (text[0] in "=+-@\t") or cell.number_format == "@"


def test_negative_numbers_stay_numbers_and_long_ones_lose_nothing() -> None:
    (row,) = _written({"quantity": Decimal("-5"), "price_ceiling": Decimal("12345678901234.5678")})
    assert (row["quantity"].value, row["quantity"].data_type) == (-5, "n")
    assert (row["price_ceiling"].value, row["price_ceiling"].data_type) == ("12345678901234.5678", "s")


def test_codes_that_the_vocabulary_lacks_are_written_as_codes() -> None:
    (row,) = _written(
        {"chain": "new", "node": "n", "delivery_region": "990000", "regions": ["99"], "period": "decade"}
    )
    shown = {name: cell.value for name, cell in row.items() if cell.value is not None}
    assert shown == {
        "chain": "new",
        "node": "n",
        "delivery_region.province": "990000",
        "regions": "99",
        "period": "decade",
    }


def test_what_is_too_long_for_a_cell_is_told_and_not_cut() -> None:
    (row,) = _written({"description": "长" * 32_768})
    assert row["description"].value == "[内容过长，一个单元格放不下，请在系统中查看]"
    (row,) = _written({"description": "长" * 32_767})
    assert row["description"].value == "长" * 32_767


def test_an_early_day_is_written_as_text() -> None:
    (row,) = _written({"deliver_from": date(1899, 12, 31)})
    assert row["deliver_from"].value == "1899-12-31"


@needs_libreoffice
def test_a_list_that_libreoffice_saved_reads_back(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {
            "key": "0012",
            "chain": "rail",
            "node": "down-other",
            "title": "=1+1",
            "quantity": Decimal("1200.5"),
            "deliver_until": date(2026, 12, 31),
            "delivery_region": "140105",
            "contact_phone": "013800000000",
            "description": "第一行\n第二行",
        }
    ]
    path = tmp_path / "list.xlsx"
    with path.open("wb") as file:
        write_rows(file, NEED, rows, vocabulary=WORDS, title=PRODUCT.need, language="zh-hans")
    reading = read(by_libreoffice(path, tmp_path / "out"), path.name, NEED, WORDS)
    assert [
        {name: value for name, value in row.values.items() if value is not None} for row in reading.rows
    ] == rows
