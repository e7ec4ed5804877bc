"""What a template's file may hold: a plain .docx, no macros, nothing from elsewhere, nothing huge."""

from __future__ import annotations

import re
import zipfile
from enum import StrEnum
from io import BytesIO

MOST_FILES = 500
MOST_BYTES = 20 * 2**20
"""Of all parts together, unpacked."""
_MACROS = re.compile(rb"macroEnabled|vbaProject|activeX", re.IGNORECASE)
_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OUTSIDE = re.compile(rb"<Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>", re.IGNORECASE)
_LINK = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']")


class Trouble(StrEnum):
    """Why a template is refused."""

    NO_DOCUMENT = "no_document"
    MACROS = "macros"
    EMBEDDED = "embedded"
    OUTSIDE = "outside"
    TOO_LARGE = "too_large"
    NOT_READ = "not_read"
    TOO_CLEVER = "too_clever"
    UNKNOWN = "unknown"


class TemplateRefused(Exception):
    """A file that is no template; ``detail`` names what was found."""

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(f"{trouble}: {detail}")
        self.trouble, self.detail = trouble, detail


def open_package(content: bytes) -> None:
    """Look into the archive before anything reads it. Raises ``TemplateRefused``."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _look(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise TemplateRefused(Trouble.NO_DOCUMENT) from error


def _look(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if len(parts) > MOST_FILES or sum(part.file_size for part in parts) > MOST_BYTES:
        raise TemplateRefused(Trouble.TOO_LARGE)
    if len(names) != len(parts) or not {"[Content_Types].xml", "word/document.xml"} <= names:
        raise TemplateRefused(Trouble.NO_DOCUMENT)
    left = MOST_BYTES
    for part in parts:
        if _MACROS.search(part.filename.encode()):
            raise TemplateRefused(Trouble.MACROS, part.filename)
        if "/embeddings/" in part.filename:
            raise TemplateRefused(Trouble.EMBEDDED, part.filename)
        left -= _read(archive, part, left)


def _read(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    """A part whose header lies about its size is read no further than what is left."""
    with archive.open(part) as stream:
        content = stream.read(left + 1)
    if len(content) > left:
        raise TemplateRefused(Trouble.TOO_LARGE)
    if part.filename.endswith((".xml", ".rels")):
        if b"\0" in content or _ENTITIES.search(content):
            raise TemplateRefused(Trouble.NO_DOCUMENT, part.filename)
        if part.filename == "[Content_Types].xml" and _MACROS.search(content):
            raise TemplateRefused(Trouble.MACROS)
        if any(not _LINK.search(found) for found in _OUTSIDE.findall(content)):
            raise TemplateRefused(Trouble.OUTSIDE, part.filename)
    return len(content)
