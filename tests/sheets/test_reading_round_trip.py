"""What is written reads back as it was: every column, in both languages."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.kinds.declaration import Label
from matching.sheets.reading import read
from matching.sheets.types import CellType, Column
from matching.sheets.writing import write_rows
from tests.sheets.reading_words import NEED, OFFER, VOCABULARY

_signs = st.characters(exclude_categories=["Cs", "Cc", "Cf", "Cn", "Co", "Zl", "Zp"])
_words = st.sampled_from(
    ["铝型材", "304", "=1+1", "-5", "@cmd", "0012", "2026-11-22", "是", "1.43E+17", "a、b", "Q345"]
)


def _text(limit: int) -> st.SearchStrategy[str]:
    plain = st.text(_signs, min_size=1, max_size=min(limit, 20)).map(lambda text: " ".join(text.split()))
    return (_words | plain).filter(lambda text: text not in ("", "-", "—", "——", "–"))


def _value(column: Column) -> st.SearchStrategy[Any]:
    limit = column.max_length or 40
    number = st.decimals(0, 10**9, places=4, allow_nan=False, allow_infinity=False)
    match column.type:
        case CellType.NUMBER:
            return number
        case CellType.INTEGER:
            return st.integers(column.least or 0, column.most or 30_000)
        case CellType.DATE:
            return st.dates(date(1950, 1, 1), date(2150, 1, 1))
        case CellType.FLAG:
            return st.booleans()
        case CellType.CHOICE:
            return st.sampled_from([choice.value for choice in column.choices])
        case CellType.WORDS:
            return st.lists(_text(limit), min_size=1, max_size=3, unique=True)
        case CellType.REGION:
            return st.sampled_from([region.code for region in VOCABULARY.regions])
        case CellType.REGIONS:
            codes = [region.code for region in VOCABULARY.regions]
            return st.lists(st.sampled_from(codes), min_size=1, max_size=3, unique=True)
        case CellType.UNIT:
            return st.sampled_from(["吨", "件", "千米", "t"])
        case CellType.DIGITS:
            return st.from_regex(r"[A-Z0-9][A-Z0-9./-]{0,17}", fullmatch=True)
        case CellType.REQUIREMENTS | CellType.PROPERTIES:
            return st.just(_specified(column.type))
        case CellType.CERTIFICATES:
            return st.just([{"name": "ISO 9001", "number": "CN-1", "expires": date(2028, 5, 31)}])
    return _text(limit)


def _specified(kind: CellType) -> list[dict[str, Any]]:
    row = {"parameter": "厚度", "low": Decimal(3), "high": Decimal(6), "values": [], "unit": "mm"}
    if kind is CellType.PROPERTIES:
        return [{**row, "tolerance": True}]
    return [{**row, "operator": "between", "hard": False}]


@st.composite
def _lines(draw: st.DrawFn, columns: tuple[Column, ...]) -> list[dict[str, Any]]:
    lines = []
    for number in range(draw(st.integers(1, 8))):
        chain = draw(st.sampled_from(VOCABULARY.chains))
        node = draw(st.sampled_from(chain.nodes) | st.none())
        values = {column.name: draw(_value(column) | st.none()) for column in columns}
        title = draw(_text(200).filter(lambda text: text[:1] not in "※*＊★"))
        lines.append(
            {**values, "key": f"A{number}", "chain": chain.code, "node": node and node.code, "title": title}
        )
    return lines


def _read_back(columns: tuple[Column, ...], lines: list[dict[str, Any]], language: str) -> None:
    out = io.BytesIO()
    title = Label("清单", "List")
    write_rows(out, columns, lines, vocabulary=VOCABULARY, title=title, language=language)
    reading = read(out.getvalue(), "list.xlsx", columns, VOCABULARY)
    assert [dict(row.values) for row in reading.rows] == lines
    assert [row.problems for row in reading.rows] == [()] * len(lines)
    assert (reading.problems, reading.notices) == ((), ())
    assert reading.columns == tuple(column.name for column in columns)


@settings(max_examples=8)
@given(_lines(NEED), st.sampled_from(["zh-hans", "en"]))
def test_demand_reads_back(lines: list[dict[str, Any]], language: str) -> None:
    _read_back(NEED, lines, language)


@settings(max_examples=8)
@given(_lines(OFFER), st.sampled_from(["zh-hans", "en"]))
def test_supply_reads_back(lines: list[dict[str, Any]], language: str) -> None:
    _read_back(OFFER, lines, language)
