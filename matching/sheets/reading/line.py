"""One row while it is being read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from matching.kinds.declaration import Label
from matching.sheets.reading.grid import Cell, address
from matching.sheets.reading.headers import Heading
from matching.sheets.reading.values.numbers import Amount
from matching.sheets.reading.values.unreadable import Unreadable
from matching.sheets.reading.wording import problem
from matching.sheets.types import Column, Problem, ReadRow


@dataclass(frozen=True, slots=True)
class Written:
    """A cell of the row: its heading, what stands in it and its number format."""

    heading: Heading
    cell: Cell
    number_format: str = ""

    @property
    def column(self) -> Column:
        """The column of the list, or the part of one."""
        return self.heading.meant.column


@dataclass(slots=True)
class Line:
    """What was read so far; ``amounts`` are numbers that still wait for their units."""

    sheet: str
    row: int
    written: Mapping[str, Written]
    values: dict[str, object] = field(default_factory=dict)
    amounts: dict[str, Amount] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)

    def fail(self, name: str, code: str, **facts: object) -> None:
        """The cell of a column can't be taken: it has no value and says why."""
        self.values.pop(name, None)
        self.problems.append(self._problem(name, code, facts))

    def fail_with(self, name: str, unreadable: Unreadable) -> None:
        """The same from what a reader raised."""
        self.fail(name, unreadable.code, **unreadable.facts)

    def tell(self, name: str, code: str, **facts: object) -> None:
        """Something about a cell that was read."""
        self.notices.append(self._problem(name, code, facts))

    def failed(self, name: str) -> bool:
        """Whether the cell of a column has a problem."""
        return any(each.column == name for each in self.problems)

    def empty(self, name: str) -> bool:
        """Whether the workbook has the column and nothing stands in it."""
        return name in self.values and self.values[name] is None

    def finished(self, hidden: bool) -> ReadRow:
        """The row as others see it."""
        places = {name: each.heading.place for name, each in self.written.items()}
        problems = sorted(self.problems, key=lambda each: places.get(each.column, -1))
        cells = {name: address(self.row, place) for name, place in places.items()}
        return ReadRow(self.sheet, self.row + 1, self.values, cells, tuple(problems), hidden)

    def _problem(self, name: str, code: str, facts: Mapping[str, object]) -> Problem:
        found = self.written.get(name)
        cell = address(self.row, found.heading.place) if found else ""
        return problem(code, facts, sheet=self.sheet, row=self.row + 1, cell=cell, column=name)


def label_of(written: Mapping[str, Written], name: str) -> Label | str:
    """A column's label where the workbook has it."""
    found = written.get(name)
    return found.column.label if found else name
