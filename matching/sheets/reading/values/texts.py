"""Text of cells, whatever Excel made of it."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from matching.sheets.reading.grid import Cell
from matching.sheets.reading.values.unreadable import Unreadable
from matching.sheets.types import Column

_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u200b-\u200d\u2060\ufeff\u00ad\ufffe\uffff]"
)
# Left in by programs that escape twice; other codes are what somebody wrote, or no sign at all.
_ESCAPED = re.compile("_x00([01][0-9A-Fa-f])_")
_BREAKS = re.compile(r"\s*[\r\n\t]+\s*")
# As programs show long numbers: 1.43E+17, in some 1.43E+017; 2E10 is somebody's number.
_EXPONENT = re.compile(r"[0-9](?:\.[0-9]+[eE]\+?|[eE]\+)[0-9]{1,3}")
_DIGIT_GAPS = re.compile(r"(?<=[0-9])[\s\u00a0]+(?=[0-9])")
_MOST_EXACT = 10**15
"""Excel keeps 15 digits of a number; of longer ones the last are lost."""


def plain_text(cell: Cell, number_format: str = "") -> str:
    """A cell as text: no invisible signs, lines parted by ``\\n``, numbers without idle zeros."""
    if isinstance(cell, str):
        return clean_text(cell)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return _formatted(exact(cell), number_format)


def clean_text(text: str) -> str:
    """Without what nobody sees or typed."""
    if text.isalnum():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return _INVISIBLE.sub("", text).replace("\u00a0", " ").strip()


def exact(number: int | float) -> Decimal:
    """The number as Excel shows it: 15 digits. Raises ``Unreadable`` for what is no finite number."""
    value = Decimal(format(number, ".15g"))
    if not value.is_finite():
        raise Unreadable("not_a_number", text=number)
    return value


def _formatted(value: Decimal, number_format: str) -> str:
    if "%" in number_format:
        return f"{plain(value * 100)}%"
    text = plain(value)
    # Shown as 0012 by its format: what people see is what they mean.
    return text.zfill(len(number_format)) if number_format and text.isdigit() else text


def plain(value: Decimal) -> str:
    """A number without exponent or idle zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def narrow(text: str) -> str:
    """Full-width signs as half-width ones."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def read_text(cell: Cell, column: Column, number_format: str, *, lines: bool) -> str:
    """Text within the column's length; without ``lines`` it is brought onto one line."""
    text = plain_text(cell, number_format)
    if not lines:
        text = _BREAKS.sub(" ", text)
    if column.max_length is not None and len(text) > column.max_length:
        raise Unreadable("too_long", length=len(text), limit=column.max_length)
    return text


def read_digits(cell: Cell, column: Column, number_format: str) -> str:
    """Digits that are a name: repaired where all of them are there, refused where some are lost."""
    if isinstance(cell, date):
        raise Unreadable("turned_into_date", text=plain_text(cell))
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= _MOST_EXACT:
        raise Unreadable("digits_lost", text=format(cell, ".6g").upper())
    text = narrow(read_text(cell, column, number_format, lines=False))
    if _EXPONENT.fullmatch(text):
        raise Unreadable("digits_lost", text=text)
    text = text.removeprefix("'")
    # 138 0000 0000 is one number; what holds anything but digits is left as it is.
    joined = _DIGIT_GAPS.sub("", text)
    return joined if joined.isdigit() else text
