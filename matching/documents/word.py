"""Papers as .docx: python-docx, with the measures of GB/T 9704 in the file's own terms.

Typefaces are named, not embedded: offices have 仿宋, 楷体, 黑体 and 小标宋 on their machines.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Length, Mm, Pt, RGBColor

from matching.documents import measures
from matching.documents.packing import settled
from matching.documents.paper import Block, Break, Heading, Imprint, Paper, Table, Text, Title
from matching.documents.word_pages import prepare_pages
from matching.documents.word_parts import (
    HEI,
    KAI,
    PITCH,
    TITLE,
    child,
    flow,
    move_in,
    pitch,
    rule,
    run,
    write_table,
)

_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
_LEVELS = {1: HEI, 2: KAI}
_ISSUER = 36.0


def write(paper: Paper) -> bytes:
    """A paper as .docx; the same paper gives the same bytes."""
    document = Document()
    prepare_pages(document, english=paper.language.startswith("en"), wide=paper.wide)
    document.core_properties.title = paper.title[:255]
    document.core_properties.author = paper.issuer[:255]
    writer = _Writer(document, paper)
    writer.head()
    for block in paper.blocks:
        writer.block(block)
    writer.foot()
    out = BytesIO()
    document.save(out)
    return settled(out.getvalue())


class _Writer:
    def __init__(self, document: Any, paper: Paper) -> None:
        self.document, self.paper = document, paper
        self.english = paper.language.startswith("en")

    def line(self, text: str = "", *, font: str = "", size: float = 0, first: int = 0, left: int = 0) -> Any:
        """One paragraph; ``first`` and ``left`` are characters that it is moved in by."""
        paragraph = self.document.add_paragraph()
        pitch(paragraph)
        move_in(paragraph, first=first, left=left)
        if text:
            run(paragraph, text, font=font, size=size)
        return paragraph

    def head(self) -> None:
        """The issuer's mark, the annex's number, the title, whom it is for."""
        if self.paper.issuer:
            self.mark()
        if self.paper.annex:
            self.line(self.paper.annex, font=HEI)
        if self.paper.title:
            self.title(self.paper.title)
        if self.paper.addressee:
            self.line(self.paper.addressee + self.colon)

    @property
    def colon(self) -> str:
        """As the language writes it."""
        return ": " if self.english else "："

    def mark(self) -> None:
        """Its upper edge 35 mm below that of the type area; number and red line below."""
        mark = self.line()
        mark.alignment = WD_ALIGN_PARAGRAPH.CENTER
        size = min(_ISSUER, measures.TYPE_WIDTH * measures.POINTS_A_MM / _wide(self.paper.issuer) - 0.5)
        flow(mark, before=Mm(35), after=PITCH, exact=Pt(size * 1.2))
        told = run(mark, self.paper.issuer, font=TITLE, size=size)
        told.font.color.rgb = RGBColor.from_string(measures.RED)
        number = self.line(self.paper.number)
        number.alignment = WD_ALIGN_PARAGRAPH.CENTER
        rule(number, "bottom", millimetres=0.5, colour=measures.RED, space=11)
        self.line()

    def title(self, text: str) -> None:
        """二号小标宋, centred, a line free above and below."""
        title = self.line()
        title.alignment = WD_ALIGN_PARAGRAPH.CENTER
        title.paragraph_format.keep_with_next = True
        space = PITCH
        flow(title, before=space, after=space, exact=Pt(measures.SIZE_2 * 1.5))
        run(title, text, font=TITLE, size=measures.SIZE_2)

    def block(self, block: Block) -> None:
        """A part of the paper's body."""
        match block:
            case Heading():
                found = self.line(block.text, font=_LEVELS.get(block.level, ""), first=2)
                found.paragraph_format.keep_with_next = True
                child(found._p.get_or_add_pPr(), "w:outlineLvl", val=str(block.level - 1))
            case Text():
                moved = block.align == "left" and not block.flush
                found = self.line(block.text, first=2 if moved else 0)
                found.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY if moved else _ALIGN[block.align]
            case Table():
                across = measures.TYPE_HEIGHT if self.paper.wide else measures.TYPE_WIDTH
                write_table(self.document, block, across)
                self.line()
            case Title():
                self.title(block.text)
            case Break():
                self.document.add_page_break()

    def foot(self) -> None:
        """Names of the annexes, signature, note, imprint."""
        self.annexes()
        if self.paper.signed or self.paper.dated:
            self.signature()
        if self.paper.note:
            self.line(f"({self.paper.note})" if self.english else f"（{self.paper.note}）", first=2)
        if self.paper.imprint is not None:
            self.imprint(self.paper.imprint)

    def annexes(self) -> None:
        """“附件：” two characters in, one line free above."""
        names = self.paper.annexes
        word = "Annexes" if self.english else "附件"
        for place, name in enumerate(names):
            number = f"{place + 1}. " if len(names) > 1 else ""
            if place == 0:
                self.line()
                self.line(f"{word}{self.colon}{number}{name}", left=2)
            else:
                self.line(f"{number}{name}", left=5)

    def signature(self) -> None:
        """The date ends four characters from the edge, the issuer centred over it."""
        self.line()
        self.line()
        day, name = _wide(self.paper.dated), _wide(self.paper.signed)
        ends = max(4 - max(0.0, name - day) / 2, 1.0)
        for text, wide in ((self.paper.signed, name), (self.paper.dated, day)):
            line = self.line(text)
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            line.paragraph_format.keep_with_next = text != self.paper.dated
            move_in(line, right=ends + (max(day, name) - wide) / 2)

    def imprint(self, told: Imprint) -> None:
        """抄送, and who printed it when, between rules, in 四号."""
        self.line()
        lines = []
        if told.copies_to:
            copies = f"Copies to{self.colon}" if self.english else "抄送："
            lines.append(self.line(copies + told.copies_to, size=measures.SIZE_4, left=1))
        last = self.line(size=measures.SIZE_4, left=1)
        last.paragraph_format.tab_stops.add_tab_stop(_edge(), alignment=2)
        run(last, f"{told.printed_by}\t{told.printed_on}", size=measures.SIZE_4)
        lines.append(last)
        rule(lines[0], "top", millimetres=measures.THICK)
        if len(lines) > 1:
            rule(last, "top", millimetres=measures.THIN)
        rule(last, "bottom", millimetres=measures.THICK)


def _edge() -> Length:
    return Length(Mm(measures.TYPE_WIDTH) - Pt(measures.SIZE_4))


def _wide(text: str) -> float:
    """Width in Chinese characters; letters and digits are half as wide."""
    return sum(0.5 if character.isascii() else 1.0 for character in text) or 1.0
