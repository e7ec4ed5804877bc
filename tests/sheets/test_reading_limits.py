"""Limits of a workbook, and files by their path."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from matching.sheets.reading import Limits, read
from matching.sheets.types import SheetRefused
from tests.sheets.awkward.making import HEADER, LINE, READ, xlsx
from tests.sheets.reading_words import NEED, VOCABULARY

_LINES = [HEADER, *((f"A{at}", *LINE[1:]) for at in range(4))]


def _refusal(limits: Limits) -> str:
    name, data = xlsx(_LINES)
    with pytest.raises(SheetRefused) as refused:
        read(data, name, NEED, VOCABULARY, limits)
    return refused.value.problem.code


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(bytes=1_000), "too_large"),
        (Limits(rows=3), "too_many_rows"),
        (Limits(columns=3), "far_cell"),
        (Limits(cells=20), "too_many_cells"),
        (Limits(uncompressed=2_000), "expands"),
        (Limits(entries=3), "too_much"),
        (Limits(text=10), "too_much"),
    ],
)
def test_beyond_a_limit_a_file_is_refused(limits: Limits, code: str) -> None:
    assert _refusal(limits) == code


def test_at_the_limit_it_is_read() -> None:
    name, data = xlsx(_LINES)
    limits = replace(Limits(rows=4, columns=6, cells=30), bytes=len(data))
    assert len(read(data, name, NEED, VOCABULARY, limits).rows) == 4


def test_a_file_is_read_from_where_it_lies(tmp_path: Path) -> None:
    name, data = xlsx([HEADER, LINE])
    path = tmp_path / "upload"
    path.write_bytes(data)
    reading = read(path, name, NEED, VOCABULARY)
    assert [dict(row.values) for row in reading.rows] == [dict(READ)]
    assert reading.sheets == ("需求",)
    assert reading.rows[0].cells["quantity"] == "D2"
