"""The shape of .xlsx workbooks: extents, hidden rows, faults and formats, streamed from their XML.

The values themselves come from calamine, which tells none of this.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from xml.parsers import expat

from matching.sheets.reading.grid import EMPTY_FORMULA, Shape, column_number
from matching.sheets.reading.limits import Limits
from matching.sheets.reading.package import Package, local
from matching.sheets.reading.wording import refused

WORKBOOK = "xl/workbook.xml"
_SHAPED = re.compile(r"%|^0{2,20}$")
_BUILT_IN = {"9": "0%", "10": "0.00%"}
_MOST_ELEMENTS = 3_000_000
_REF = re.compile(r"([A-Za-z]{1,4})([0-9]{1,8})")

Attributes = dict[str, str]


def shapes(package: Package, limits: Limits) -> list[Shape]:
    """Every sheet's shape in the order of the workbook. Raises ``SheetRefused``."""
    sheets, targets = _sheets(package), _targets(package)
    if len(sheets) > limits.sheets:
        raise refused("too_many_sheets", count=len(sheets), limit=limits.sheets)
    formats = _formats(package)
    found = []
    for attributes in sheets:
        name = next((value for key, value in attributes.items() if local(key) == "id"), "")
        shape = Shape(
            attributes.get("name", ""), hidden=attributes.get("state", "") in ("hidden", "veryHidden")
        )
        part = targets.get(name, "")
        if part in package.names:
            _Scan(shape, formats, limits).run(package, part)
        found.append(shape)
    return found


def _elements(package: Package, name: str, wanted: Callable[[str, Attributes], None]) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda element, attributes: wanted(local(element), attributes)
    package.parse(name, parser)


def _sheets(package: Package) -> list[Attributes]:
    found: list[Attributes] = []
    _elements(
        package, WORKBOOK, lambda name, attributes: found.append(attributes) if name == "sheet" else None
    )
    return found


def _targets(package: Package) -> dict[str, str]:
    relations = "xl/_rels/workbook.xml.rels"
    found: dict[str, str] = {}

    def keep(name: str, attributes: Attributes) -> None:
        if name == "Relationship":
            target = attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            found[attributes.get("Id", "")] = path

    if relations in package.names:
        _elements(package, relations, keep)
    return found


def _formats(package: Package) -> dict[str, str]:
    """Number formats without which a value reads otherwise, by the style's number."""
    codes = dict(_BUILT_IN)
    styles: list[str] = []
    inside: list[bool] = [False]

    def keep(name: str, attributes: Attributes) -> None:
        if name == "numFmt":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name in ("cellXfs", "cellStyleXfs", "cellStyles"):
            inside[0] = name == "cellXfs"
        elif name == "xf" and inside[0]:
            styles.append(attributes.get("numFmtId", ""))

    if "xl/styles.xml" in package.names:
        _elements(package, "xl/styles.xml", keep)
    shaped = {key: code for key, code in codes.items() if _SHAPED.search(code)}
    return {str(at): shaped[key] for at, key in enumerate(styles) if key in shaped}


