"""The shape of .ods workbooks: extents with their repetitions, hidden rows, faults and spans."""

from __future__ import annotations

from xml.parsers import expat

from matching.sheets.reading.grid import EMPTY_FORMULA, Shape
from matching.sheets.reading.limits import Limits
from matching.sheets.reading.package import Package, local
from matching.sheets.reading.wording import refused

CONTENT = "content.xml"
MANIFEST = "META-INF/manifest.xml"
_MOST_REPEATED = 1 << 24

Attributes = dict[str, str]


def shapes(package: Package, limits: Limits) -> list[Shape]:
    """Every sheet's shape in the order of the document. Raises ``SheetRefused``."""
    if MANIFEST in package.names and b"encryption-data" in package.read(MANIFEST):
        raise refused("encrypted")
    scan = _Scan(limits)
    package.parse(CONTENT, scan.parser)
    return scan.shapes


def _times(attributes: Attributes, name: str) -> int:
    text = attributes.get(name, "1")
    if not (text.isascii() and text.isdigit()) or len(text) > 8:
        raise refused("damaged")
    return min(max(int(text), 1), _MOST_REPEATED)


class _Scan:
    """One pass over the content."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.shapes: list[Shape] = []
        self.hidden_styles: set[str] = set()
        self.style = ""
        self.shape = Shape("")
        self.row = self.column = 0
        self.rows = 1
        self.row_filled = False
        self.cell: Attributes | None = None
        self.text = self.depth = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def _start(self, name: str, raw: Attributes) -> None:
        name = local(name)
        attributes = {local(key): value for key, value in raw.items()} if raw else raw
        if name in ("table-cell", "covered-table-cell"):
            # calcext:value-type comes later and says more than office:value-type.
            self.cell, self.text = attributes, 0
            if raw.get("office:value-type") and attributes.get("value-type") == "error":
                self.cell["error"] = "1"
        elif name == "table-row":
            self._open_row(attributes)
        elif name == "table":
            self._open_table(attributes)
        elif name == "table-column":
            self._hide_columns(attributes)
        elif name == "style":
            self.style = attributes.get("name", "")
        elif name == "table-properties" and attributes.get("display") == "false":
            self.hidden_styles.add(self.style)

    def _end(self, name: str) -> None:
        name = local(name)
        if name in ("table-cell", "covered-table-cell"):
            self._close_cell()
        elif name == "table-row":
            self._close_row()

    def _characters(self, text: str) -> None:
        if self.cell is not None:
            self.text += len(text)
            if self.text > self.limits.cell_text:
                raise refused("long_cell", name=self.shape.name, limit=self.limits.cell_text)

    def _open_table(self, attributes: Attributes) -> None:
        hidden = attributes.get("style-name", "") in self.hidden_styles
        self.shape = Shape(attributes.get("name", ""), hidden=hidden)
        self.shapes.append(self.shape)
        if len(self.shapes) > self.limits.sheets:
            raise refused("too_many_sheets", count=len(self.shapes), limit=self.limits.sheets)
        self.row = self.depth = 0

    def _hide_columns(self, attributes: Attributes) -> None:
        times = _times(attributes, "number-columns-repeated")
        if attributes.get("visibility") in ("collapse", "filter"):
            last = min(self.depth + times, self.limits.columns)
            self.shape.hidden_columns.update(range(self.depth, last))
        self.depth += times

    def _open_row(self, attributes: Attributes) -> None:
        self.column = 0
        self.rows = _times(attributes, "number-rows-repeated")
        self.row_filled = False
        if attributes.get("visibility") in ("collapse", "filter"):
            last = min(self.row + self.rows, self.limits.rows * 2)
            self.shape.hidden_rows.update(range(self.row, last))

    def _close_row(self) -> None:
        if self.row_filled:
            self.shape.filled_rows += self.rows
            self.shape.last_row = self.row + self.rows - 1
        self.row += self.rows

    def _close_cell(self) -> None:
        cell, shape = self.cell, self.shape
        if cell is None:
            return
        times = _times(cell, "number-columns-repeated")
        if (
            self.text
            or "value" in cell
            or "date-value" in cell
            or "boolean-value" in cell
            or "value-type" in cell
        ):
            self.row_filled = True
            shape.cells += times * self.rows
            shape.last_column = max(shape.last_column, self.column + times - 1)
            if shape.cells > self.limits.cells:
                raise refused("too_many_cells", count=shape.cells, limit=self.limits.cells)
            if "error" in cell:
                shape.faults[self.row, self.column] = ""
        elif "formula" in cell:
            self.row_filled = True
            shape.faults[self.row, self.column] = EMPTY_FORMULA
            shape.last_column = max(shape.last_column, self.column)
        self._span(cell)
        self.column += times
        self.cell = None

    def _span(self, cell: Attributes) -> None:
        down, across = _times(cell, "number-rows-spanned"), _times(cell, "number-columns-spanned")
        if down * across > 1:
            last = (self.row + down - 1, self.column + across - 1)
            self.shape.merges.append((self.row, self.column, *last))
            if len(self.shape.merges) > self.limits.merges:
                raise refused(
                    "too_many_merges",
                    name=self.shape.name,
                    count=len(self.shape.merges),
                    limit=self.limits.merges,
                )
