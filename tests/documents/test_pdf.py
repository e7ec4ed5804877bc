"""Papers as .pdf: text, geometry, fonts, and nothing that people wrote is read as markup."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from matching.documents import measures, pdf
from matching.documents.paper import Paper, Text
from tests.documents.papers import HOSTILE, notice, said, table

POINT = 1.0


def pieces(content: bytes, page: int = 0) -> list[tuple[float, float, float, str]]:
    """Where each piece of a page's text stands: from the left and from the top, in points; its size."""
    sheet = PdfReader(BytesIO(content)).pages[page]
    found: list[tuple[float, float, float, str]] = []

    def visit(text: str, matrix: Any, place: Any, _font: Any, size: float) -> None:
        if text.strip():
            x, y = place[4] * matrix[0] + matrix[4], place[5] * matrix[3] + matrix[5]
            found.append((x, float(sheet.mediabox.height) - y, size, text.strip()))

    sheet.extract_text(visitor_text=visit)
    return found


def fonts(content: bytes) -> dict[str, DictionaryObject]:
    """Every font of the file by name."""
    found = {}
    for page in PdfReader(BytesIO(content)).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            found[str(inner["/BaseFont"])] = inner["/FontDescriptor"].get_object()
    return found


def test_a_page_is_a4_with_the_type_area_of_the_standard() -> None:
    sheet = PdfReader(BytesIO(pdf.write(notice()))).pages[0]
    assert float(sheet.mediabox.width) == pytest.approx(210 * measures.POINTS_A_MM, abs=0.01)
    assert float(sheet.mediabox.height) == pytest.approx(297 * measures.POINTS_A_MM, abs=0.01)
    assert (measures.RIGHT, measures.BOTTOM) == (26, 35)


def test_a_full_page_has_22_lines_of_28_characters() -> None:
    made = pdf.write(Paper(title="满页", blocks=(Text("字" * 28 * 60, flush=True),)))
    lines = PdfReader(BytesIO(made)).pages[1].extract_text().strip().splitlines()
    body = [line for line in lines if "字" in line]
    assert [len(line.strip()) for line in body] == [28] * 22


def test_lines_stand_inside_the_type_area() -> None:
    mm = measures.POINTS_A_MM
    body = [piece for piece in pieces(pdf.write(notice()), 1) if "—" not in piece[3]]
    assert min(x for x, *_ in body) >= measures.LEFT * mm - POINT
    assert min(y for _, y, *_ in body) >= measures.TOP * mm
    assert max(y for _, y, *_ in body) <= (measures.TOP + measures.TYPE_HEIGHT) * mm


def test_page_numbers_stand_outside_below_with_dashes() -> None:
    made = pdf.write(notice())
    middle = measures.PAGE_WIDTH / 2 * measures.POINTS_A_MM
    below = (measures.TOP + measures.TYPE_HEIGHT + measures.NUMBER_BELOW) * measures.POINTS_A_MM
    for page in range(2):
        number = [piece for piece in pieces(made, page) if piece[1] > below]
        assert "".join(text for *_, text in number).replace(" ", "") == f"—{page + 1}—"
        assert (number[0][0] > middle) == (page == 0)


def test_it_says_all_and_reads_nothing_as_markup() -> None:
    told = said(pdf.write(notice()))
    for words in (
        "关于召开光伏产业链配套协作签约会的通知",
        "一、会议时间",
        "附件：1.会议议程",
        "（联系人：李某）",
    ):
        assert words in told
    assert "".join(HOSTILE.split()) in told


def test_fonts_are_embedded_and_hold_only_what_is_used() -> None:
    made = pdf.write(notice())
    found = fonts(made)
    assert {name.partition("+")[2][:9] for name in found} == {"NotoSerif", "NotoSansS"}
    assert all("/FontFile3" in descriptor for descriptor in found.values())
    assert len(made) < 100_000


def test_without_fonts_of_its_own_nothing_is_embedded() -> None:
    """Negative control of the fonts that come along: a folder without any leaves no Chinese sign."""
    import typst

    bare = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[])
    made = typst.compile("字".encode(), format="pdf", font_paths=bare)
    assert isinstance(made, bytes)
    assert "字" not in said(made)


def test_the_same_paper_is_the_same_file() -> None:
    assert pdf.write(notice()) == pdf.write(notice())
    assert pdf.write(notice()) != pdf.write(notice("en"))


def test_the_head_of_a_long_table_comes_again() -> None:
    made = PdfReader(BytesIO(pdf.write(table(60))))
    assert len(made.pages) > 2
    assert all("需求方" in page.extract_text() for page in made.pages)
    assert "甲方60" in "".join(page.extract_text() for page in made.pages)
