"""Rows that are no lines: the template's example, totals, remarks, repeated headers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from matching.sheets.columns import EXAMPLE
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
_LONG = 25

Skip = tuple[str, str]
"""Code of the notice and the text that it tells."""


class Skipping:
    """Decides about the rows of one sheet."""

    def __init__(self, grid: Grid, header: Header) -> None:
        self._header = header
        self._places = {
            heading.meant.column.name: heading.place
            for heading in header.headings
            if not heading.meant.ignored
        }
        self._texts = {heading.place: heading_key(heading.text) for heading in header.headings}
        self._wide = {(merge[0], merge[1]) for merge in grid.shape.merges if merge[3] - merge[1] >= 2}

    def reason(self, row: int, cells: list[Cell]) -> Skip | None:
        """Why a row is no line, or None. ``cells`` are those of the sheet, unmerged."""
        key = self._cell(cells, "key")
        if isinstance(key, str) and heading_key(key) in _EXAMPLES:
            return "example_skipped", ""
        filled = list(_filled(cells))
        for _place, text in filled[:3]:
            if _TOTAL.fullmatch(re.sub(r"[\s:：()（）]", "", text)):
                return "total_skipped", text
        if self._repeats(cells):
            return "header_repeated", ""
        return self._note(row, filled, cells)

    def _note(self, row: int, filled: list[tuple[int, str]], cells: list[Cell]) -> Skip | None:
        mapped = [place for place, _text in filled if place in self._texts]
        place, text = filled[0]
        shown = text if len(text) <= 40 else f"{text[:40]}…"
        if not mapped:
            return "note_skipped", shown
        title = self._cell(cells, "title")
        if len(filled) > 3 or (title not in ("", None) and place != self._places.get("title")):
            return None
        if _NOTE.match(text) or (row, place) in self._wide:
            return "note_skipped", shown
        if len(filled) == 1 and title in ("", None) and len(text) > _LONG:
            return "note_skipped", shown
        return None

    def _repeats(self, cells: list[Cell]) -> bool:
        same = sum(
            1
            for place, text in self._texts.items()
            if place < len(cells)
            and isinstance(cell := cells[place], str)
            and cell
            and heading_key(cell) == text
        )
        return same >= max(2, len(self._texts) // 2)

    def _cell(self, cells: list[Cell], name: str) -> Cell | None:
        place = self._places.get(name)
        return cells[place] if place is not None and place < len(cells) else None


def _filled(cells: list[Cell]) -> Iterator[tuple[int, str]]:
    for place, cell in enumerate(cells):
        if cell != "" and (text := plain_text(cell) if not isinstance(cell, float) else str(cell)):
            yield place, text
