"""The header of a sheet: found below titles, over one row or two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matching.sheets.reading.grid import Grid
from matching.sheets.reading.headings import Headings, Meant

_SEARCHED_ROWS = 60
_LEAST = 2


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a sheet (counted from 0), the text above it and what it means."""

    place: int
    text: str
    meant: Meant


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a sheet. ``last`` is its last row; ``unknown`` and ``repeated`` are texts by column."""

    first: int
    last: int
    headings: tuple[Heading, ...]
    unknown: Mapping[int, str]
    repeated: Mapping[int, tuple[str, str]]
    """Headings that mean what another means already: their text and the other's."""

    @property
    def count(self) -> int:
        """How many columns of the list were found."""
        return sum(not heading.meant.ignored for heading in self.headings)


def find_header(grid: Grid, headings: Headings) -> Header | None:
    """The row, or two, in which the most columns are named; None where none is recognisable."""
    best: Header | None = None
    for row in range(min(len(grid.rows), _SEARCHED_ROWS)):
        texts = _texts(grid, row)
        if not texts:
            continue
        for header in (_header(headings, row, row, texts), _double(grid, headings, row, texts)):
            if header is None or header.count < _least(header, texts):
                continue
            if best is None or header.count > best.count:
                best = header
    return best


def _least(header: Header, texts: Mapping[int, str]) -> int:
    """A narrow list may have one column only; anything wider names two."""
    return (
        1
        if len(texts) == 1 and any(each.meant.column.name == "title" for each in header.headings)
        else _LEAST
    )


def _texts(grid: Grid, row: int) -> dict[int, str]:
    cells = enumerate(grid.rows[row]) if row < len(grid.rows) else ()
    return {place: cell for place, cell in cells if isinstance(cell, str) and cell.strip()}


def _header(headings: Headings, first: int, last: int, texts: Mapping[int, str | Sequence[str]]) -> Header:
    meant: list[Heading] = []
    unknown: dict[int, str] = {}
    for place, written in texts.items():
        candidates = (written,) if isinstance(written, str) else written
        understood = [(text, found) for text in candidates if (found := headings.meaning(text))]
        if understood:
            meant.append(Heading(place, *understood[0]))
        else:
            unknown[place] = candidates[0]
    chosen: dict[str, Heading] = {}
    for heading in sorted(meant, key=lambda each: (each.meant.rank, each.place)):
        chosen.setdefault(heading.meant.column.name + str(heading.meant.ignored), heading)
    kept = sorted(chosen.values(), key=lambda each: each.place)
    repeated = {
        each.place: (each.text, chosen[each.meant.column.name + str(each.meant.ignored)].text)
        for each in meant
        if each not in kept
    }
    return Header(first, last, tuple(kept), unknown, repeated)


def _double(grid: Grid, headings: Headings, row: int, top: Mapping[int, str]) -> Header | None:
    """The header that a row makes together with the one below it, where it names more than either."""
    bottom = _texts(grid, row + 1)
    if not bottom or any(not isinstance(cell, str) for cell in grid.rows[row + 1]):
        return None
    spread = _spread(grid, row, top, bottom)
    texts: dict[int, Sequence[str]] = {}
    for place in sorted({*top, *bottom}):
        above, below = spread.get(place, ""), bottom.get(place, "")
        texts[place] = [text for text in (above + below, below, above) if text] if below else [above]
    both = _header(headings, row, row + 1, texts)
    alone = max(_header(headings, row, row, top).count, _header(headings, row + 1, row + 1, bottom).count)
    return both if both.count > alone else None


def _spread(grid: Grid, row: int, top: Mapping[int, str], bottom: Mapping[int, str]) -> dict[int, str]:
    """The upper texts over all columns that they stand above."""
    spread = dict(top)
    for first, left, last, right in grid.shape.merges:
        if first <= row <= last and left in top:
            spread.update(dict.fromkeys(range(left, min(right, left + 256) + 1), top[left]))
    if not grid.shape.merges:
        above = ""
        for place in range(max([*top, *bottom]) + 1):
            above = top.get(place, above if place in bottom else "")
            if place in bottom and above:
                spread.setdefault(place, above)
    return spread
