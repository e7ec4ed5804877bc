"""The shape of .xls workbooks: extents, hidden rows and faults, from the records of their stream (MS-XLS)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from matching.kinds.declaration import Label
from matching.sheets.reading.compound import streams
from matching.sheets.reading.grid import Shape
from matching.sheets.reading.limits import Limits
from matching.sheets.reading.wording import refused

_BOF = {0x0809, 0x0409, 0x0209, 0x0009}
_SHEET, _ROW, _COLUMN, _BOOL_OR_ERROR, _PASSWORD = 0x0085, 0x0208, 0x007D, 0x0205, 0x002F
_VALUES = {0x0203, 0x027E, 0x00FD, 0x0204, 0x00D6, 0x0205, 0x0006, 0x0406, 0x0003, 0x0004}
_SEVERAL_NUMBERS = 0x00BD
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_FORMULAS = {0x0006, 0x0406}
_ROW_IS_HIDDEN = 0x20


def shapes(data: bytes, limits: Limits) -> list[Shape]:
    """Every sheet's shape in the order of the workbook. Raises ``SheetRefused``."""
    found = streams(data)
    if "encryptedpackage" in found or "encryptioninfo" in found:
        raise refused("encrypted")
    stream = found.get("workbook") or found.get("book")
    if not stream:
        raise refused("not_a_workbook", found=_other(found))
    try:
        return _shapes(stream, limits)
    except struct.error as error:
        raise refused("damaged") from error


def _other(found: dict[str, bytes]) -> Label:
    if "worddocument" in found:
        return Label("Word 文档", "a Word document")
    if "powerpoint document" in found:
        return Label("PowerPoint 演示文稿", "a PowerPoint presentation")
    return Label("其他 Office 文件", "another office document")


@dataclass(frozen=True, slots=True)
class _Record:
    kind: int
    start: int
    size: int


def _records(stream: bytes, at: int) -> Iterator[_Record]:
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if at + 4 + size > len(stream):
            return
        yield _Record(kind, at + 4, size)
        at += 4 + size


def _shapes(stream: bytes, limits: Limits) -> list[Shape]:
    starts: list[tuple[Shape, int]] = []
    wide = False
    for record in _records(stream, 0):
        if record.kind == _PASSWORD:
            raise refused("encrypted")
        if record.kind in _BOF and record.size >= 2 and record.start == 4:
            wide = struct.unpack_from("<H", stream, record.start)[0] >= 0x0600
        if record.kind == _SHEET and record.size >= 8:
            starts.append(_named(stream, record, wide))
            if len(starts) > limits.sheets:
                raise refused("too_many_sheets", count=len(starts), limit=limits.sheets)
        if record.kind == 0x000A:
            break
    if not starts:
        raise refused("damaged")
    for shape, start in starts:
        _scan(stream, start, shape)
    return [shape for shape, _start in starts]


def _named(stream: bytes, record: _Record, wide: bool) -> tuple[Shape, int]:
    start, state, _kind, length = struct.unpack_from("<IBBB", stream, record.start)
    at = record.start + 7
    if wide and at < record.start + record.size:
        doubled = stream[at] & 1
        raw = stream[at + 1 : at + 1 + length * (1 + doubled)]
        name = raw.decode("utf-16-le" if doubled else "latin-1", "replace")
    else:
        name = stream[at : at + length].decode("gb18030", "replace")
    return Shape(name, hidden=bool(state & 3)), start


def _scan(stream: bytes, start: int, shape: Shape) -> None:
    rows: set[int] = set()
    depth = 0
    for record in _records(stream, start):
        if record.kind in _BOF:
            depth += 1
        elif record.kind == 0x000A:
            depth -= 1
            if depth <= 0:
                break
        # A chart inside the sheet has records of its own.
        elif depth == 1:
            _keep(stream, record, shape, rows)
    shape.filled_rows = len(rows)


def _keep(stream: bytes, record: _Record, shape: Shape, rows: set[int]) -> None:
    if record.kind in _VALUES or record.kind == _SEVERAL_NUMBERS:
        row, first = struct.unpack_from("<HH", stream, record.start)
        last = first + max((record.size - 6) // 6, 1) - 1 if record.kind == _SEVERAL_NUMBERS else first
        rows.add(row)
        shape.cells += last - first + 1
        shape.last_row, shape.last_column = max(shape.last_row, row), max(shape.last_column, last)
        _keep_fault(stream, record, shape, (row, first))
    elif record.kind == _ROW and record.size >= 16:
        (row,) = struct.unpack_from("<H", stream, record.start)
        if stream[record.start + 12] & _ROW_IS_HIDDEN:
            shape.hidden_rows.add(row)
    elif record.kind == _COLUMN and record.size >= 10:
        first, last, _width, _style, options = struct.unpack_from("<HHHHH", stream, record.start)
        if options & 1:
            shape.hidden_columns.update(range(first, min(last, 255) + 1))


def _keep_fault(stream: bytes, record: _Record, shape: Shape, place: tuple[int, int]) -> None:
    if record.kind == _BOOL_OR_ERROR and record.size >= 8 and stream[record.start + 7]:
        shape.faults[place] = _ERRORS.get(stream[record.start + 6], "")
    elif record.kind in _FORMULAS and record.size >= 14:
        # A result that is no number ends in FFFF and begins with its type; 2 is an error.
        result = stream[record.start + 6 : record.start + 14]
        if result[6:8] == b"\xff\xff" and result[0] == 2:
            shape.faults[place] = _ERRORS.get(result[2], "")
