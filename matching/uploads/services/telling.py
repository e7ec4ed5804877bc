"""Faults that the lists' own checks find, told as the reader tells its own: by cell, with a remedy."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils import translation

from matching.kinds.declaration import Label
from matching.lists.services.checking import Problems
from matching.sheets.types import Column, Problem, ReadRow

FIRST, SECOND = "zh-hans", "en"


def corrected(column: Label) -> Label:
    """The remedy for what is wrong in a column."""
    return Label(f"修改“{column.zh}”后重新上传。", f"Correct “{column.en}” and upload the file again.")


class Teller:
    """Knows the columns of a list."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._labels = {column.name: column.label for column in columns}

    def problems(self, row: ReadRow, told: Callable[[], Problems]) -> list[Problem]:
        """What ``told`` says, in both languages; columns that could not be read are told already."""
        with translation.override(FIRST):
            first = told()
        if not first:
            return []
        with translation.override(SECOND):
            second = told()
        known = {problem.column for problem in row.problems}
        return [
            self._problem(row, name, Label(" ".join(texts), " ".join(second.get(name, texts))))
            for name, texts in first.items()
            if self._column(name) not in known
        ]

    def of_row(self, row: ReadRow, column: str, code: str, message: Label, remedy: Label) -> Problem:
        """A problem in one column of a row."""
        return Problem(code, message, remedy, row.sheet, row.number, row.cells.get(column, ""), column)

    def _problem(self, row: ReadRow, name: str, message: Label) -> Problem:
        column = self._column(name)
        label = self._labels.get(column)
        place = name.split(".")
        if len(place) > 1 and place[1].isdigit():
            ordinal = int(place[1]) + 1
            message = Label(f"第{ordinal}条：{message.zh}", f"Entry {ordinal}: {message.en}")
        remedy = (
            Label("修改这一行后重新上传。", "Correct this row and upload the file again.")
            if label is None
            else corrected(label)
        )
        return self.of_row(row, column, "invalid", message, remedy)

    def _column(self, name: str) -> str:
        """The workbook's column of a field's path: ``requirements.0.low`` is about ``requirements``."""
        return name if name in self._labels else name.split(".")[0]


def twice(teller: Teller, row: ReadRow, key: str) -> Problem:
    """A line number that an earlier row has."""
    return teller.of_row(
        row,
        "key",
        "key_twice",
        Label(f"条目编号“{key}”重复出现。", f"The line number “{key}” occurs twice."),
        Label(
            "每个编号只用一次，或清空编号由系统编号。",
            "Use each number once, or leave it empty to be given one.",
        ),
    )


def foreign(teller: Teller, row: ReadRow) -> Problem:
    """A row of another firm, as the lists of offices have them."""
    return teller.of_row(
        row,
        "uscc",
        "other_firm",
        Label(
            f"这一行属于另一家企业（统一社会信用代码 {row.uscc}）。",
            f"This row belongs to another firm (credit code {row.uscc}).",
        ),
        Label(
            "删除这一行，各企业只上传自己的清单；如果是代码写错，请改正。",
            "Remove it: each firm uploads its own list. If the code is mistyped, correct it.",
        ),
    )