class _Scan:
    """One pass over a sheet's XML; handlers are called for every cell and do as little as they can."""

    def __init__(self, shape: Shape, formats: dict[str, str], limits: Limits) -> None:
        self.shape = shape
        self.formats = formats
        self.limits = limits
        self.parser = expat.ParserCreate()
        self.row = -1
        self.column = -1
        self.cell: Attributes = {}
        self.formula = self.filled_row = False
        self.elements = self.merges = 0
        self.columns: dict[str, int] = {}
        self.handlers: dict[str, Callable[[Attributes], None] | None] = {
            "c": self._cell,
            "v": self._value,
            "is": self._value,
            "f": self._formula,
            "row": self._row,
            "col": self._col,
            "mergeCell": self._merge,
        }

    def run(self, package: Package, part: str) -> None:
        self.parser.StartElementHandler = self._start
        package.parse(part, self.parser)
        self._close_formula()

    def _start(self, name: str, attributes: Attributes) -> None:
        if name not in self.handlers:
            self.handlers[name] = self.handlers.get(local(name)) if ":" in name else None
        handler = self.handlers[name]
        if handler is not None:
            handler(attributes)

    def _row(self, attributes: Attributes) -> None:
        self._close_formula()
        number = attributes.get("r", "")
        self.row = (
            int(number) - 1 if number.isascii() and number.isdigit() and len(number) < 9 else self.row + 1
        )
        self.column = -1
        self.filled_row = False
        if attributes.get("hidden") in ("1", "true") and self.row < self.limits.rows * 2:
            self.shape.hidden_rows.add(self.row)

    def _cell(self, attributes: Attributes) -> None:
        if self.formula:
            self._close_formula()
        self.cell = attributes
        self.elements += 1
        if self.elements > _MOST_ELEMENTS:
            raise refused("too_much")
        reference = attributes.get("r")
        if reference is None:
            self.column += 1
            return
        head = reference.rstrip("0123456789")
        column = self.columns.get(head)
        if column is None:
            column = self.columns[head] = column_number(head)
        self.column = column
        if column < 0:
            raise refused("damaged")

    def _value(self, attributes: Attributes) -> None:
        if self.formula:
            self._await_result()
        shape, row, column = self.shape, self.row, self.column
        shape.cells += 1
        if not self.filled_row:
            self.filled_row = True
            shape.filled_rows += 1
        reference = self.cell.get("r")
        if reference is not None and reference[len(reference.rstrip("0123456789")) :] != str(row + 1):
            row = self._row_of(reference)
        if row > shape.last_row:
            shape.last_row = row
        if column > shape.last_column:
            shape.last_column = column
        if self.cell.get("t") == "e":
            self.formula = False
            shape.faults[row, column] = ""
            self.parser.CharacterDataHandler = self._fault(row, column)
            self.parser.EndElementHandler = self._end_fault
        elif (style := self.cell.get("s")) in self.formats and style is not None:
            shape.formats[row, column] = self.formats[style]

    def _row_of(self, reference: str) -> int:
        """A cell may say another row than the row that it stands in: the cell is believed."""
        found = _REF.fullmatch(reference)
        if found is None:
            raise refused("damaged")
        return int(found[2]) - 1

    def _await_result(self) -> None:
        """An empty result counts as one only where it is a text."""
        if self.cell.get("t") == "str":
            self.formula = False
        else:
            self.parser.CharacterDataHandler = self._result
            self.parser.EndElementHandler = self._end_fault

    def _result(self, _text: str) -> None:
        self.formula = False

    def _fault(self, row: int, column: int) -> Callable[[str], None]:
        def keep(text: str) -> None:
            self.shape.faults[row, column] = text[:20]

        return keep

    def _end_fault(self, _name: str) -> None:
        self.parser.CharacterDataHandler = None
        self.parser.EndElementHandler = None

    def _formula(self, _attributes: Attributes) -> None:
        self.formula = True

    def _close_formula(self) -> None:
        """A formula behind which no value came."""
        if self.formula and self.row >= 0:
            self.shape.faults[self.row, self.column] = EMPTY_FORMULA
            self.shape.cells += 1
        self.formula = False

    def _col(self, attributes: Attributes) -> None:
        if attributes.get("hidden") in ("1", "true"):
            try:
                first, last = int(attributes["min"]), int(attributes["max"])
            except (KeyError, ValueError):
                return
            # Everything to the right of a table is often hidden; only its own columns are worth telling.
            self.shape.hidden_columns.update(range(first - 1, min(last, self.limits.columns)))

    def _merge(self, _attributes: Attributes) -> None:
        self.merges += 1
        if self.merges > self.limits.merges:
            raise refused(
                "too_many_merges", name=self.shape.name, count=self.merges, limit=self.limits.merges
            )
