"""Reads confirmed pairs as offices keep them: JSON, or rows copied or saved from a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from django.utils.translation import gettext as _

from matching.errors import Invalid
from matching.memory.services import PastPair

COLUMNS: dict[str, tuple[str, ...]] = {
    "text": ("需求用语", "需求", "需求名称", "text"),
    "uscc": ("统一社会信用代码", "信用代码", "供应商信用代码", "uscc"),
    "line": ("供应条目编号", "条目编号", "编号", "line"),
    "product": ("产品名称", "产品", "供应产品", "product"),
    "confirmed_on": ("确认日期", "日期", "confirmed_on"),
}
"""Columns by field with the headings they are known by; the first one is the one to use."""

NEEDED = ("text", "uscc", "line")
_FIELDS = {name: field for field, names in COLUMNS.items() for name in names}
# A code with a slip of the pen still tells which column it stands in.
_LIKE_A_CODE = re.compile(r"[0-9A-Za-z]{15,20}")
_ENCODINGS = ("utf-8-sig", "gb18030")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Row:
    """A pair and the number of the row that it stood in, from 1."""

    number: int
    pair: PastPair


def decoded(data: bytes) -> str:
    """Text of a file in UTF-8, UTF-16 with a mark, or GB18030. Raises ``Invalid``."""
    for encoding in ("utf-16",) if data.startswith(_UTF_16) else _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid({"file": [_("This file is no text; save the sheet as CSV.")]})


def read(text: str) -> list[Row]:
    """The rows of a JSON array of objects, or of a table with tabs or commas.

    A table without headings has the columns in their order: words of the need, credit code, line number,
    product then, day. Empty rows are passed over. Raises ``Invalid`` where nothing can be made of it: also
    where the first row has neither a heading that is known nor a credit code in its second place.
    """
    return _of_json(text) if text.lstrip().startswith("[") else _of_table(text)


def _of_json(text: str) -> list[Row]:
    try:
        pairs = msgspec.json.decode(text.encode(), type=list[PastPair])
    except (msgspec.MsgspecError, UnicodeEncodeError) as error:
        raise Invalid({"rows": [_("This is no list of pairs: %(error)s") % {"error": error}]}) from error
    return [Row(number, pair) for number, pair in enumerate(pairs, 1)]


def _of_table(text: str) -> list[Row]:
    delimiter = "\t" if "\t" in text.partition("\n")[0] else ","
    try:
        table = list(enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1))
    except csv.Error as error:
        raise Invalid({"rows": [_("This table can't be read: %(error)s") % {"error": error}]}) from error
    rows = [
        (number, [cell.strip() for cell in cells]) for number, cells in table if any(map(str.strip, cells))
    ]
    fields: Sequence[str | None] = list(COLUMNS)
    if rows and any(_heading(cell) for cell in rows[0][1]):
        fields = [_heading(cell) for cell in rows.pop(0)[1]]
        _refuse_missing(fields)
    elif rows:
        _refuse_other_order(rows[0][1])
    return [Row(number, _pair(fields, cells)) for number, cells in rows]


def _heading(cell: str) -> str | None:
    return _FIELDS.get(cell.lower().strip("*＊ "))


def _refuse_missing(fields: Sequence[str | None]) -> None:
    missing = [COLUMNS[field][0] for field in NEEDED if field not in fields]
    if missing:
        words = _("Columns are missing: %(names)s") % {"names": "、".join(missing)}
        raise Invalid({"rows": [words]})


def _refuse_other_order(cells: Sequence[str]) -> None:
    """A first row that can't be a pair: its columns are others, or its headings are not known."""
    if len(cells) < len(NEEDED) or not _LIKE_A_CODE.fullmatch(cells[1]):
        words = _(
            "The first row has no known heading and no credit code in its second column. Headings: %(names)s"
        )
        raise Invalid({"rows": [words % {"names": "、".join(names[0] for names in COLUMNS.values())}]})


def _pair(fields: Sequence[str | None], cells: Sequence[str]) -> PastPair:
    values = {field: cell for field, cell in zip(fields, cells, strict=False) if field}
    return PastPair(**{**dict.fromkeys(NEEDED, ""), **values})
