"""Page, grid, base style and page numbers of a .docx."""

from __future__ import annotations

from typing import Any

from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from matching.documents import measures
from matching.documents.word_parts import FANGSONG, SONG, child, face, move_in, run

_FROM_EDGE = measures.BOTTOM - measures.NUMBER_BELOW - 5
"""The footer's lower edge, in millimetres from that of the page: its line is about 5 mm high."""
_CLOSER = -5
"""Twentieths of a point between signs: 28 of 16 points are wider than the type area. A grid of characters
would say the same, but LibreOffice gives each of its signs two cells then."""


def prepare_pages(document: Any, *, english: bool, wide: bool = False) -> None:
    """A4 with the margins of the standard, 22 lines of 28 characters, numbers outside below.

    ``wide`` turns the page, its type area with it.
    """
    section = document.sections[0]
    section.page_width, section.page_height = Mm(measures.PAGE_WIDTH), Mm(measures.PAGE_HEIGHT)
    section.top_margin, section.bottom_margin = Mm(measures.TOP), Mm(measures.BOTTOM)
    section.left_margin, section.right_margin = Mm(measures.LEFT), Mm(measures.RIGHT)
    if wide:
        _turn(section)
    section.header_distance, section.footer_distance = Mm(15), Mm(_FROM_EDGE)
    _grid(section)
    _base(document, english)
    document.settings.odd_and_even_pages_header_footer = True
    _number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)


def _turn(section: Any) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    section.top_margin, section.left_margin = section.left_margin, section.top_margin
    section.bottom_margin, section.right_margin = section.right_margin, section.bottom_margin


def _grid(section: Any) -> None:
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    child(
        section._sectPr,
        "w:docGrid",
        type="lines",
        linePitch=str(int(measures.LINE_PITCH * 20)),
    )


def _base(document: Any, english: bool) -> None:
    style = document.styles["Normal"]
    style.font.size = Pt(measures.SIZE_3)
    face(style.element, FANGSONG)
    look = style.element.get_or_add_rPr()
    if not english:
        look.sz.addprevious(child(look, "w:spacing", val=str(_CLOSER)))
    child(look, "w:lang", val="en-US" if english else "zh-CN", eastAsia="zh-CN")


def _number(footer: Any, align: WD_ALIGN_PARAGRAPH) -> None:
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = align
    move_in(paragraph, left=0.9, right=0.9)
    run(paragraph, "— ", font=SONG, size=measures.SIZE_4)
    for kind, text in (("begin", ""), ("", " PAGE "), ("end", "")):
        piece = run(paragraph, "", font=SONG, size=measures.SIZE_4)._r
        if kind:
            child(piece, "w:fldChar", fldCharType=kind)
        else:
            told = child(piece, "w:instrText")
            told.text = text
    run(paragraph, " —", font=SONG, size=measures.SIZE_4)
