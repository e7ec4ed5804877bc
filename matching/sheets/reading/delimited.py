"""Text files with separated values: encoding and separator are found out, not asked for."""

from __future__ import annotations

import codecs
import csv
import io

from matching.kinds.declaration import Label
from matching.sheets.reading.grid import Book, Grid, Shape
from matching.sheets.reading.kinds import utf16_order
from matching.sheets.reading.limits import Limits
from matching.sheets.reading.wording import refused

_DELIMITERS = ",\t;，；|"
_NAMES = {
    ",": Label("逗号", "commas"),
    "\t": Label("制表符", "tabs"),
    ";": Label("分号", "semicolons"),
    "，": Label("全角逗号", "full-width commas"),
    "；": Label("全角分号", "full-width semicolons"),
    "|": Label("竖线", "bars"),
}
_MARKS = (
    (codecs.BOM_UTF8, "UTF-8"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


def read_delimited(data: bytes, limits: Limits) -> Book:
    """The rows of a text file as one sheet. Raises ``SheetRefused``."""
    encoding, text = _decoded(data)
    delimiter = _delimiter(text)
    rows: list[list[str]] = []
    cells = 0
    filled = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            cells += len(row)
            filled += any(row)
            if len(row) > limits.columns:
                raise refused("too_much")
            if filled > limits.rows + 1_000:
                raise refused("too_many_rows", name="CSV", count=filled, limit=limits.rows)
            if cells > limits.cells:
                raise refused("too_many_cells", count=cells, limit=limits.cells)
            if any(len(cell) > limits.cell_text for cell in row):
                raise refused("long_cell", name="CSV", limit=limits.cell_text)
            rows.append(row)
    except csv.Error as error:
        raise refused("long_cell", name="CSV", limit=limits.cell_text) from error
    shape = Shape("CSV", cells=cells, filled_rows=filled, last_row=len(rows) - 1)
    usual = encoding == "UTF-8" and delimiter == ","
    told = ("read_as_csv", {"encoding": encoding, "delimiter": _NAMES[delimiter]})
    return Book((Grid(shape, rows),), () if usual else (told,))


def _decoded(data: bytes) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, _strict(data, encoding).removeprefix("\ufeff")
    if 0 in data:
        return "UTF-16", _strict(data, f"utf-16-{utf16_order(data[:65_536])}")
    try:
        return "UTF-8", data.decode("utf-8")
    except UnicodeDecodeError:
        return "GB18030", _strict(data, "gb18030")


def _strict(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise refused("unknown_encoding") from error
    if "\0" in text:
        raise refused("unknown_encoding")
    return text


def _delimiter(text: str) -> str:
    """The sign that parts the most columns in the first lines; quotes hide what they hold."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:30]
    counts = {sign: max((_outside(line, sign) for line in lines), default=0) for sign in _DELIMITERS}
    best = max(counts.values(), default=0)
    return next((sign for sign in _DELIMITERS if counts[sign] == best), ",") if best else ","


def _outside(line: str, sign: str) -> int:
    return sum(part.count(sign) for part in line.split('"')[::2])
