"""A whole workbook: its sheets, their headers, all lines, what is wrong with it and what is worth telling."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from matching.kinds.declaration import Label
from matching.sheets.columns import HELP, LISTS
from matching.sheets.reading.cells import CellReader
from matching.sheets.reading.grid import Book, Grid
from matching.sheets.reading.headers import Header, find_header
from matching.sheets.reading.headings import Headings
from matching.sheets.reading.limits import DEFAULT, Limits
from matching.sheets.reading.opening import open_book
from matching.sheets.reading.sheet import SheetReader, Told, tell_shape
from matching.sheets.reading.wording import problem, refused
from matching.sheets.types import Column, Reading, ReadRow, Vocabulary

_KEY = "key"
_OURS = (HELP.zh, HELP.en, LISTS)


def read(
    data: bytes | os.PathLike[str],
    name: str,
    columns: Sequence[Column],
    vocabulary: Vocabulary,
    limits: Limits = DEFAULT,
) -> Reading:
    """All lines of a workbook, ``data`` being its bytes or where it lies, ``name`` what its sender called it.

    Starts one short process that takes the file apart. Raises ``SheetRefused`` for what is no workbook, too
    large or hostile; whatever else is wrong stands in the problems of rows and of the reading.
    """
    book = open_book(_bytes(data, limits), name, limits)
    headings = Headings(columns)
    told = Told()
    told.notices += [problem(code, facts) for code, facts in book.told]
    sheets = _sheets(book, headings, told)
    if not sheets:
        wanted = [column.label for column in columns if column.required][:4]
        shown = Label("、".join(label.zh for label in wanted), ", ".join(label.en for label in wanted))
        told.problems.append(problem("no_header", {"wanted": shown}))
    reader = CellReader(vocabulary, limits)
    rows: list[ReadRow] = []
    for grid, header in sheets:
        _tell_missing(grid, header, columns, told)
        tell_shape(grid, header, headings, told)
        before = len(rows)
        rows += SheetReader(grid, header, columns, reader, limits).rows(told)
        if len(rows) == before:
            told.notices.append(
                problem("sheet_without_lines", {"name": grid.shape.name}, sheet=grid.shape.name)
            )
        if len(rows) > limits.rows:
            raise refused("too_many_rows", name=grid.shape.name, count=len(rows), limit=limits.rows)
    return Reading(
        tuple(_once(rows)),
        tuple(told.problems),
        tuple(told.notices),
        _found(columns, [header for _grid, header in sheets]),
        tuple(grid.shape.name for grid, _header in sheets),
    )


def _bytes(data: bytes | os.PathLike[str], limits: Limits) -> bytes:
    if isinstance(data, bytes):
        return data
    with Path(data).open("rb") as file:
        return file.read(limits.bytes + 1)


def _sheets(book: Book, headings: Headings, told: Told) -> list[tuple[Grid, Header]]:
    found: list[tuple[Grid, Header]] = []
    for grid in book.grids:
        name = grid.shape.name
        if name in _OURS or not grid.shape.cells:
            continue
        header = find_header(grid, headings)
        # A hidden sheet of words has headings like “产业链”; one that holds lines has a title.
        if header is None or (grid.shape.hidden and "title" not in _names(header)):
            told.notices.append(problem("sheet_skipped", {"name": name}, sheet=name))
        else:
            found.append((grid, header))
    return found


def _names(header: Header) -> set[str]:
    return {each.meant.whole.name for each in header.headings if not each.meant.ignored}


def _found(columns: Iterable[Column], headers: Iterable[Header]) -> tuple[str, ...]:
    names = {name for header in headers for name in _names(header)}
    return tuple(column.name for column in columns if column.name in names)


def _tell_missing(grid: Grid, header: Header, columns: Iterable[Column], told: Told) -> None:
    names = _names(header)
    for column in columns:
        if column.required and column.name not in names:
            told.problems.append(
                problem(
                    "missing_column",
                    {"label": column.label},
                    sheet=grid.shape.name,
                    row=header.last + 1,
                    column=column.name,
                )
            )


def _once(rows: Iterable[ReadRow]) -> Iterable[ReadRow]:
    """Rows whose line number stands in an earlier row of the same firm say so."""
    first: dict[tuple[str, str], ReadRow] = {}
    for row in rows:
        key = row.values.get(_KEY)
        earlier = first.setdefault((row.uscc, key), row) if isinstance(key, str) else row
        if earlier is row:
            yield row
            continue
        twice = problem(
            "duplicate_key",
            {"key": key, "first": earlier.number},
            sheet=row.sheet,
            row=row.number,
            cell=row.cells.get(_KEY, ""),
            column=_KEY,
        )
        values = {name: value for name, value in row.values.items() if name != _KEY}
        yield replace(row, values=values, problems=(*row.problems, twice))
