"""Merged cells of a sheet's rows: each row of a vertical merge has what stands in its first."""

from __future__ import annotations

from collections.abc import Collection

from matching.sheets.reading.grid import Grid, Range, address
from matching.sheets.reading.limits import Limits
from matching.sheets.reading.wording import refused

_MOST_FILLED = 2_000_000


def filled_down(
    grid: Grid, below: int, places: Collection[int], limits: Limits
) -> dict[tuple[int, int], Range]:
    """Cells (row, column) that a merge fills, with the merge; of columns ``places`` under row ``below``."""
    found: dict[tuple[int, int], Range] = {}
    work = 0
    last = min(len(grid.rows), limits.rows + 1_000) - 1
    for merge in grid.shape.merges:
        first, left, bottom, _right = merge
        if first <= below or bottom <= first or left not in places:
            continue
        rows = range(first + 1, min(bottom, last) + 1)
        work += len(rows)
        if work > _MOST_FILLED:
            raise refused(
                "too_many_merges", name=grid.shape.name, count=len(grid.shape.merges), limit=limits.merges
            )
        for row in rows:
            found.setdefault((row, left), merge)
    return found


def area(merge: Range) -> str:
    """``C7:C9``."""
    first, left, last, right = merge
    return f"{address(first, left)}:{address(last, right)}"
