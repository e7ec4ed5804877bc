"""A firm exports its list, uploads it with two slips, mends the marked copy and uploads that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Page, expect

from matching.lists.models import DemandLine
from tests import factories, world
from tests.browser.conftest import Arrive
from tests.services import WorkerProcess

WORK_SECONDS = 60_000


def _saved(page: Page, folder: Path, press: Callable[[], None]) -> Path:
    with page.expect_download() as download:
        press()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def _cells(path: Path) -> tuple[Workbook, Any, dict[str, int], int]:
    """The workbook, its list's sheet, the headings' columns and the row of the headings."""
    book = load_workbook(path)
    for sheet in book.worksheets:
        for row in sheet.iter_rows(min_row=1, max_row=8):
            headings: dict[str, int] = {
                str(cell.value).strip(" *"): cell.column or 0 for cell in row if cell.value
            }
            if "条目编号" in headings and row[0].row:
                return book, sheet, headings, row[0].row
    raise AssertionError("no headings")


def _write(path: Path, name: str, cells: dict[tuple[str, str], object]) -> Path:
    """A copy with cells changed, found by line number and heading."""
    book, sheet, headings, head = _cells(path)
    rows = {str(row[headings["条目编号"] - 1].value): row for row in sheet.iter_rows(min_row=head + 1)}
    for (key, heading), value in cells.items():
        rows[key][headings[heading] - 1].value = value
    target = path.with_name(name)
    book.save(target)
    return target


def _upload(page: Page, path: Path) -> None:
    page.goto("/uploads/demand/new/")
    page.set_input_files("input[type=file]", path)
    page.click("form.upload-form button[type=submit]")
    expect(page.locator("main .state-previewed")).to_be_visible(timeout=WORK_SECONDS)


def _apply(page: Page) -> None:
    page.click("form[action$='/apply/'] button[type=submit]")
    expect(page.locator("main .state-applied").first).to_be_visible(timeout=WORK_SECONDS)


@pytest.mark.django_db(transaction=True)
def test_a_workbook_goes_out_and_comes_back_mended(
    arrive: Arrive, clock: WorkerProcess, tmp_path: Path
) -> None:
    here = world.build()
    for key in ("A1", "A2", "A3"):
        factories.make_demand(here.leader, here.chain, key=key)
    leader = arrive(here.leader, locale="zh-CN", accept_downloads=True)
    page = leader.page
    leader.open("/lists/demand/")
    exported = _saved(page, tmp_path, lambda: page.click("a[href*='/export/']"))

    slips = {("A1", "需求数量"): "很多", ("A2", "交付开始"): "下周二", ("A3", "需求数量"): 7}
    _upload(page, _write(exported, "slips.xlsx", slips))
    expect(page.locator("main table tbody tr")).to_have_count(2)
    leader.sees("A1")
    leader.sees("A2")
    _apply(page)
    assert DemandLine.objects.get(key="A3").quantity == 7

    marked = _saved(page, tmp_path, lambda: page.click("a[href$='/marked/']"))
    _book, sheet, headings, _head = _cells(marked)
    assert any(cell.comment for row in sheet.iter_rows() for cell in row)
    assert "修改建议" in headings
    mended = _write(marked, "mended.xlsx", {("A1", "需求数量"): 8, ("A2", "交付开始"): None})
    _upload(page, mended)
    _apply(page)
    assert dict(DemandLine.objects.values_list("key", "quantity"))["A1"] == 8

    _upload(page, mended)
    leader.sees("没有变化")
