"""Drop-downs: the hidden sheet that they choose from, and the rules of cells.

What depends on another cell (node on chain, city on province) is an OFFSET into a grouped block, found by
MATCH: Excel, WPS and LibreOffice all follow it, and names with any characters work, unlike with INDIRECT.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import zip_longest
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from matching.kinds.declaration import Label
from matching.sheets.cells import NO, YES
from matching.sheets.columns import LISTS
from matching.sheets.naming import Names
from matching.sheets.types import CellType, Column

Rule = dict[str, Any]
Place = Callable[[str], str]
"""The cell of a named column in the first row of the list, as ``$B3``."""

_MAX_INLINE = 240
_FROM_LIST = Label("请从下拉列表中选择。", "Choose from the list.")
_OTHER_UNIT = Label("列表中没有这个单位，仍要使用吗？", "This unit is not in the list. Use it anyway?")
_A_DAY = Label("请填写日期，如 2026-11-22。", "Write a day such as 2026-11-22.")
_A_NUMBER = Label("请填写数字，不带单位。", "Write a number without a unit.")
_TOO_LONG = Label("文字过长，请缩短后再填写。", "This text is too long; shorten it.")
_SHORT_TEXT = frozenset({CellType.TEXT, CellType.DIGITS})


@dataclass
class Choosing:
    """Rules of columns, and the words that they need on the hidden sheet, which ``close`` writes."""

    sheet: Worksheet
    names: Names
    language: str
    _blocks: dict[str, str] = field(default_factory=dict)
    _columns: list[Sequence[str]] = field(default_factory=list)

    def rule(self, column: Column, place: Place) -> Rule | None:
        """Validation of a column, or None where anything may be written."""
        match column.type:
            case CellType.CHAIN:
                return self._list(self._block("chains", self.names.chains.values()), _FROM_LIST)
            case CellType.NODE:
                return self._list(self._below("nodes", self._nodes(), place("chain")), _FROM_LIST)
            case CellType.UNIT:
                units = self._block("units", self.names.vocabulary.units)
                return self._list(units, _OTHER_UNIT, kind="warning")
            case CellType.FLAG:
                return self._list([YES.text(self.language), NO.text(self.language)], _FROM_LIST)
            case CellType.CHOICE:
                return self._list(self._words(column), _FROM_LIST)
            case CellType.REGION:
                return self._region(column.name, place)
        return self._plain(column)

    def _plain(self, column: Column) -> Rule | None:
        if column.type is CellType.DATE:
            days = {"criteria": "between", "minimum": date(2000, 1, 1), "maximum": date(2100, 12, 31)}
            return self._told({"validate": "date", **days}, _A_DAY)
        if column.type in {CellType.NUMBER, CellType.INTEGER}:
            kind = "integer" if column.type is CellType.INTEGER else "decimal"
            return self._told({"validate": kind, **_bounds(column)}, _A_NUMBER)
        if column.type in _SHORT_TEXT and column.max_length:
            return self._told({"validate": "length", "criteria": "<=", "value": column.max_length}, _TOO_LONG)
        return None

    def _region(self, name: str, place: Place) -> Rule | None:
        root, _dot, step = name.rpartition(".")
        paths = [word.path for word in self.names.vocabulary.regions]
        province = f"{root}.province"
        match step:
            case "province":
                block = self._block("provinces", (path[0] for path in paths if len(path) == 1))
            case "city":
                cities = [(path[0], path[1]) for path in paths if len(path) == 2]
                block = self._below("cities", cities, place(province))
            case "county":
                counties = [(path[0] + path[1], path[2]) for path in paths if len(path) == 3]
                block = self._below("counties", counties, f"{place(province)}&{place(f'{root}.city')}")
            case _:
                return None
        return self._list(block, _FROM_LIST)

    def _nodes(self) -> list[tuple[str, str]]:
        return [
            (self.names.chains[chain.code], name)
            for chain in self.names.vocabulary.chains
            for name in self.names.leaves(chain)
        ]

    def _words(self, column: Column) -> Any:
        words = [choice.label.text(self.language) for choice in column.choices]
        inline = sum(len(word) + 1 for word in words) < _MAX_INLINE and not any("," in word for word in words)
        return words if inline else self._block(column.name, words)

    def _list(self, source: Any, message: Label, kind: str = "stop") -> Rule:
        return self._told({"validate": "list", "source": source, "error_type": kind}, message)

    def _told(self, rule: Rule, message: Label) -> Rule:
        return {**rule, "error_message": message.text(self.language)}

    def _block(self, name: str, words: Iterable[str]) -> str:
        """The range that holds the words."""
        if name not in self._blocks:
            column, last = self._write(list(words))
            self._blocks[name] = f"='{LISTS}'!${column}$1:${column}${last}"
        return self._blocks[name]

    def _below(self, name: str, pairs: Iterable[tuple[str, str]], key: str) -> str:
        """The range of the words whose group is the text of ``key``, a formula."""
        if name not in self._blocks:
            groups: dict[str, list[str]] = {}
            for group, word in pairs:
                groups.setdefault(group, []).append(word)
            rows = [(group, word) for group, words in groups.items() for word in words]
            column, last = self._write([group for group, _word in rows])
            words_column, _last = self._write([word for _group, word in rows])
            groups_range = f"'{LISTS}'!${column}$1:${column}${last}"
            start = f"'{LISTS}'!${words_column}$1"
            self._blocks[name] = (
                f"=OFFSET({start},MATCH({{key}},{groups_range},0)-1,0,COUNTIF({groups_range},{{key}}),1)"
            )
        return self._blocks[name].format(key=key)

    def _write(self, words: Sequence[str]) -> tuple[str, int]:
        self._columns.append(words)
        return xl_col_to_name(len(self._columns) - 1), max(len(words), 1)

    def close(self) -> None:
        """Write the words, row by row as a workbook of constant memory wants them."""
        for row, words in enumerate(zip_longest(*self._columns)):
            for number, word in enumerate(words):
                if word is not None:
                    self.sheet.write_string(row, number, word)


def _bounds(column: Column) -> Rule:
    if column.most is not None:
        return {"criteria": "between", "minimum": column.least or 0, "maximum": column.most}
    if column.least is not None:
        return {"criteria": ">=", "value": column.least}
    return {"criteria": "between", "minimum": -1e15, "maximum": 1e15}
