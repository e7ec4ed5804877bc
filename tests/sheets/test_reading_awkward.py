"""Workbooks as people really send them: what is read, what is wrong, what is told."""

from __future__ import annotations

import pytest

from matching.sheets.reading import read
from matching.sheets.types import Problem
from tests.sheets.awkward import cells, files, headers, rows
from tests.sheets.awkward.making import Case, Told
from tests.sheets.reading_words import VOCABULARY

CASES = (*headers.CASES, *rows.CASES, *cells.CASES, *files.CASES)


def _place(problem: Problem) -> Told:
    return problem.code, problem.cell or ("" if problem.row is None else str(problem.row))


@pytest.mark.parametrize("case", CASES, ids=[case.about for case in CASES])
def test_it_is_read_as_it_is_meant(case: Case) -> None:
    name, data = case.make()
    reading = read(data, name, case.columns, VOCABULARY)
    of_rows = [problem for row in reading.rows for problem in row.problems]
    assert [dict(row.values) for row in reading.rows] == [dict(row) for row in case.rows]
    assert [_place(problem) for problem in (*reading.problems, *of_rows)] == list(case.problems)
    assert [_place(notice) for notice in reading.notices] == list(case.notices)
    if case.numbers is not None:
        assert tuple(row.number for row in reading.rows) == case.numbers
    for told in (*reading.problems, *of_rows, *reading.notices):
        assert all((told.message.zh, told.message.en, told.remedy.zh, told.remedy.en))


def test_there_are_many() -> None:
    assert len(CASES) >= 60
    assert len({case.about for case in CASES}) == len(CASES)
