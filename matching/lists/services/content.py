"""What a line says: its columns and child rows, and their fingerprint."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from django.db.models import Field

from accounts.sealing.keys import keyed_digest
from matching.copying import copy_in
from matching.lists.models import Certificate, DemandLine, Line, Property, Requirement, SupplyLine
from matching.lists.services.people import PARENT

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]
CHILD_ROWS: dict[type[Line], dict[str, type[Any]]] = {
    DemandLine: {"requirements": Requirement},
    SupplyLine: {"properties": Property, "certificates": Certificate},
}
_NOT_CONTENT = {"state", "reason", "round", "organisation", "valid_until"}


def content_columns(model: type[Line]) -> list[str]:
    """Attributes of the columns that make up a line's content."""
    return [column.attname for column in _content(model)]


@lru_cache
def _content(model: type[Any]) -> tuple[Field[Any, Any], ...]:
    return tuple(
        column
        for column in model._meta.concrete_fields
        if column.editable and column.name not in _NOT_CONTENT
    )


def content_of(line: Line, rows: Rows) -> str:
    """Fingerprint of everything that a firm wrote in a line, but for how long it holds.

    ``valid_until`` stands outside: confirming a line does not change what was verified.
    """
    return _fingerprint_of({name: getattr(line, name) for name in content_columns(type(line))}, rows)


def content_as_written(model: type[Line], values: Mapping[str, Any], rows: Rows) -> str | None:
    """What ``content_of`` says of a line with these values, without the line.

    None where the values leave out a column or the rows of a kind, which then depend on the stored line.
    """
    columns: dict[str, Any] = {}
    for column in _content(model):
        if column.attname in values:
            columns[column.attname] = values[column.attname]
        elif column.name in values:
            columns[column.attname] = getattr(values[column.name], "pk", None)
        else:
            return None
    return _fingerprint_of(columns, rows) if rows.keys() >= CHILD_ROWS[model].keys() else None


def _fingerprint_of(columns: Mapping[str, Any], rows: Rows) -> str:
    return fingerprint(
        {"columns": columns, "rows": {name: [_told(row) for row in rows[name]] for name in rows}}
    )


def _told(row: Row) -> dict[str, Any]:
    """A row without a tolerance that it has not: fingerprints are older than that column."""
    return {name: value for name, value in row.items() if name != "tolerance" or value}


def fingerprint(content: Mapping[str, Any]) -> str:
    """A keyed hash of values as they read: of a line whose words are known nobody can try out the prices."""
    read = hashlib.sha256(msgspec.json.encode(plain(content), order="deterministic")).hexdigest()
    return keyed_digest(read.encode())


def plain(value: Any) -> Any:
    """Numbers and words as they read, so that 3, 3.0 and 3.0000 are one value."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if hasattr(value, "normalize"):
        return format(value.normalize(), "f")
    return str(value)


def current_rows(line: DemandLine | SupplyLine) -> dict[str, Sequence[Row]]:
    """Child rows of a stored line as ``save_line`` takes them."""
    return {name: [_row_values(row) for row in getattr(line, name).all()] for name in CHILD_ROWS[type(line)]}


def _row_values(row: Any) -> Row:
    skipped = {"id", "demand", "supply", "position"}
    return {field.name: getattr(row, field.name) for field in row._meta.fields if field.name not in skipped}


def replace_rows(model: type[Line], lines: Iterable[tuple[Line, Rows]]) -> None:
    """Give lines these child rows in place of their own."""
    written = list(lines)
    parent = PARENT[model]
    for name, row_model in CHILD_ROWS[model].items():
        row_model.objects.filter(**{f"{parent}__in": [line.pk for line, _rows in written]}).delete()
        copy_in(
            row_model,
            [
                row_model(**_placed(row_model, position, row), **{parent: line})
                for line, rows in written
                for position, row in enumerate(rows[name])
            ],
        )


def _placed(model: type[Any], position: int, row: Row) -> Row:
    return row if model is Certificate else {**row, "position": position}
