"""Letters of intent: an office's own .docx with placeholders, filled in for each pair of firms.

A template may name values and leave parts out where a value is empty, nothing else: no loops, calls, filters
or sums, so that no template can ask for what it is not given or keep a worker busy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from io import BytesIO
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, nodes
from jinja2.sandbox import SandboxedEnvironment

from matching.documents.packing import settled
from matching.documents.paper import Block, Column, Paper, Table, Text, Title, plain
from matching.documents.template_files import TemplateRefused, Trouble, open_package

__all__ = ("NAMES", "Placeholder", "TemplateRefused", "Trouble", "as_blocks", "check", "fill")


class Placeholder(StrEnum):
    """What a letter can name; each has a Chinese and an English name."""

    BUYER = "demand_firm"
    BUYER_CODE = "demand_uscc"
    BUYER_PLACE = "demand_city"
    SELLER = "supply_firm"
    SELLER_CODE = "supply_uscc"
    SELLER_PLACE = "supply_city"
    WANTED = "demand_product"
    OFFERED = "supply_product"
    QUANTITY = "quantity"
    UNIT = "unit"
    CHAIN = "chain"
    MEETING = "meeting"
    DATE = "date"
    PLACE = "place"
    ISSUER = "issuer"
    NUMBER = "letter_number"


NAMES: Mapping[Placeholder, str] = {
    Placeholder.BUYER: "需求方",
    Placeholder.BUYER_CODE: "需求方信用代码",
    Placeholder.BUYER_PLACE: "需求方所在地",
    Placeholder.SELLER: "供应方",
    Placeholder.SELLER_CODE: "供应方信用代码",
    Placeholder.SELLER_PLACE: "供应方所在地",
    Placeholder.WANTED: "需求产品",
    Placeholder.OFFERED: "供应产品",
    Placeholder.QUANTITY: "数量",
    Placeholder.UNIT: "单位",
    Placeholder.CHAIN: "产业链",
    Placeholder.MEETING: "会议名称",
    Placeholder.DATE: "签约日期",
    Placeholder.PLACE: "签约地点",
    Placeholder.ISSUER: "主办单位",
    Placeholder.NUMBER: "编号",
}
"""Chinese names of the placeholders; both are understood."""
_KNOWN = {name for placeholder, zh in NAMES.items() for name in (placeholder.value, zh)}
_ALLOWED = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name),
    *(nodes.If, nodes.Not, nodes.And, nodes.Or),
)


class _Rules(SandboxedEnvironment):
    """Reads every part of a template and refuses what a letter may not do."""

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True)
        self.unknown: set[str] = set()

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        parsed = super()._parse(source, name, filename)
        for node in _all(parsed):
            if not isinstance(node, _ALLOWED):
                raise TemplateRefused(Trouble.TOO_CLEVER, type(node).__name__)
            if isinstance(node, nodes.Name) and (node.ctx != "load" or node.name not in _KNOWN):
                self.unknown.add(node.name)
        return parsed


def _all(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _all(child)


def check(template: bytes) -> None:
    """Try a template out. Raises ``TemplateRefused`` with what is wrong and where."""
    open_package(template)
    rules = _Rules()
    try:
        _fill(template, dict.fromkeys(Placeholder, "字"), rules)
    except TemplateRefused:
        raise
    except TemplateError as error:
        if not rules.unknown:
            raise TemplateRefused(Trouble.NOT_READ, str(error.message or "")[:200]) from error
    except Exception as error:
        # Whatever else a file makes of python-docx and lxml: it is no document that can be filled in.
        raise TemplateRefused(Trouble.NO_DOCUMENT) from error
    if rules.unknown:
        raise TemplateRefused(Trouble.UNKNOWN, "、".join(sorted(rules.unknown)))


def fill(template: bytes, values: Mapping[Placeholder, str]) -> bytes:
    """One letter; what ``values`` does not have is left empty. The same values give the same bytes."""
    return settled(_fill(template, values, _Rules()))


def _fill(template: bytes, values: Mapping[Placeholder, str], rules: _Rules) -> bytes:
    told = {placeholder: plain(values.get(placeholder, "")) for placeholder in Placeholder}
    both = {name: text for key, text in told.items() for name in (key.value, NAMES[key])}
    letter = DocxTemplate(BytesIO(template))
    letter.render(both, rules)
    out = BytesIO()
    letter.save(out)
    return out.getvalue()


def as_blocks(letter: bytes) -> tuple[Block, ...]:
    """Paragraphs and tables of a letter as parts of a paper, so that it can be laid out as a .pdf.

    Its first centred paragraph is the title. Pictures, text boxes, heads and feet are not taken along.
    """
    found: list[Block] = []
    for part in docx.Document(BytesIO(letter)).iter_inner_content():
        if hasattr(part, "rows"):
            found.append(_table(part))
        elif text := _words(part):
            title = _align(part) == "center" and not any(isinstance(block, Title) for block in found)
            found.append(Title(text) if title else _paragraph(part, text))
    return tuple(found)


def _words(paragraph: Any) -> str:
    return plain(paragraph.text)


def _align(paragraph: Any) -> str:
    wanted = paragraph.alignment
    if wanted == WD_ALIGN_PARAGRAPH.CENTER:
        return "center"
    return "right" if wanted == WD_ALIGN_PARAGRAPH.RIGHT else "left"


def _paragraph(paragraph: Any, text: str) -> Text:
    properties = paragraph._p.pPr
    indent = properties.ind if properties is not None else None
    moved = indent is not None and (indent.get(qn("w:firstLineChars")) or indent.get(qn("w:firstLine")))
    return Text(text, flush=not moved, align=_align(paragraph))  # type: ignore[arg-type]


def _table(table: Any) -> Table:
    rows = [[plain(cell.text) for cell in row.cells] for row in table.rows]
    width = max(map(len, rows), default=1)
    even = [tuple(row + [""] * (width - len(row))) for row in rows]
    return Table(columns=tuple(Column(title) for title in even[0]), rows=tuple(even[1:]))


def paper_of(blocks: tuple[Block, ...], language: str) -> Paper:
    """Several letters as one paper; it has no title of its own."""
    return Paper(title="", blocks=blocks, language=language)
