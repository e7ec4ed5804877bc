"""Words that a spreadsheet would take for a formula stay words in every workbook (RELIABILITY 28)."""

from __future__ import annotations

import re
from typing import Any

import pytest
import xlsxwriter

from matching.lists.models import DemandLine, SupplyLine
from matching.runs.models import FrozenLine, Gap, Match, NearMiss
from tests.api.story import Story, tell
from tests.disclosure.crawling import crawl
from tests.portal.matrix import TABLE

pytestmark = pytest.mark.django_db
LIVE = '=HYPERLINK("http://evil.example","x")'
FORMULA = re.compile(r"<f[ >]|<hyperlink ")
FILES = tuple(page.name for page in TABLE if page.method == "GET" and page.name.endswith("_export"))


@pytest.fixture
def story() -> Story:
    """The story in which every line's title is a formula."""
    told = tell()
    for model in (DemandLine, SupplyLine):
        model.objects.update(title=LIVE, description="+1", contact_name="@SUM(A1)", contact_phone="\t=1")
    for found in (Match, NearMiss):
        found.objects.update(demand_title=LIVE, supply_title=LIVE)
    FrozenLine.objects.update(title=LIVE)
    for gap in Gap.objects.all():
        gap.demand_title, gap.evidence_en, gap.evidence_zh = LIVE, "=1+1", "-1"
        gap.save()
    return told


def _live(story: Story, part: str) -> tuple[set[str], set[str]]:
    """Files in which the words stand, and those in which they are live."""
    doors = (*FILES, "/overview/rows/?chain=photovoltaic&download=1")
    answers = [one for one in crawl(story, part, only=doors) if one.status == 200]
    named = {one.door for one in answers if "evil.example" in one.text}
    return named, {one.door for one in answers if FORMULA.search(one.text)}


def test_no_export_has_a_live_cell(story: Story) -> None:
    named, live = _live(story, "office")
    assert len(named) >= 5
    assert live == set()


def test_a_writer_that_takes_words_for_formulas_is_found(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    def formula(sheet: Any, row: int, column: int, text: str, *formats: Any) -> int:
        if text.startswith("="):
            return int(sheet.write_formula(row, column, text, *formats))
        return int(honest(sheet, row, column, text, *formats))

    honest = xlsxwriter.worksheet.Worksheet._write_string
    monkeypatch.setattr(xlsxwriter.worksheet.Worksheet, "_write_string", formula)
    named, live = _live(story, "office")
    assert live & named
