"""A cell by the type of its column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from matching.sheets.columns import TOO_LONG
from matching.sheets.reading.grid import EMPTY_FORMULA, Cell
from matching.sheets.reading.limits import Limits
from matching.sheets.reading.line import Line, Written
from matching.sheets.reading.values.chains import read_chain
from matching.sheets.reading.values.choices import read_choice, read_flag
from matching.sheets.reading.values.dates import read_date
from matching.sheets.reading.values.numbers import read_amount
from matching.sheets.reading.values.regions import read_region
from matching.sheets.reading.values.texts import clean_text, plain_text, read_digits, read_text
from matching.sheets.reading.values.unreadable import Tell, Unreadable
from matching.sheets.reading.wording import refused
from matching.sheets.specified import (
    Specified,
    read_certificates,
    read_properties,
    read_requirements,
    read_words,
)
from matching.sheets.types import CellType, Column, Vocabulary

ERRORS = frozenset(
    "#REF! #N/A #VALUE! #DIV/0! #NAME? #NUM! #NULL! #SPILL! #CALC! Err:502 Err:508 Err:511".split()
)
_LATER = {CellType.REQUIREMENTS, CellType.PROPERTIES, CellType.NODE}
"""Read when the rest of the row is known; until then they are text."""
_MOST_WORDS = 200
_NOT_WRITTEN = (TOO_LONG.zh, TOO_LONG.en)

Reader = Callable[[Written, Tell], object]


class CellReader:
    """Reads cells of a list with the words of its vocabulary."""

    def __init__(self, vocabulary: Vocabulary, limits: Limits) -> None:
        self.vocabulary = vocabulary
        self._left = limits.free_text
        self._specified: dict[tuple[CellType, str], Specified] = {}
        self._readers: dict[CellType, Reader] = {
            CellType.TEXT: lambda each, _tell: read_text(
                each.cell, each.column, each.number_format, lines=False
            ),
            CellType.LONG_TEXT: lambda each, _tell: read_text(
                each.cell, each.column, each.number_format, lines=True
            ),
            CellType.DIGITS: lambda each, _tell: read_digits(each.cell, each.column, each.number_format),
            CellType.DATE: lambda each, tell: read_date(each.cell, tell),
            CellType.FLAG: lambda each, _tell: read_flag(each.cell),
            CellType.CHOICE: lambda each, _tell: read_choice(each.cell, each.column),
            CellType.WORDS: _words,
            CellType.CHAIN: lambda each, _tell: read_chain(plain_text(each.cell), vocabulary.chains),
            CellType.REGION: lambda each, _tell: read_region(plain_text(each.cell), vocabulary.regions),
            CellType.REGIONS: self._regions,
            CellType.UNIT: lambda each, _tell: read_text(
                each.cell, each.column, each.number_format, lines=False
            ),
            CellType.CERTIFICATES: _certificates,
            **dict.fromkeys(_LATER, lambda each, _tell: plain_text(each.cell, each.number_format)),
        }

    def read(self, line: Line, faults: Mapping[str, str]) -> None:
        """Every cell of the row by itself; parts of a column are left for later."""
        for name, each in line.written.items():
            if each.heading.meant.whole is not each.column:
                continue
            fault = fault_of(each.cell, faults.get(name))
            if fault is not None:
                code = "formula_without_value" if fault == EMPTY_FORMULA else "error_cell"
                line.fail(name, code, text=f" {fault}" if fault else "")
            elif each.cell in _NOT_WRITTEN:
                continue
            elif is_empty(each.cell):
                line.values[name] = None
            else:
                self._read(line, name, each)

    def specified(self, text: str, kind: CellType) -> Specified:
        """Technical values of a cell; lists repeat them. Raises ``SheetRefused`` where there is too much."""
        found = self._specified.get((kind, text))
        if found is None:
            if self._left < 0:
                raise refused("too_much")
            found = read_requirements(text) if kind is CellType.REQUIREMENTS else read_properties(text)
            self._left -= found.free
            self._specified[kind, text] = found
        return found

    def _read(self, line: Line, name: str, each: Written) -> None:
        kind = each.column.type
        try:
            if kind in (CellType.NUMBER, CellType.INTEGER):
                line.amounts[name] = read_amount(each.cell)
                line.values[name] = None
            else:
                read = self._readers[kind](each, partial(line.tell, name))
                line.values[name] = None if read == "" or read == [] else read
        except Unreadable as unreadable:
            line.fail_with(name, unreadable)

    def _regions(self, each: Written, _tell: Tell) -> list[str]:
        words = read_words(plain_text(each.cell))
        return list(dict.fromkeys(read_region(word, self.vocabulary.regions) for word in words))


def is_empty(cell: Cell) -> bool:
    """Nothing but blanks; a dash alone is how people write nothing."""
    return isinstance(cell, str) and (not cell or clean_text(cell) in ("", "-", "—", "——", "–"))


def reads_as(text: str, column: Column) -> str:
    """What a stored text reads as once it was written into a workbook: without idle blanks, on its lines."""
    if is_empty(text):
        return ""
    try:
        if column.type is CellType.DIGITS:
            return read_digits(text, column, "")
        return read_text(text, column, "", lines=column.type is CellType.LONG_TEXT)
    except Unreadable:
        return text


def fault_of(cell: Cell, fault: str | None) -> str | None:
    """The error that a cell shows, if it is one."""
    if fault is not None:
        return fault
    return cell.strip() if isinstance(cell, str) and cell[:1] in "#E" and cell.strip() in ERRORS else None


def _words(each: Written, _tell: Tell) -> list[str]:
    words = read_words(plain_text(each.cell, each.number_format))
    limit = each.column.max_length
    for word in words:
        if limit is not None and len(word) > limit:
            raise Unreadable("word_too_long", word=f"{word[:20]}…", limit=limit)
    if len(words) > _MOST_WORDS:
        raise Unreadable("too_long", length=len(words), limit=_MOST_WORDS)
    return words


def _certificates(each: Written, _tell: Tell) -> list[dict[str, object]]:
    rows = read_certificates(plain_text(each.cell, each.number_format))
    for row in rows:
        if len(row["name"]) > 80 or len(row["number"]) > 80:
            raise Unreadable("word_too_long", word=f"{row['name'][:20]}…", limit=80)
    return rows
