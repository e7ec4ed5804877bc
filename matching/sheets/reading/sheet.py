"""The lines of one sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from matching.sheets.columns import FIRM
from matching.sheets.reading.amounts import join_amounts
from matching.sheets.reading.cells import CellReader
from matching.sheets.reading.grid import EMPTY_FORMULA, Cell, Grid, Range, address, letters
from matching.sheets.reading.headers import Header, Heading
from matching.sheets.reading.headings import Headings
from matching.sheets.reading.joining import join_node, join_parts, join_specified
from matching.sheets.reading.limits import Limits
from matching.sheets.reading.line import Line, Written
from matching.sheets.reading.merging import area, filled_down
from matching.sheets.reading.skipping import Skipping
from matching.sheets.reading.values.texts import narrow, plain_text
from matching.sheets.reading.wording import problem
from matching.sheets.types import CellType, Column, Problem, ReadRow

_NEEDED = ("chain", "title")
"""Without these a row is no line at all; other required columns a draft may lack."""
_NAMED_ROWS = 8
USCC = FIRM[1]


@dataclass(slots=True)
class Told:
    """What is wrong with a workbook and what is worth telling, as it comes up."""

    problems: list[Problem] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)


class SheetReader:
    """Reads the rows below a sheet's header."""

    def __init__(
        self, grid: Grid, header: Header, columns: Sequence[Column], reader: CellReader, limits: Limits
    ) -> None:
        self.grid = grid
        self.header = header
        self.columns = columns
        self.reader = reader
        self.headings = [each for each in header.headings if not each.meant.ignored]
        self.merged = filled_down(grid, header.last, {each.place for each in header.headings}, limits)
        self._passed = {each.place for each in header.headings if each.meant.ignored}
        self._uscc = next((each.place for each in header.headings if each.meant.column is USCC), None)
        self.skipping = Skipping(grid, header)
        self._by_name = {column.name: column for column in columns}
        self._whole = [column for column in columns if column.parts]
        self._merges_told: set[Range] = set()

    def rows(self, told: Told) -> Iterator[ReadRow]:
        """Every line of the sheet, in order."""
        shape, name = self.grid.shape, self.grid.shape.name
        for row in range(self.header.last + 1, len(self.grid.rows)):
            cells = list(self.grid.rows[row])
            if not self._holds_anything(row, cells):
                continue
            if skip := self.skipping.reason(row, cells):
                code, text = skip
                told.notices.append(problem(code, {"text": text}, sheet=name, row=row + 1))
                continue
            line = Line(name, row, self._written(row, cells, told))
            self._read(line, row)
            told.notices += line.notices
            found = line.finished(row in shape.hidden_rows)
            yield found if self._uscc is None else self._of_firm(found, row, self._uscc)

    def _of_firm(self, found: ReadRow, row: int, place: int) -> ReadRow:
        """The row with the credit code that stands in it."""
        merge = self.merged.get((row, place))
        code = narrow(plain_text(self.grid.at(merge[0] if merge else row, place)))
        cells = {**found.cells, USCC.name: address(row, place)}
        return replace(found, cells=cells, uscc="".join(code.split()).upper())

    def _holds_anything(self, row: int, cells: list[Cell]) -> bool:
        """Whether there is anything in the row beside its count and its firm; what a merge fills is not."""
        for place, cell in enumerate(cells):
            blank = isinstance(cell, str) and not cell.strip()
            if not blank and place not in self._passed:
                return True
        faults = self.grid.shape.faults
        return bool(faults) and any((row, each.place) in faults for each in self.headings)

    def _written(self, row: int, cells: list[Cell], told: Told) -> dict[str, Written]:
        formats = self.grid.shape.formats
        found: dict[str, Written] = {}
        for heading in self.headings:
            place = heading.place
            cell = cells[place] if place < len(cells) else ""
            merge = self.merged.get((row, place))
            if merge is not None and cell == "":
                cell = self.grid.at(merge[0], place)
                self._tell_merge(heading, merge, cell, told)
            code = formats.get((merge[0] if merge else row, place), "") if formats else ""
            found[heading.meant.column.name] = Written(heading, cell, code)
        return found

    def _tell_merge(self, heading: Heading, merge: Range, cell: Cell, told: Told) -> None:
        """A number that stands for several rows may be their sum."""
        kind = heading.meant.column.type
        if kind not in (CellType.NUMBER, CellType.INTEGER) or merge in self._merges_told or cell == "":
            return
        self._merges_told.add(merge)
        told.notices.append(
            problem(
                "merge_filled",
                {"area": area(merge), "text": plain_text(cell)},
                sheet=self.grid.shape.name,
                row=merge[0] + 1,
                cell=f"{letters(heading.place)}{merge[0] + 1}",
                column=heading.meant.column.name,
            )
        )

    def _read(self, line: Line, row: int) -> None:
        self.reader.read(line, self._faults(line, row))
        join_parts(line, self._whole, self.reader.vocabulary)
        join_amounts(line, self._by_name)
        join_node(line, self.reader.vocabulary)
        join_specified(line, self.reader)
        for column in self.columns:
            if column.required and column.name in _NEEDED and line.empty(column.name):
                line.fail(column.name, "required", label=column.label)

    def _faults(self, line: Line, row: int) -> dict[str, str]:
        faults = self.grid.shape.faults
        if not faults:
            return {}
        places = {name: (row, each.heading.place) for name, each in line.written.items()}
        found: dict[str, str] = {}
        for name, place in places.items():
            fault = faults.get(place)
            # Some programs write a formula's result as text and leave out that there is one.
            if fault is not None and not (fault == EMPTY_FORMULA and line.written[name].cell != ""):
                found[name] = fault
        return found


def tell_shape(grid: Grid, header: Header, headings: Headings, told: Told) -> None:
    """Hidden rows, columns and sheets, and headings that were passed over."""
    shape = grid.shape
    if shape.hidden:
        told.notices.append(problem("sheet_hidden", {"name": shape.name}, sheet=shape.name))
    hidden = sorted(
        row for row in shape.hidden_rows if header.last < row < len(grid.rows) and any(grid.rows[row])
    )
    if hidden:
        shown = "、".join(str(row + 1) for row in hidden[:_NAMED_ROWS]) + (
            "…" if len(hidden) > _NAMED_ROWS else ""
        )
        told.notices.append(
            problem(
                "rows_hidden", {"name": shape.name, "count": len(hidden), "rows": shown}, sheet=shape.name
            )
        )
    names = [each.text for each in header.headings if each.place in shape.hidden_columns]
    if names:
        shown = "、".join(names)
        told.notices.append(
            problem("columns_hidden", {"name": shape.name, "columns": shown}, sheet=shape.name)
        )
    _tell_headings(shape.name, header, headings, told)


def _tell_headings(sheet: str, header: Header, headings: Headings, told: Told) -> None:
    row = header.last + 1

    def tell(code: str, place: int, **facts: object) -> None:
        cell = f"{letters(place)}{row}"
        told.notices.append(problem(code, facts, sheet=sheet, row=row, cell=cell))

    for each in header.headings:
        if each.meant.of_firm:
            tell("ignored_column", each.place, header=each.text)
        elif each.meant.counts and not any(other.meant.column.name == "key" for other in header.headings):
            tell("serial_column", each.place, header=each.text)
    for place, text in header.unknown.items():
        shown = text.strip()[:40]
        near = headings.near(text)
        if near is None:
            tell("unknown_column", place, header=shown)
        else:
            tell("unknown_column_near", place, header=shown, near=near)
    for place, (text, first) in header.repeated.items():
        tell("repeated_column", place, header=text, first=first)
