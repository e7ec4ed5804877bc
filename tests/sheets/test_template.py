"""Templates hold drop-downs, notes, an example and instructions, and open in LibreOffice."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from matching.kinds import PRODUCT
from matching.sheets.columns import EXAMPLE, HELP, LISTS, columns, flat
from matching.sheets.layout import FIRST_ROW, HEADER_ROW, heading
from matching.sheets.template import write_template
from tests.sheets.words import WORDS, by_libreoffice, needs_libreoffice

NEED = columns(PRODUCT, "need")
OFFER = columns(PRODUCT, "offer")
ROW = FIRST_ROW + 1


def _template(specification: object = NEED, language: str = "zh-hans", *, example: bool = True) -> BytesIO:
    out = BytesIO()
    title = PRODUCT.need if specification is NEED else PRODUCT.offer
    write_template(out, specification, WORDS, title=title, language=language, example=example)  # type: ignore[arg-type]
    return out


def _book(specification: object = NEED, language: str = "zh-hans") -> Workbook:
    return load_workbook(_template(specification, language))


def _column(name: str) -> int:
    return [column.name for column in flat(NEED)].index(name) + 1


def _rules(sheet: Worksheet) -> dict[str, tuple[str, str]]:
    """Kind and formula of each validation by the name of its column."""
    return {_ruled(rule): (rule.type, rule.formula1) for rule in sheet.data_validations.dataValidation}


def _ruled(rule: DataValidation) -> str:
    (cells,) = rule.sqref.ranges
    number: int = cells.min_col
    return [column.name for column in flat(NEED)][number - 1]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("specification", [NEED, OFFER])
def test_headings_are_those_of_the_columns(specification: object, language: str) -> None:
    sheet = _book(specification, language).worksheets[0]
    shown = list(flat(specification))  # type: ignore[arg-type]
    assert [cell.value for cell in sheet[HEADER_ROW + 1]] == [heading(column, language) for column in shown]
    assert sheet.freeze_panes == f"B{ROW}"
    notes = {cell.column: cell.comment.text for cell in sheet[HEADER_ROW + 1] if cell.comment}
    for number, column in enumerate(shown, 1):
        if column.note:
            assert column.note.text(language) in notes[number]


def test_required_columns_are_marked_and_digits_are_text() -> None:
    sheet = _book().worksheets[0]
    assert sheet.cell(HEADER_ROW + 1, _column("title")).value == "产品名称*"
    assert sheet.cell(ROW, _column("contact_phone")).number_format == "@"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == 9
    assert sheet.print_title_rows == "$1:$2"


def test_the_example_row_is_marked() -> None:
    sheet = _book().worksheets[0]
    shown = {column.name: sheet.cell(ROW, number).value for number, column in enumerate(flat(NEED), 1)}
    assert shown["key"] == EXAMPLE.zh
    assert (shown["chain"], shown["node"]) == ("先进轨道交通", "车体型材")
    assert (shown["quantity"], shown["period"]) == (120, "每月")
    english = load_workbook(_template(language="en")).worksheets[0]
    assert english.cell(ROW, _column("period")).value == "a month"
    assert english.cell(ROW, _column("import_substitution")).value == "yes"
    assert load_workbook(_template(example=False)).worksheets[0].max_row == HEADER_ROW + 1


def test_drop_downs_choose_from_the_hidden_sheet() -> None:
    book = _book()
    assert [(sheet.title, sheet.sheet_state) for sheet in book.worksheets] == [
        ("配套需求", "visible"),
        (HELP.zh, "visible"),
        (LISTS, "hidden"),
    ]
    rules = _rules(book.worksheets[0])
    lists = book.worksheets[2]
    assert rules["chain"] == ("list", f"'{LISTS}'!$A$1:$A$2")
    assert [lists["A1"].value, lists["A2"].value] == ["先进轨道交通", "光伏"]
    assert [row[0].value for row in lists["C1:C4"]] == ["车体型材", "上游 / 其他", "下游 / 其他", "硅料"]
    assert rules["period"] == ("list", '"一次性,每月,每季度,每年"')
    assert rules["quantity"][0] == "decimal"
    assert rules["deliver_from"][0] == "date"
    assert rules["title"] == ("textLength", "200")


def test_other_units_are_warned_of_and_not_stopped() -> None:
    book = _book()
    styles = {_ruled(rule): rule.errorStyle for rule in book.worksheets[0].data_validations.dataValidation}
    assert (styles["unit"], styles["chain"]) == ("warning", None)


def test_instructions_name_every_column() -> None:
    sheet = _book().worksheets[1]
    named = [row[0].value for row in sheet.iter_rows(min_row=9)]
    assert named == [column.label.zh for column in flat(NEED)]


CASCADES = [
    ({"chain": "先进轨道交通"}, "node", ["车体型材", "上游 / 其他", "下游 / 其他"]),
    ({"chain": "光伏"}, "node", ["硅料"]),
    ({"delivery_region.province": "山西省"}, "delivery_region.city", ["太原市", "大同市"]),
    ({"delivery_region.province": "北京市"}, "delivery_region.city", ["东城区"]),
    (
        {"delivery_region.province": "山西省", "delivery_region.city": "太原市"},
        "delivery_region.county",
        ["小店区", "迎泽区"],
    ),
]


@needs_libreoffice
def test_libreoffice_opens_it_and_its_drop_downs_follow_each_other(tmp_path: Path) -> None:
    """The ranges of dependent drop-downs, computed by LibreOffice in cells of the same row."""
    book = load_workbook(_template(example=False))
    sheet = book.worksheets[0]
    rules = _rules(sheet)
    for offset, (written, name, _words) in enumerate(CASCADES):
        row = ROW + offset
        for column, word in written.items():
            sheet.cell(row, _column(column), word)
        formula = rules[name][1].replace(str(ROW), str(row))
        sheet.cell(row, 60, f"=ROWS({formula})")
        for place in range(3):
            sheet.cell(row, 61 + place, f'=IFERROR(INDEX({formula},{place + 1}),"")')
    path = tmp_path / "template.xlsx"
    book.save(path)
    saved = load_workbook(by_libreoffice(path, tmp_path / "out"), data_only=True)
    computed = saved.worksheets[0]
    for offset, (_written, _name, words) in enumerate(CASCADES):
        row = ROW + offset
        assert computed.cell(row, 60).value == len(words)
        assert [computed.cell(row, 61 + place).value for place in range(len(words))] == words
    assert set(_rules(computed)) == set(rules)
    assert saved.worksheets[2].sheet_state == "hidden"
    assert computed.cell(HEADER_ROW + 1, _column("title")).value == "产品名称*"
