"""Lines as rows of a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from matching import kinds
from matching.lists import access
from matching.lists.models import DemandLine, Line
from matching.lists.queries import with_rows
from matching.lists.queries.seen import saw_whole
from matching.sheets.columns import FIRM, OWN, STATE, Side, columns
from matching.sheets.types import Column

AT_A_TIME = 500
"""Lines in memory at once."""
_CHILD = frozenset({"requirements", "properties"})
_NOT_VALUES = frozenset({"id", "demand", "supply", "position"})


def side_of(model: type[Line]) -> Side:
    """How kinds and sheets call that list."""
    return "need" if model is DemandLine else "offer"


def sheet_columns(model: type[Line], kind: str, *, with_firm: bool) -> tuple[Column, ...]:
    """Columns of an export: those of the list, with the firm before and the state after them."""
    return (*(FIRM if with_firm else ()), *columns(kinds.get(kind), side_of(model)), *STATE)


def sheet_rows(user: User, lines: QuerySet[Any]) -> Iterator[dict[str, object]]:
    """Lines as ``matching.sheets`` writes them, without the trade secrets that the person may not see.

    A constant number of queries for each ``AT_A_TIME`` lines.
    """
    for line in with_rows(lines).iterator(chunk_size=AT_A_TIME):
        row = line_values(line)
        saw_whole(user, line)
        if not access.sees_secrets(user, line):
            for name in access.SECRET_FIELDS[type(line)]:
                row.pop(name, None)
        yield {
            **row,
            "firm": line.organisation.name,
            "uscc": line.organisation.uscc,
            "state": line.get_state_display(),
            "reason": line.reason,
        }


def line_values(line: Any) -> dict[str, object]:
    """A line's values by column of its workbook, in the form in which a reading has them."""
    values: dict[str, object] = {"key": line.key, "chain": line.chain_id}
    for column in columns(kinds.get(line.kind), side_of(type(line))):
        if column.name.startswith(OWN):
            values[column.name] = line.attributes.get(column.name.removeprefix(OWN))
        elif column.name == "node":
            values["node"] = line.node.code if line.node else None
        elif column.name in _CHILD or (column.name == "certificates" and not isinstance(line, DemandLine)):
            values[column.name] = [_row_values(row) for row in getattr(line, column.name).all()]
        elif column.name != "chain":
            values[column.name] = getattr(line, column.name)
    return values


def _row_values(row: Any) -> dict[str, object]:
    return {
        field.name: getattr(row, field.name) for field in row._meta.fields if field.name not in _NOT_VALUES
    }
