"""The empty workbook that people download, fill in and upload."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import BinaryIO

from matching.kinds.declaration import Label
from matching.sheets.book import Book
from matching.sheets.cells import NO, YES, Cell
from matching.sheets.columns import EXAMPLE, flat
from matching.sheets.instructions import write_instructions
from matching.sheets.layout import ListSheet, add_rules, list_sheet
from matching.sheets.types import CellType, Column, Vocabulary

_HINT = Label(
    "带 * 的列提交前必填；灰色斜体的一行是示例，不会被导入。",
    "Columns marked * are needed to hand in; the grey row in italics is an example, not imported.",
)
_GREY = {"italic": True, "font_color": "#595959", "bg_color": "#EDEDED"}


def write_template(
    out: BinaryIO,
    columns: Sequence[Column],
    vocabulary: Vocabulary,
    *,
    title: Label,
    language: str,
    example: bool = True,
) -> None:
    """Write a template of the list to ``out`` as .xlsx: headings with notes, drop-downs, an example row."""
    book = Book(out, language)
    listed = list_sheet(book, columns, vocabulary, title, _HINT.text(language) if example else "")
    if example:
        listed.add_cells(_example(listed), **_GREY)
    write_instructions(book, columns)
    add_rules(listed)
    book.close()


def _example(listed: ListSheet) -> Iterator[tuple[Column, Cell]]:
    language = listed.book.language
    chain = next(iter(listed.names.vocabulary.chains), None)
    nodes = listed.names.leaves(chain) if chain else []
    first = {
        CellType.CHAIN: listed.names.chains[chain.code] if chain else None,
        CellType.NODE: nodes[0] if nodes else None,
    }
    for column in flat(listed.columns):
        if column.name == "key":
            yield column, EXAMPLE.text(language)
        elif column.type in first:
            yield column, first[column.type]
        else:
            yield column, example_cell(column, language)


def example_cell(column: Column, language: str) -> Cell:
    """A column's example as it stands in a cell."""
    if not column.example:
        return None
    if column.type in {CellType.NUMBER, CellType.INTEGER}:
        return Decimal(column.example)
    labels = [choice.label for choice in column.choices] + ([YES, NO] if column.type is CellType.FLAG else [])
    return next((label.text(language) for label in labels if label.zh == column.example), column.example)
