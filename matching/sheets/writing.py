"""Lists as workbooks that import again unchanged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import BinaryIO

from matching.kinds.declaration import Label
from matching.sheets.book import Book
from matching.sheets.layout import add_rules, list_sheet
from matching.sheets.types import Column, Vocabulary


def write_rows(
    out: BinaryIO,
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, object]],
    *,
    vocabulary: Vocabulary,
    title: Label,
    language: str,
    rules: bool = True,
) -> int:
    """Write a list to ``out`` as .xlsx and return the number of its rows.

    ``rows`` hold values by column name in the form of ``ReadRow.values``; they are taken one at a time and
    memory does not grow with them. Text is stored as text, never as a formula; numbers of more than 15
    digits are stored as text too, so that none is lost. Cells have the drop-downs and checks of a template
    unless ``rules`` is false.
    """
    book = Book(out, language)
    listed = list_sheet(book, columns, vocabulary, title)
    count = 0
    for row in rows:
        listed.add(row)
        count += 1
    listed.add_filter()
    if rules:
        add_rules(listed)
    book.close()
    return count
