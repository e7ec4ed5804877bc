"""Whether a sheet's shape is within the limits; asked before anything is taken apart."""

from __future__ import annotations

from collections.abc import Iterable

from matching.sheets.reading.grid import Shape, address
from matching.sheets.reading.limits import Limits
from matching.sheets.reading.wording import refused

_HEAD_ROWS = 1_000
"""Rows of titles, gaps and remarks that are allowed beside the lines."""


def check_shape(shape: Shape, limits: Limits) -> None:
    """Raises ``SheetRefused`` where a sheet has too much or something far away."""
    if shape.filled_rows > limits.rows + _HEAD_ROWS:
        raise refused("too_many_rows", name=shape.name, count=shape.filled_rows, limit=limits.rows)
    if shape.last_row >= limits.rows + _HEAD_ROWS or shape.last_column >= limits.columns:
        far = address(max(shape.last_row, 0), max(shape.last_column, 0))
        raise refused("far_cell", name=shape.name, address=far)


def check_count(shapes: Iterable[Shape], limits: Limits) -> None:
    """Raises ``SheetRefused`` where the file has too many cells in all."""
    count = sum(shape.cells for shape in shapes)
    if count > limits.cells:
        raise refused("too_many_cells", count=count, limit=limits.cells)
