"""What a file is, told by its content and not by its name."""

from __future__ import annotations

import re
from enum import StrEnum

from matching.kinds.declaration import Label
from matching.sheets.reading.wording import refused


class FileKind(StrEnum):
    """Kinds of files that are read."""

    ZIP = "zip"
    """.xlsx, .xlsm or .ods; its entries tell."""
    XLS = "xls"
    TEXT = "text"


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN: tuple[tuple[bytes, Label], ...] = (
    (b"%PDF", Label("PDF", "a PDF document")),
    (b"\x89PNG", Label("图片", "a picture")),
    (b"\xff\xd8\xff", Label("图片", "a picture")),
    (b"GIF8", Label("图片", "a picture")),
    (b"BM", Label("图片", "a picture")),
    (b"{\\rtf", Label("RTF 文档", "an RTF document")),
    (b"Rar!", Label("RAR 压缩包", "a RAR archive")),
    (b"7z\xbc\xaf", Label("7z 压缩包", "a 7z archive")),
    (b"\x1f\x8b", Label("gzip 压缩包", "a gzip archive")),
    (b"MZ", Label("程序", "a program")),
    (b"\x7fELF", Label("程序", "a program")),
)
_MARKUP = re.compile(rb"\s*<(?:!doctype\s+html|html|head|meta|body|table|div|style|script)", re.IGNORECASE)
_SPREADSHEET_ML = re.compile(rb"<\?mso-application|urn:schemas-microsoft-com:office:spreadsheet")
_XML = re.compile(rb"\s*<\?xml")
_MIME = re.compile(rb"\s*MIME-Version:", re.IGNORECASE)
_LEAST_ASCII = 20
"""One byte in this many is the upper half of a comma, tab or digit in any list in UTF-16."""
_HTML = Label("网页（HTML）", "a web page (HTML)")


def file_kind(data: bytes, name: str) -> FileKind:
    """What ``data`` is. Raises ``SheetRefused`` for what is no spreadsheet."""
    if not data.strip(b"\x00 \t\r\n"):
        raise refused("empty_file")
    if data.startswith(b"PK"):
        return FileKind.ZIP
    if data.startswith(_OLE):
        return FileKind.XLS
    for magic, found in _FOREIGN:
        if data.startswith(magic) and not (magic in (b"BM", b"MZ") and _is_text(data)):
            raise refused("not_a_workbook", found=found)
    head = data[:4096].removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"").removeprefix(b"\xff\xfe")
    if _MARKUP.match(head) or _MIME.match(head):
        raise _foreign(name, _HTML)
    if _XML.match(head):
        raise _foreign(name, _xml(head))
    if not _is_text(data) and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refused("not_a_workbook", found=Label("无法识别的数据", "data of an unknown kind"))
    return FileKind.TEXT


def _xml(head: bytes) -> Label:
    if _SPREADSHEET_ML.search(head):
        return Label("XML 表格（2003）", "an XML spreadsheet of 2003")
    return _HTML if b"<html" in head.lower() else Label("XML", "XML")


def _foreign(name: str, found: Label) -> Exception:
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    if ending in (".xls", ".xlsx", ".xlsm", ".et", ".ods", ".csv"):
        return refused("disguised", ending=ending, found=found)
    return refused("not_a_workbook", found=found)


def utf16_order(head: bytes) -> str:
    """``le`` or ``be`` for text in UTF-16 without a mark: NULs stand nearly always in the same half."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) * _LEAST_ASCII < len(head):
        return ""
    if odd > 4 * even:
        return "le"
    return "be" if even > 4 * odd else ""


def _is_text(data: bytes) -> bool:
    """Whether the beginning looks like text."""
    head = data[:65_536]
    if 0 in head:
        return utf16_order(head) != ""
    controls = sum(head.count(byte) for byte in range(32) if byte not in (9, 10, 12, 13, 26))
    return controls * 50 <= len(head)
