"""Readings made by hand, as the reader of workbooks gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from matching.kinds.declaration import Label
from matching.sheets.types import Problem, Reading, ReadRow, SheetRefused
from matching.uploads import services
from matching.uploads.models import Side, Upload
from matching.uploads.services import working
from matching.uploads.states import Sort
from tests import factories

SHEET = "需求"


def reading(rows: Sequence[Mapping[str, Any]], faults: Mapping[int, str] | None = None) -> Reading:
    """Rows from the second on; ``faults`` names the column that can't be read, by the row's index."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    read = []
    for index, row in enumerate(rows):
        cells = {name: f"{chr(65 + column)}{index + 2}" for column, name in enumerate(names)}
        bad = (faults or {}).get(index)
        problems = () if bad is None else (_problem(bad, index + 2, cells[bad]),)
        values = {name: value for name, value in row.items() if name != bad}
        read.append(ReadRow(SHEET, index + 2, values, cells, problems))
    return Reading(rows=tuple(read), columns=tuple(names), sheets=(SHEET,))


def _problem(column: str, row: int, cell: str) -> Problem:
    return Problem(
        "not_a_number",
        Label("不是数字", "Not a number"),
        Label("只写数字", "Write digits only"),
        SHEET,
        row,
        cell,
        column,
    )


def refusal() -> SheetRefused:
    """What a file that is no workbook is answered."""
    told = Problem("not_a_workbook", Label("不是表格文件", "No workbook"), Label("另存", "Save it anew"))
    return SheetRefused(told)


class Desk:
    """A firm's person who uploads; what the file says is given by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, person: User, side: Side = Side.DEMAND) -> None:
        self.person, self.side = person, side
        self._patch = monkeypatch

    def says(self, found: Reading | SheetRefused) -> None:
        """What the next file is read as."""

        def read(*_args: object) -> Reading:
            if isinstance(found, SheetRefused):
                raise found
            return found

        self._patch.setattr(working, "read", read)

    def upload(self, found: Reading | SheetRefused) -> Upload:
        """Hand in a file and have it read."""
        self.says(found)
        upload = self.receive()
        services.work(upload_id=upload.pk)
        upload.refresh_from_db()
        return upload

    def receive(self, name: str = "清单.xlsx", content: bytes = b"PK") -> Upload:
        """Hand in a file."""
        return services.receive(
            actor=self.person,
            organisation=factories.firm_of(self.person),
            side=self.side,
            kind="product",
            file=SimpleUploadedFile(name, content),
        )

    def apply(self, upload: Upload, **choices: bool) -> Upload:
        """Have it applied."""
        services.order_apply(actor=self.person, upload_id=upload.pk, **choices)
        services.work(upload_id=upload.pk)
        upload.refresh_from_db()
        return upload


def sorts(upload: Upload) -> dict[str, int]:
    """Rows of each sort, without those that do not occur."""
    return {sort: count for sort, count in upload.counts.items() if count}


def keys(upload: Upload, sort: Sort) -> list[str]:
    """Line numbers of one sort."""
    return list(upload.rows.filter(sort=sort).values_list("key", flat=True))
