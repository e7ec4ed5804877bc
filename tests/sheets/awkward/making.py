"""How the awkward workbooks are made."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import xlwt
from openpyxl.worksheet.worksheet import Worksheet

from matching.sheets.types import Column
from tests.sheets.reading_words import NEED

HEADER = ("条目编号", "产品名称", "产业链", "需求数量", "计量单位", "需求周期")
LINE = ("A1", "铝型材", "光伏产业链", 120, "吨", "每月")
READ: Mapping[str, object] = {
    "key": "A1",
    "title": "铝型材",
    "chain": "pv",
    "quantity": Decimal(120),
    "unit": "吨",
    "period": "month",
}
"""What ``LINE`` below ``HEADER`` says."""

Rows = Iterable[Sequence[Any]]
File = tuple[str, bytes]
Told = tuple[str, str]
"""A code and its cell, or its row where it is about a whole row, or nothing."""


@dataclass(frozen=True)
class Case:
    """A workbook and its reading."""

    about: str
    make: Callable[[], File]
    rows: tuple[Mapping[str, object], ...] = (READ,)
    problems: tuple[Told, ...] = ()
    notices: tuple[Told, ...] = ()
    columns: tuple[Column, ...] = NEED
    numbers: tuple[int, ...] | None = None
    """Rows of the sheet that the lines stand in, where that matters."""


def xlsx(rows: Rows, edit: Callable[[Worksheet], object] | None = None, *, title: str = "需求") -> File:
    """A workbook of one sheet by openpyxl, touched up."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    if edit is not None:
        edit(sheet)
    return "list.xlsx", saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """The bytes of a workbook."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv(text: str, encoding: str = "utf-8", name: str = "list.csv") -> File:
    """A text file."""
    return name, text.encode(encoding)


def xls(rows: Rows, edit: Callable[[Any], object] | None = None) -> File:
    """An .xls by xlwt."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("需求")
    for at, row in enumerate(rows):
        for place, value in enumerate(row):
            if value is not None:
                sheet.write(at, place, value)
    if edit is not None:
        edit(sheet)
    out = io.BytesIO()
    book.save(out)
    return "list.xls", out.getvalue()


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


_SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)


def ods_row(cells: Iterable[Any], attributes: str = "") -> str:
    """A row of an .ods; a cell that begins with ``<`` is XML already."""
    return f"<table:table-row {attributes}>{''.join(_ods_cell(cell) for cell in cells)}</table:table-row>"


def _ods_cell(cell: Any) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, str) and cell.startswith("<"):
        return cell
    if isinstance(cell, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
    text = f"<text:p>{escape(cell)}</text:p>"
    return f'<table:table-cell office:value-type="string">{text}</table:table-cell>'


def ods(*rows: str, styles: str = "", table: str = 'table:name="需求"') -> File:
    """An .ods of one sheet, its XML written by hand."""
    body = f"<office:spreadsheet><table:table {table}>{''.join(rows)}</table:table></office:spreadsheet>"
    content = (
        f"<office:document-content {_SPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body>{body}</office:body></office:document-content>"
    )
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": manifest,
        "content.xml": content,
    }
    return "list.ods", zipped(parts)


_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def raw_parts(sheet: str, **further: str) -> dict[str, str | bytes]:
    """The parts of an .xlsx whose sheet is this XML; ``further`` replaces or adds parts."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook {_MAIN} xmlns:r="{_RELATION}"><sheets>'
            '<sheet name="需求" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_RELATION}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
        ),
        "xl/worksheets/sheet1.xml": sheet,
    }
    names = {"strings": "xl/sharedStrings.xml", "workbook": "xl/workbook.xml", "styles": "xl/styles.xml"}
    return parts | {names.get(name, name): content for name, content in further.items()}


def raw_xlsx(*rows: str, before: str = "", behind: str = "") -> File:
    """An .xlsx whose sheet's rows are XML."""
    data = f"<sheetData>{''.join(rows)}</sheetData>"
    return "list.xlsx", zipped(raw_parts(f"<worksheet {_MAIN}>{before}{data}{behind}</worksheet>"))


def raw_row(number: int, cells: Iterable[Any], attributes: str = "") -> str:
    """A row of XML with inline texts; a cell that begins with ``<`` is XML already."""
    found = "".join(_raw_cell(cell, f"{chr(65 + at)}{number}") for at, cell in enumerate(cells))
    return f'<row r="{number}" {attributes}>{found}</row>'


def _raw_cell(cell: Any, at: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str) and cell.startswith("<"):
        return cell
    if isinstance(cell, str):
        return f'<c r="{at}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
    return f'<c r="{at}"><v>{cell}</v></c>'
