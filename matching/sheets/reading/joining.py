"""What cells of a row say together: a region's parts, a node and its chain, a number and its unit."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from matching.kinds.declaration import Label
from matching.sheets.reading.cells import CellReader, fault_of, is_empty
from matching.sheets.reading.line import Line, label_of
from matching.sheets.reading.values.chains import read_node
from matching.sheets.reading.values.regions import read_region
from matching.sheets.reading.values.texts import plain_text
from matching.sheets.reading.values.unreadable import Unreadable
from matching.sheets.specified import Specified
from matching.sheets.types import CellType, Column, Vocabulary

_DESCRIPTION = "description"
_PLACES = Decimal("0.0001")
_MOST = Decimal(10) ** 14


def join_parts(line: Line, columns: Sequence[Column], vocabulary: Vocabulary) -> None:
    """A column from its parts where any of them is filled, else from its own cell."""
    for column in columns:
        present = [part.name for part in column.parts if part.name in line.written]
        if not present:
            continue
        steps = [(name, line.written[name].cell) for name in present]
        faulty = [name for name, cell in steps if fault_of(cell, None)]
        filled = [(name, plain_text(cell)) for name, cell in steps if not is_empty(cell)]
        if faulty:
            line.fail(faulty[0], "error_cell", text="")
        elif filled:
            try:
                line.values[column.name] = read_region(
                    "".join(text for _name, text in filled), vocabulary.regions
                )
            except Unreadable as unreadable:
                line.fail_with(filled[-1][0], unreadable)
        elif not line.failed(column.name):
            line.values.setdefault(column.name, None)


def join_node(line: Line, vocabulary: Vocabulary) -> None:
    """A node within the row's chain. Where no chain is written, the node's own is taken."""
    text = line.values.get("node")
    if not isinstance(text, str):
        return
    chain = line.values.get("chain")
    try:
        found, node = read_node(text, chain if isinstance(chain, str) else None, vocabulary.chains)
    except Unreadable as unreadable:
        line.fail_with("node", unreadable)
        return
    line.values["node"] = node
    if not line.failed("chain"):
        line.values["chain"] = found


def join_specified(line: Line, reader: CellReader) -> None:
    """Technical values; what nobody understood goes to the description, or is a problem without one."""
    for name, each in line.written.items():
        text = line.values.get(name)
        if each.column.type not in (CellType.REQUIREMENTS, CellType.PROPERTIES) or not isinstance(text, str):
            continue
        read = reader.specified(text, each.column.type)
        line.values[name] = [{**row, "values": list(row["values"])} for row in read.rows] or None
        if read.unread:
            _keep_unread(line, name, read)


def _keep_unread(line: Line, name: str, read: Specified) -> None:
    text = "；".join(read.unread)
    shown = text if len(text) <= 60 else f"{text[:60]}…"
    home = line.written.get(_DESCRIPTION)
    before = line.values.get(_DESCRIPTION)
    together = f"{before}\n{text}" if isinstance(before, str) else text
    limit = home.column.max_length if home else 0
    if home is None or line.failed(_DESCRIPTION) or (limit is not None and len(together) > limit):
        line.fail(name, "not_specified", text=shown)
        return
    if not (isinstance(before, str) and text in before):
        line.values[_DESCRIPTION] = together
    line.tell(name, "kept_as_text", text=shown, label=label_of(line.written, _DESCRIPTION))


def settle(line: Line, name: str, value: Decimal) -> None:
    """A number as the database takes it: whole or with four decimals, within the column's bounds."""
    each = line.written[name]
    column = each.column
    shown = plain_text(each.cell, each.number_format)
    if column.type is CellType.INTEGER and value != value.to_integral_value():
        line.fail(name, "not_whole", text=shown)
        return
    low = column.least if column.least is not None else -_MOST
    high = column.most if column.most is not None else _MOST
    if not low <= value <= high or abs(value) >= _MOST:
        line.fail(name, "out_of_range", text=shown, range=_bounds(column))
        return
    if column.type is CellType.INTEGER:
        line.values[name] = int(value)
        return
    rounded = value.quantize(_PLACES, ROUND_HALF_UP)
    if rounded != value:
        line.tell(name, "rounded", text=shown, value=rounded.normalize())
    line.values[name] = rounded.normalize() if rounded != value else value


def _bounds(column: Column) -> Label:
    if column.least is None or column.most is not None:
        text = f"{column.least if column.least is not None else '-10^14'}~{column.most or '10^14'}"
        return Label(text, text)
    return Label(f"不小于 {column.least}", f"not below {column.least}")
