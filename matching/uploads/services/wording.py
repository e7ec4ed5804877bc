"""Texts that a workbook can't hold as the list has them: blanks at an end, other line breaks, a lone dash.

A form sends ``\\r\\n`` and an API client what it likes; a row that only lost that on its way through a cell
says what the line says, and must not make a draft of a verified line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from matching.sheets.reading.cells import reads_as
from matching.sheets.types import CellType, Column
from matching.uploads.models import Upload

_TEXTS = frozenset({CellType.TEXT, CellType.LONG_TEXT, CellType.DIGITS, CellType.UNIT})
Texts = Mapping[str, Any]


class Wording:
    """Texts of the firm's stored lines."""

    def __init__(self, upload: Upload, columns: Sequence[Column]) -> None:
        stored = {field.name for field in upload.model._meta.concrete_fields} - {"key"}
        self._columns = {one.name: one for one in columns if one.type in _TEXTS and one.name in stored}
        self._lines = upload.model.objects.filter(organisation_id=upload.organisation_id, kind=upload.kind)

    def of(self, keys: Iterable[str]) -> dict[str, Texts]:
        """Texts of the lines with these numbers; one query."""
        lines = self._lines.filter(key__in=[key for key in keys if key])
        return {line["key"]: line for line in lines.values("key", *self._columns)}

    def kept(self, values: Mapping[str, Any], before: Texts) -> dict[str, Any]:
        """``values``; a text that reads as the one ``before`` stays as it is stored."""
        return {name: self._kept(name, value, before.get(name)) for name, value in values.items()}

    def _kept(self, name: str, value: Any, before: Any) -> Any:
        column = self._columns.get(name)
        if column is None or not before or before == value:
            return value
        return before if reads_as(before, column) == value else value
