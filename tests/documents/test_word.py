"""Papers as .docx: the measures in the file, and what LibreOffice makes of it."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from matching.documents import measures, word
from matching.documents.paper import Paper, Text, plain
from tests.documents.papers import HOSTILE, by_office_program, notice, said, table


def opened(paper: Paper) -> Any:
    """The file as python-docx reads it."""
    return docx.Document(BytesIO(word.write(paper)))


def test_the_page_is_that_of_the_standard() -> None:
    section = opened(notice()).sections[0]
    sides = (section.page_width, section.page_height, section.top_margin, section.left_margin)
    assert [round(side.mm) for side in sides] == [210, 297, 37, 28]
    assert round(section.page_width.mm - section.left_margin.mm - section.right_margin.mm) == 156
    assert round(section.page_height.mm - section.top_margin.mm - section.bottom_margin.mm) == 225


def test_the_body_is_fangsong_of_size_three_on_22_lines() -> None:
    document = opened(notice())
    normal = document.styles["Normal"]
    assert normal.font.size.pt == 16
    assert normal.element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋"
    body = next(found for found in document.paragraphs if found.text.startswith("2026年12月8日"))
    pitch = body.paragraph_format.line_spacing.pt
    assert int(measures.TYPE_HEIGHT * measures.POINTS_A_MM / pitch + 0.01) == 22
    assert body._p.pPr.ind.get(qn("w:firstLineChars")) == "200"


def typeface(document: Any, text: str) -> tuple[str, float | None]:
    """Chinese typeface and size of the paragraph that says this."""
    found = next(each for each in document.paragraphs if each.text == text).runs[0]
    size = found.font.size
    return found._r.rPr.rFonts.get(qn("w:eastAsia")), size and size.pt


def test_title_and_headings_have_their_typefaces() -> None:
    document = opened(notice())
    assert typeface(document, "关于召开光伏产业链配套协作签约会的通知") == ("方正小标宋简体", 22)
    assert typeface(document, "一、会议时间") == ("黑体", None)
    assert typeface(document, "（一）按时参会。") == ("楷体", None)


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages() -> None:
    document = opened(notice())
    section = document.sections[0]
    assert document.settings.odd_and_even_pages_header_footer
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert [str(found.alignment).split()[0] for found in (odd, even)] == ["RIGHT", "LEFT"]
    assert all("PAGE" in found._p.xml and found.runs[0].font.size.pt == 14 for found in (odd, even))


def test_the_same_paper_is_the_same_file() -> None:
    assert word.write(notice()) == word.write(notice())
    hours = {info.date_time for info in zipfile.ZipFile(BytesIO(word.write(notice()))).infolist()}
    assert hours == {(1980, 1, 1, 0, 0, 0)}


def test_the_head_of_a_table_is_repeated_and_rows_stay_whole() -> None:
    rows = opened(table(3)).tables[0]._tbl.tr_lst
    assert [len(found.findall(f".//{qn('w:tblHeader')}")) for found in rows] == [1, 0, 0, 0]
    assert all(found.findall(f".//{qn('w:cantSplit')}") for found in rows)


@pytest.mark.parametrize("hostile", ["\x00\x08\x1b", "\ud800", "\ufffe", "a\r\nb"])
def test_no_text_breaks_the_file(hostile: str) -> None:
    told = plain(f"甲{hostile}乙")
    assert opened(Paper(title=told, blocks=(Text(told),))).paragraphs[0].text == told


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What LibreOffice makes of a notice and of a page full of signs."""
    full = Paper(title="满页", blocks=(Text("字" * 28 * 60, flush=True),))
    papers = {"notice": word.write(notice()), "full": word.write(full)}
    return by_office_program(papers, tmp_path_factory.mktemp("office"))


def test_libreoffice_opens_it_with_all_that_it_says(seen: dict[str, bytes]) -> None:
    told = said(seen["notice"])
    for words in (
        "关于召开光伏产业链配套协作签约会的通知",
        "一、会议时间",
        "2.参会名单",
        "抄送：省工业和信息化厅",
    ):
        assert words in told
    assert "".join(HOSTILE.split()) in told
    sheet = PdfReader(BytesIO(seen["notice"])).pages[0]
    assert float(sheet.mediabox.width) == pytest.approx(210 * measures.POINTS_A_MM, abs=1)


def test_libreoffice_sets_28_characters_on_22_lines(seen: dict[str, bytes]) -> None:
    text = PdfReader(BytesIO(seen["full"])).pages[1].extract_text()
    assert [len(line.strip()) for line in text.splitlines() if "字" in line] == [28] * 22
