"""Values of a line as they stand in cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from matching.kinds.declaration import Label
from matching.sheets.naming import Names
from matching.sheets.specified import (
    write_certificates,
    write_properties,
    write_requirements,
    write_words,
)
from matching.sheets.types import CellType, Column

Cell = str | Decimal | date | None
YES, NO = Label("是", "yes"), Label("否", "no")
FIRST_DAY = date(1900, 3, 1)
"""Earlier days are counted differently by Excel and by others; they are written as text."""
_EXACT_DIGITS = 15
_SPECIFIED: Mapping[CellType, Callable[[Any], str]] = {
    CellType.REQUIREMENTS: write_requirements,
    CellType.PROPERTIES: write_properties,
    CellType.CERTIFICATES: write_certificates,
    CellType.WORDS: write_words,
}


def cells(
    columns: Sequence[Column], values: Mapping[str, Any], names: Names, language: str
) -> Iterator[tuple[Column, Cell]]:
    """Each column of the workbook, parts in place of their column, with what stands in it."""
    for column in columns:
        value = values.get(column.name)
        if column.parts:
            region = names.regions.get(value) if value else None
            path = region.path if region else (value,) if value else ()
            for step, part in enumerate(column.parts):
                yield part, path[step] if step < len(path) else None
        else:
            yield column, _cell(column, value, values, names, language)


def _cell(column: Column, value: Any, values: Mapping[str, Any], names: Names, language: str) -> Cell:
    if value is None or value == "" or value == []:
        return None
    if column.type in _SPECIFIED:
        return _SPECIFIED[column.type](value)
    match column.type:
        case CellType.NUMBER | CellType.INTEGER:
            return _number(Decimal(str(value)))
        case CellType.DATE:
            return value if isinstance(value, date) and value >= FIRST_DAY else str(value)
        case CellType.FLAG:
            return (YES if value else NO).text(language)
        case CellType.CHOICE:
            words = {choice.value: choice.label.text(language) for choice in column.choices}
            return words.get(value, str(value))
        case CellType.CHAIN:
            return names.chains.get(value, value)  # type: ignore[no-any-return]
        case CellType.NODE:
            return names.nodes.get((values.get("chain") or "", value), value)  # type: ignore[no-any-return]
        case CellType.REGION:
            return names.place(value)
        case CellType.REGIONS:
            return write_words(names.place(code) for code in value)
    return str(value)


def _number(value: Decimal) -> Cell:
    """A number where a workbook keeps all its digits, else text."""
    digits = len(value.normalize().as_tuple().digits)
    return value if digits <= _EXACT_DIGITS else format(value.normalize(), "f")
