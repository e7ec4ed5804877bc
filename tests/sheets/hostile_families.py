"""Hostile files by the hundred: each family varies one thing that a file can lie about."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from functools import partial

from tests.sheets.awkward.making import HEADER, LINE, File, csv, ods, ods_row, raw_row, raw_xlsx, xls, xlsx
from tests.sheets.hostile import READ, Hostile

REFUSED, TOLD, ANY = "refused", "told", "any"
"""Refused for whatever reason; or nothing is read and that is told; or one of both, or read whole."""
_COLUMNS = ("XFD", "ZZ", "AAA", "CV", "IW")
_ROWS = (100_001, 400_000, 999_999, 1_048_576)
_ENTITIES = {
    "internal": b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
    "from a file": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    "from the network": b'<!DOCTYPE x [<!ENTITY a SYSTEM "http://127.0.0.1/a">]>',
    "of parameters": b'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1/a"> %p;]>',
    "elsewhere": b'<!DOCTYPE x PUBLIC "-//A//B" "http://127.0.0.1/a.dtd">',
}
_CONTENTS = {
    "a web page": b"<!DOCTYPE html><html><body><table><tr><td>1</td></tr></table></body></html>",
    "a PDF": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "a photograph": b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4,
    "a program": b"\x7fELF\x02\x01\x01" + bytes(400),
    "an archive of another kind": b"Rar!\x1a\x07\x01\x00" + bytes(400),
    "compressed bytes": b"\x1f\x8b\x08\x00" + bytes(range(256)) * 4,
    "a database": b"SQLite format 3\x00" + bytes(400),
}
_ENDINGS = ("xlsx", "xls", "ods", "csv", "et", "xlsm")
_EXTENTS = (
    *("A1", "A1:A1", "A1:B1", "B2:B2", "A1:XFD1048576", "A1:F1", "Z99:ZZ999"),
    *("XFD1048576:A1", "A0:F2", "", "nonsense", "A1:F99999999999"),
)


def _this(name: str, data: bytes) -> Callable[[], File]:
    return lambda: (name, data)


def _doctype(data: bytes, part: str, declared: bytes) -> bytes:
    """The same package with a declaration at the head of one part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w") as changed:
        for name in package.namelist():
            text = package.read(name)
            if name == part:
                head, mark, rest = text.partition(b"?>")
                text = head + mark + declared + rest if mark else declared + text
            changed.writestr(name, text)
    return out.getvalue()


def _entities() -> Iterator[Hostile]:
    sheets = {
        "xlsx": (xlsx([HEADER, LINE]), ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml")),
        "ods": (ods(ods_row(HEADER), ods_row(LINE)), ("content.xml",)),
    }
    for ending, ((name, data), parts) in sheets.items():
        for part in parts:
            for kind, declared in _ENTITIES.items():
                made = _doctype(data, part, declared)
                about = f"entities {kind} in {part} of an .{ending}"
                yield Hostile(about, _this(name, made), "active_content")


def _far_cells() -> Iterator[Hostile]:
    for row in _ROWS:
        for column in ("A", "F"):
            cell = f'<row r="{row}"><c r="{column}{row}"><v>1</v></c></row>'
            yield Hostile(f"a cell in {column}{row}", partial(_with, cell), "far_cell")
    for column in _COLUMNS[:3]:
        cell = f'<row r="3"><c r="{column}3"><v>1</v></c></row>'
        yield Hostile(f"a cell in {column}3", partial(_with, cell), "far_cell")


def _with(*cells: str) -> File:
    return raw_xlsx(raw_row(1, HEADER), raw_row(2, LINE), *cells)


def _extents() -> Iterator[Hostile]:
    for extent in _EXTENTS:
        before = f'<dimension ref="{extent}"/>'
        yield Hostile(f"an extent of {extent or 'nothing'}", partial(_said, before), ANY)


def _said(before: str) -> File:
    return raw_xlsx(raw_row(1, HEADER), raw_row(2, LINE), before=before)


def _disguised() -> Iterator[Hostile]:
    for about, content in _CONTENTS.items():
        for ending in _ENDINGS:
            name = f"list.{ending}"
            yield Hostile(f"{about} called .{ending}", _this(name, content), REFUSED)


def _cut() -> Iterator[Hostile]:
    for name, data in (xlsx([HEADER, LINE]), xls([HEADER, LINE]), ods(ods_row(HEADER), ods_row(LINE))):
        for share in range(1, 16):
            end = len(data) * share // 16
            yield Hostile(f"{share} sixteenths of {name}", _this(name, data[:end]), REFUSED)


def _replaced(part: str, content: bytes | None) -> File:
    """A good workbook one part of which is something else, or missing."""
    name, data = xlsx([HEADER, LINE])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w") as changed:
        for other in package.namelist():
            if other != part:
                changed.writestr(other, package.read(other))
            elif content is not None:
                changed.writestr(other, content)
    return name, out.getvalue()


_PARTS = ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels")
_SHEET = "xl/worksheets/sheet1.xml"
_TARGETS = (
    *("../../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "http://127.0.0.1/sheet.xml"),
    *("\\\\host\\share\\a.xml", "worksheets/sheet9.xml", "", "worksheets", "a" * 40_000, "%2e%2e/x"),
)


def _parts() -> Iterator[Hostile]:
    for part in (*_PARTS[2:], _SHEET):
        yield Hostile(f"{part} is missing", partial(_replaced, part, None), TOLD)
    for part in (*_PARTS, _SHEET, "xl/styles.xml"):
        for about, content in _CONTENTS.items():
            yield Hostile(
                f"{part} is {about}",
                partial(_replaced, part, content),
                ANY if part in (*_PARTS[:2], "xl/styles.xml") else REFUSED,
            )


def _targets() -> Iterator[Hostile]:
    base = "http://schemas.openxmlformats.org"
    for target in _TARGETS:
        links = (
            f'<Relationships xmlns="{base}/package/2006/relationships"><Relationship Id="rId1" '
            f'Type="{base}/officeDocument/2006/relationships/worksheet" Target="{target}"/></Relationships>'
        ).encode()
        yield Hostile(
            f"a sheet at {target[:30] or 'nowhere'}",
            partial(_replaced, _PARTS[3], links),
            TOLD,
        )


def _headers() -> Iterator[Hostile]:
    name, data = xls([HEADER, LINE])
    for at in range(0, 80, 4):
        for value in (b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f"):
            broken = data[:at] + value + data[at + 4 :]
            about = f"{value.hex()} at byte {at} of an .xls"
            yield Hostile(about, _this(name, broken), ANY)


_ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "gbk", "gb2312", "utf-16", "utf-16-le", "utf-16-be")


def _texts() -> Iterator[Hostile]:
    for encoding in _ENCODINGS:
        for separator in (",", ";", "\t", "，"):
            for end in ("\n", "\r\n", "\r"):
                rows = (separator.join(str(cell) for cell in cells) + end for cells in (HEADER, LINE))
                text = "".join(rows)
                about = f"text in {encoding}, parted by {separator!r}, lines by {end!r}"
                # Without a mark UTF-16 is told by its commas, and the wide one is none of them.
                code = ANY if encoding.startswith("utf-16-") and separator == "，" else READ
                yield Hostile(about, partial(csv, text, encoding), code)


FAMILIES = {
    "entities": _entities,
    "far cells": _far_cells,
    "extents": _extents,
    "disguised": _disguised,
    "cut": _cut,
    "parts": _parts,
    "targets": _targets,
    "headers": _headers,
    "texts": _texts,
}
