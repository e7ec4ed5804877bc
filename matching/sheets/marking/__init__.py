"""The workbook that came in, with its faulty cells marked and a column of what to mend."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from io import BytesIO

from matching.sheets.marking.afresh import marked_afresh
from matching.sheets.marking.in_place import marked_in_place
from matching.sheets.types import Problem

__all__ = ("mark",)

MOST_XML = 16 * 2**20
"""Bytes, but for pictures, up to which a workbook is edited in place: it takes 25 times as much memory."""


def mark(data: bytes, name: str, problems: Sequence[Problem], *, language: str) -> bytes:
    """A copy of a workbook that ``matching.sheets.reading`` took, as .xlsx, with its problems marked.

    Faulty cells are filled and carry a comment; a last column says row by row what to mend. Marks of an
    earlier upload are taken off. A small .xlsx or .xlsm keeps its looks; formulas become the values that
    they had. Other files become a new workbook with the same cells in the same places.
    """
    if _is_small_xlsx(data) and (marked := marked_in_place(data, problems, language)) is not None:
        return marked
    return marked_afresh(data, name, problems, language)


def _is_small_xlsx(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            parts = {entry.filename: entry.file_size for entry in package.infolist()}
    except zipfile.BadZipFile:
        return False
    sheets = any(name.startswith("xl/worksheets/") for name in parts)
    pictures = sum(size for name, size in parts.items() if name.startswith("xl/media/"))
    return sheets and sum(parts.values()) - pictures <= MOST_XML
