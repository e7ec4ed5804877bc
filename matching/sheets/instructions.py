"""The sheet 填写说明: what goes into each column."""

from __future__ import annotations

from collections.abc import Sequence

from matching.kinds.declaration import Label
from matching.sheets.book import Book
from matching.sheets.cells import YES
from matching.sheets.columns import EXAMPLE, HELP, flat
from matching.sheets.types import CellType, Column

_RULES = (
    Label(
        "每行填写一个条目。带 * 的列提交前必须填写，未填写的可先存为草稿。",
        "One line of the list a row. Columns marked * are needed to hand it in. Until then it is a draft.",
    ),
    Label(
        "标有“示例”的一行不会被导入，可以保留，也可以删除。",
        "The row marked “Example” is not imported; keep it or delete it.",
    ),
    Label(
        "请不要修改表头文字；列的顺序可以调整，用不到的列可以删除。",
        "Keep the headings as they are; columns may be moved, and those that you do not need deleted.",
    ),
    Label(
        "条目编号用来在再次上传时认出同一条目，请保持不变。",
        "The line number is how a later upload finds the line again: keep it.",
    ),
    Label(
        "填好后在系统的清单页面上传；有问题的单元格会逐一指出，改好后再次上传即可。",
        "Upload the file on the page of your list. Each faulty cell is named; correct it and upload again.",
    ),
)
_HEADINGS = (
    Label("列名", "Column"),
    Label("必填", "Required"),
    Label("填写内容", "What it holds"),
    Label("说明", "Note"),
    Label("示例", "Example"),
)
_WIDTHS = (24, 8, 26, 64, 36)
_KINDS = {
    CellType.TEXT: Label("文字", "text"),
    CellType.LONG_TEXT: Label("文字，可换行", "text, also of several lines"),
    CellType.DIGITS: Label("文字或号码", "text or digits"),
    CellType.NUMBER: Label("数字", "number"),
    CellType.INTEGER: Label("整数", "whole number"),
    CellType.DATE: Label("日期", "day"),
    CellType.FLAG: Label("是或否", "yes or no"),
    CellType.CHOICE: Label("从下拉列表中选择", "choice from the list"),
    CellType.WORDS: Label("多项文字，用顿号分隔", "several words"),
    CellType.CHAIN: Label("从下拉列表中选择", "choice from the list"),
    CellType.NODE: Label("从下拉列表中选择", "choice from the list"),
    CellType.REGION: Label("从下拉列表中逐级选择", "choice from the list, step by step"),
    CellType.REGIONS: Label("多个地区，用顿号分隔", "several regions"),
    CellType.UNIT: Label("从下拉列表中选择或填写", "choice from the list or another"),
    CellType.REQUIREMENTS: Label("多项指标，每行一项", "several requirements, one a line"),
    CellType.PROPERTIES: Label("多项指标，每行一项", "several properties, one a line"),
    CellType.CERTIFICATES: Label("多个证书，每行一个", "several certificates, one a line"),
}


def write_instructions(book: Book, columns: Sequence[Column]) -> None:
    """General rules, then a row for each column."""
    language = book.language
    sheet = book.book.add_worksheet(HELP.text(language))
    sheet.write_string(0, 0, HELP.text(language), book.format(bold=True, font_size=14))
    row = 1
    for number, rule in enumerate(_RULES, 1):
        sheet.write_string(row, 0, f"{number}. {rule.text(language)}", book.format())
        row += 1
    row += 1
    for place, (label, width) in enumerate(zip(_HEADINGS, _WIDTHS, strict=True)):
        sheet.set_column(place, place, width)
        style = book.format(bold=True, bg_color="#1F4E79", font_color="#FFFFFF", border=1)
        sheet.write_string(row, place, label.text(language), style)
    for column in flat(columns):
        row += 1
        for place, text in enumerate(_about(column, language)):
            book.write(sheet, row, place, text, num_format="@", text_wrap=True, border=1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _about(column: Column, language: str) -> tuple[str, ...]:
    note = column.note.text(language) if column.note else ""
    example = EXAMPLE.text(language) if column.name == "key" else column.example
    return (
        column.label.text(language),
        YES.text(language) if column.required else "",
        _KINDS[column.type].text(language),
        note,
        example,
    )
