"""Rows that are no lines: the template's example, totals, remarks, repeated headers."""

from __future__ import annotations

import re

from matching.sheets.columns import EXAMPLE, SERIAL
from matching.sheets.reading.cells import is_empty
from matching.sheets.reading.grid import Cell, Grid
from matching.sheets.reading.headers import Header
from matching.sheets.reading.headings import heading_key
from matching.sheets.reading.values.texts import plain_text

_EXAMPLES = frozenset(
    heading_key(text) for text in (EXAMPLE.zh, EXAMPLE.en, "样例", "例", "例如", "范例", "e.g.")
)
_TOTAL = re.compile(r"(?:本页|总|全部)?(?:合计|总计|小计|共计|累计)|(?:grand|sub)?total|sum", re.IGNORECASE)
_NOTE = re.compile(
    r"(?:备?注(?:意|明|释)?|说明|填[表报写]|制表|审[核批]|复核|经办|联系[人电]|日期|单位负责人|负责人|声明|附[件注]|盖章|签[字章]|note|remark|prepared|"
    r"approved)\s*[人者单位说明须知]{0,4}\s*(?:[:：（(\d、.]|$)|^[※*＊★]",
    re.IGNORECASE,
)
_TOTAL_NOISE = re.compile(r"[\s:：()（）]")
_LONG = 25

Skip = tuple[str, str]
"""Code of the notice and the text that it tells."""


class Skipping:
    """Decides about the rows of one sheet."""

    def __init__(self, grid: Grid, header: Header) -> None:
        self._places = {
            heading.meant.column.name: heading.place
            for heading in header.headings
            if heading.meant.counts or not heading.meant.ignored
        }
        self._texts = {heading.place: heading.text for heading in header.headings}
        self._many = max(2, len(self._texts) // 2)
        self._wide = {(merge[0], merge[1]) for merge in grid.shape.merges if merge[3] - merge[1] >= 2}

    def reason(self, row: int, cells: list[Cell]) -> Skip | None:
        """Why a row is no line, or None. ``cells`` are those of the sheet, unmerged."""
        numbers = [self._cell(cells, name) for name in ("key", SERIAL.name)]
        if any(isinstance(number, str) and heading_key(number) in _EXAMPLES for number in numbers):
            return "example_skipped", ""
        filled = [place for place, cell in enumerate(cells) if cell != "" and not is_empty(cell)]
        if not filled:
            return None
        for place in filled[:3]:
            cell = cells[place]
            if isinstance(cell, str) and _TOTAL.fullmatch(_TOTAL_NOISE.sub("", cell)):
                return "total_skipped", cell.strip()
        if (
            sum(cells[place] == text for place, text in self._texts.items() if place < len(cells))
            >= self._many
        ):
            return "header_repeated", ""
        return self._note(row, filled, cells)

    def _note(self, row: int, filled: list[int], cells: list[Cell]) -> Skip | None:
        place = filled[0]
        text = plain_text(cells[place])
        told = "note_skipped", text if len(text) <= 40 else f"{text[:40]}…"
        if not any(each in self._texts for each in filled):
            return told
        titled = self._cell(cells, "title") not in ("", None)
        if len(filled) > 3 or (titled and place != self._places.get("title")):
            return None
        if _NOTE.match(text) or (row, place) in self._wide:
            return told
        return told if len(filled) == 1 and not titled and len(text) > _LONG else None

    def _cell(self, cells: list[Cell], name: str) -> Cell | None:
        place = self._places.get(name)
        return cells[place] if place is not None and place < len(cells) else None
