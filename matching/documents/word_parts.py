"""Runs, paragraphs and tables of a .docx in the terms of Chinese papers."""

from __future__ import annotations

from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt

from matching.documents import measures
from matching.documents.paper import Table

FANGSONG, KAI, HEI, SONG, TITLE = "仿宋", "楷体", "黑体", "宋体", "方正小标宋简体"
LATIN = "Times New Roman"
_EIGHTHS_A_MM = measures.POINTS_A_MM * 8
_TWENTIETHS = 20
_TALL_MM = 12
# In whole twentieths, rounded down: 22 lines rounded up are higher than the type area.
PITCH = Pt(int(measures.LINE_PITCH * _TWENTIETHS) / _TWENTIETHS)


def child(parent: Any, tag: str, **attributes: str) -> Any:
    """A new element below ``parent``, its attributes in Word's namespace."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    parent.append(made)
    return made


def face(holder: Any, font: str) -> None:
    """Name a typeface for Chinese; letters and digits keep the Latin one unless the font is for them too."""
    fonts = holder.get_or_add_rPr().get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{script}"), SONG if font == SONG else LATIN)
    fonts.set(qn("w:eastAsia"), font)


def run(paragraph: Any, text: str, *, font: str = "", size: float = 0) -> Any:
    """A piece of text."""
    made = paragraph.add_run(text)
    if font:
        face(made._r, font)
    if size:
        made.font.size = Pt(size)
    return made


def pitch(paragraph: Any) -> None:
    """22 lines a page, whatever the typeface: lines are exactly as high as the standard has them."""
    flow(paragraph, before=Pt(0), after=Pt(0), exact=PITCH)


def flow(paragraph: Any, *, before: Length, after: Length, exact: Length) -> None:
    """Space above and below, and the height of each line."""
    form = paragraph.paragraph_format
    form.space_before, form.space_after = before, after
    form.widow_control = False
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, exact


def move_in(paragraph: Any, *, first: float = 0, left: float = 0, right: float = 0) -> None:
    """Indents in characters of the body, as Chinese word processors count them."""
    told = {"firstLine": first, "left": left, "right": right}
    if not any(told.values()):
        return
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
    for name, characters in told.items():
        if characters:
            indent.set(qn(f"w:{name}Chars"), str(round(characters * 100)))
            points = characters * measures.CHARACTER_PITCH
            indent.set(qn(f"w:{name}"), str(round(points * _TWENTIETHS)))


def rule(paragraph: Any, side: str, *, millimetres: float, colour: str = "000000", space: int = 1) -> None:
    """A line along one side of a paragraph."""
    properties = paragraph._p.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.insert_element_before(
            borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:rPr"
        )
    child(
        borders,
        f"w:{side}",
        val="single",
        sz=str(max(2, round(millimetres * _EIGHTHS_A_MM))),
        space=str(space),
        color=colour,
    )


def write_table(document: Any, table: Table, across: float) -> None:
    """``across`` millimetres: rows under a head that comes again on each page; rows are not torn apart."""
    made = document.add_table(rows=0, cols=len(table.columns))
    made.style, made.alignment, made.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    total = sum(column.width for column in table.columns)
    widths = [Mm(across * column.width / total) for column in table.columns]
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    head = _row(made._tbl, tall=table.tall, is_head=True)
    for column, width in zip(table.columns, widths, strict=True):
        _cell(head, column.title, width, "center", HEI)
    for told in table.rows:
        line = _row(made._tbl, tall=table.tall)
        for column, width, text in zip(table.columns, widths, told, strict=True):
            _cell(line, text, width, column.align, "")


def _row(table: Any, *, tall: bool, is_head: bool = False) -> Any:
    line = child(table, "w:tr")
    properties = child(line, "w:trPr")
    child(properties, "w:cantSplit")
    if tall:
        height = str(round(_TALL_MM * measures.POINTS_A_MM * _TWENTIETHS))
        child(properties, "w:trHeight", val=height, hRule="atLeast")
    if is_head:
        child(properties, "w:tblHeader")
    return line


def _cell(line: Any, text: str, width: Length, align: str, font: str) -> None:
    cell = child(line, "w:tc")
    properties = child(cell, "w:tcPr")
    child(properties, "w:tcW", w=str(round(width.pt * _TWENTIETHS)), type="dxa")
    child(properties, "w:vAlign", val="center")
    paragraph = child(cell, "w:p")
    form = child(paragraph, "w:pPr")
    child(form, "w:snapToGrid", val="0")
    child(form, "w:spacing", before="40", after="40", line="320", lineRule="exact")
    child(form, "w:jc", val=align)
    if text:
        piece = child(paragraph, "w:r")
        look = child(piece, "w:rPr")
        if font:
            child(look, "w:rFonts", ascii=LATIN, hAnsi=LATIN, eastAsia=font)
        child(look, "w:sz", val=str(round(measures.TABLE_SIZE * 2)))
        told = child(piece, "w:t")
        told.text = text
        told.set(qn("xml:space"), "preserve")
