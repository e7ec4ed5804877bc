"""Rows as text: CSV that no spreadsheet program takes for formulas, and JSON."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import BinaryIO

import msgspec

from matching.sheets.types import Column

# What a program may run as a formula when it opens the file, also behind blanks.
_DANGEROUS = re.compile(r"[\s\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def write_csv(
    out: BinaryIO, columns: Sequence[Column], rows: Iterable[Mapping[str, object]], language: str
) -> None:
    """UTF-8 with a mark, so that programs on Chinese desktops read it; numbers stay numbers.

    Text that could be run as a formula gets an apostrophe in front.
    """
    out.write(b"\xef\xbb\xbf")
    text = csv.writer(_Encoded(out))
    text.writerow([column.label.text(language) for column in columns])
    for row in rows:
        text.writerow([_cell(row.get(column.name)) for column in columns])


def write_json(out: BinaryIO, columns: Sequence[Column], rows: Iterable[Mapping[str, object]]) -> None:
    """An array of objects by column name, a row a line; it is valid JSON also as a whole.

    Beside a column whose words depend on the reader's language stands its code, where the row has one.
    """
    out.write(b"[")
    for number, row in enumerate(rows):
        out.write(b",\n" if number else b"\n")
        out.write(_ENCODER.encode(dict(_members(columns, row))))
    out.write(b"\n]\n")


def _members(columns: Sequence[Column], row: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for column in columns:
        yield column.name, row.get(column.name)
        code = f"{column.name}_code"
        if code in row:
            yield code, row[code]


class _Encoded:
    """What the csv module writes to."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out

    def write(self, text: str) -> None:
        """One row."""
        self._out.write(text.encode())


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case Decimal():
            # Not normalize(): it rounds to the context's 28 digits.
            text = format(value, "f")
            return text.rstrip("0").rstrip(".") if "." in text else text
        case int() | date():
            return str(value)
        case _:
            text = str(value)
            return f"'{text}" if _DANGEROUS.match(text) else text
