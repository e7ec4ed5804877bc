"""A faulty workbook comes back with marks, and reads like the one that came in."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import pytest
import xlwt
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment

from matching.kinds import PRODUCT, Label
from matching.sheets.columns import columns
from matching.sheets.marking import mark
from matching.sheets.marking.remarks import FILL
from matching.sheets.reading import read
from matching.sheets.template import write_template
from matching.sheets.types import Problem, Reading
from tests.sheets.words import WORDS

NEED = columns(PRODUCT, "need")
HEAD = ["条目编号", "产业链", "产品名称", "需求数量", "计量单位", "需求周期", "联系电话"]
GOOD = ["D1", "光伏", "硅片", 12, "片", "每月", "013800000000"]
BAD = ["D2", "没有的链", "=1+1", "很多", "片", "每月", "013800000001"]


def _xlsx(*lines: list[Any]) -> bytes:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "清单"
    sheet.append(["需求清单"])
    for line in lines:
        sheet.append(line)
        for cell in sheet[sheet.max_row]:
            cell.data_type = "n" if isinstance(cell.value, int) else "s"
    return _saved(book)


def _xls(*lines: list[Any]) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("清单")
    for row, line in enumerate([["需求清单"], *lines]):
        for column, value in enumerate(line):
            sheet.write(row, column, value)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _csv(*lines: list[Any]) -> bytes:
    return "\n".join(",".join(map(str, line)) for line in [["需求清单"], *lines]).encode("gb18030")


def _saved(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _read(data: bytes, name: str = "a.xlsx") -> Reading:
    return read(data, name, NEED, WORDS)


def _problems(reading: Reading) -> list[Problem]:
    return [*reading.problems, *(problem for row in reading.rows for problem in row.problems)]


def _marked(data: bytes, name: str = "a.xlsx") -> bytes:
    return mark(data, name, _problems(_read(data, name)), language="zh-hans")


def _filled(data: bytes) -> set[str]:
    sheet: Any = load_workbook(BytesIO(data)).worksheets[0]
    return {
        cell.coordinate
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fill_type == "solid" and str(cell.fill.fgColor.rgb).endswith(FILL)
    }


@pytest.mark.parametrize(("made", "name"), [(_xlsx, "a.xlsx"), (_xls, "a.xls"), (_csv, "a.csv")])
def test_faulty_cells_are_marked_and_the_copy_reads_the_same(made: Any, name: str) -> None:
    data = made(HEAD, GOOD, BAD)
    before = _read(data, name)
    marked = _marked(data, name)
    after = _read(marked)
    assert [dict(row.values) for row in after.rows] == [dict(row.values) for row in before.rows]
    assert [(problem.code, problem.cell) for problem in _problems(after)] == [
        (problem.code, problem.cell) for problem in _problems(before)
    ]
    assert _filled(marked) == {"B4", "D4", "H2"}
    sheet: Any = load_workbook(BytesIO(marked)).worksheets[0]
    assert sheet["H2"].value == "修改建议"
    assert "没有的链" in sheet["B4"].comment.text
    assert sheet["H3"].value is None
    assert [line.partition(":")[0] for line in sheet["H4"].value.splitlines()] == ["B4", "D4"]
    assert (sheet["C4"].value, sheet["C4"].data_type) == ("=1+1", "s")
    assert after.notices == tuple(notice for notice in before.notices if notice.code != "read_as_csv")


def test_marking_again_takes_the_old_marks_off() -> None:
    marked = _marked(_xlsx(HEAD, GOOD, BAD))
    book = load_workbook(BytesIO(marked))
    sheet: Any = book.worksheets[0]
    sheet["B4"] = "光伏"
    again = _marked(_saved(book))
    assert _filled(again) == {"D4", "H2"}
    sheet = load_workbook(BytesIO(again)).worksheets[0]
    assert sheet["B4"].comment is None
    assert [line.partition(":")[0] for line in sheet["H4"].value.splitlines()] == ["D4"]
    healed = load_workbook(BytesIO(again))
    healed.worksheets[0]["D4"] = 30
    clean = _marked(_saved(healed))
    assert _filled(clean) == set()
    assert load_workbook(BytesIO(clean)).worksheets[0]["H2"].value is None
    assert _problems(_read(clean)) == []


def test_a_large_or_foreign_file_is_marked_again_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matching.sheets.marking.MOST_XML", 0)
    marked = _marked(_xlsx(HEAD, GOOD, BAD))
    again = _marked(marked)
    assert _filled(marked) == _filled(again) == {"B4", "D4", "H2"}
    assert load_workbook(BytesIO(again)).worksheets[0].max_column == 8


def test_what_people_noted_stays() -> None:
    book = load_workbook(BytesIO(_xlsx(HEAD, BAD)))
    sheet: Any = book.worksheets[0]
    sheet["B3"].comment = Comment("问过王工", "李")
    marked = load_workbook(BytesIO(_marked(_saved(book))))
    assert marked.worksheets[0]["B3"].comment.text.endswith("问过王工")
    marked.worksheets[0]["B3"] = "光伏"
    again = load_workbook(BytesIO(_marked(_saved(marked))))
    assert again.worksheets[0]["B3"].comment.text == "问过王工"


def test_what_is_wrong_with_the_headings_is_said_at_the_column_of_remedies() -> None:
    data = _xlsx([name for name in HEAD if name != "产品名称"], [value for value in GOOD if value != "硅片"])
    sheet: Any = load_workbook(BytesIO(_marked(data))).worksheets[0]
    assert sheet["G2"].value == "修改建议"
    assert "产品名称" in sheet["G2"].comment.text


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_template_keeps_its_drop_downs_and_its_example(language: str) -> None:
    out = BytesIO()
    write_template(out, NEED, WORDS, title=Label("需求", "Need"), language=language)
    book = load_workbook(out)
    sheet: Any = book.worksheets[0]
    sheet["A4"], sheet["B4"], sheet["D4"], sheet["L4"] = "D1", "pv", "硅片", "许多"
    data = _saved(book)
    marked = mark(data, "a.xlsx", _problems(_read(data)), language=language)
    kept: Any = load_workbook(BytesIO(marked)).worksheets[0]
    assert len(kept.data_validations.dataValidation) == len(sheet.data_validations.dataValidation)
    assert [row.values["key"] for row in _read(marked).rows] == ["D1"]


def test_merged_cells_are_marked_where_they_show() -> None:
    book = load_workbook(BytesIO(_xlsx(HEAD, BAD, [*BAD[:1], "", *BAD[2:]])))
    book.worksheets[0].merge_cells("B3:B4")
    data = _saved(book)
    problem = Problem("x", Label("错", "wrong"), Label("改", "mend"), "清单", 4, "B4", "chain")
    in_place = mark(data, "a.xlsx", [problem], language="zh-hans")
    assert "B3" in _filled(in_place)


def test_a_file_with_too_many_faults_for_comments_is_filled_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in ("in_place", "afresh"):
        monkeypatch.setattr(f"matching.sheets.marking.{module}.MOST_COMMENTS", 1)
    marked = _marked(_xlsx(HEAD, GOOD, BAD))
    sheet: Any = load_workbook(BytesIO(marked)).worksheets[0]
    assert _filled(marked) == {"B4", "D4", "H2"}
    assert [bool(sheet[place].comment) for place in ("B4", "D4")] == [True, False]


def test_a_small_sheet_with_many_texts_is_not_taken_into_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(_xlsx(HEAD, BAD))) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as taken,
    ):
        for name in given.namelist():
            taken.writestr(name, given.read(name))
        taken.writestr("xl/persons/far.xml", b" " * 2**16)
    monkeypatch.setattr("matching.sheets.marking.MOST_XML", 2**16)
    monkeypatch.setattr("matching.sheets.marking.marked_in_place", lambda *_args: 1 / 0)
    assert mark(out.getvalue(), "a.xlsx", [], language="en")
    with pytest.raises(ZeroDivisionError):
        mark(_xlsx(HEAD, BAD), "a.xlsx", [], language="en")
