"""Confirmed pairs are read as offices keep them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.errors import Invalid
from matching.memory.reading import COLUMNS, Row, decoded, read
from matching.memory.services import PastPair

PAIR = PastPair("太阳能薄片", "91140100MA0T00013K", "S-1", "单晶硅片", "2024-03-01")
CELLS = (PAIR.text, PAIR.uscc, PAIR.line, PAIR.product, PAIR.confirmed_on)
HEADINGS = tuple(names[0] for names in COLUMNS.values())


@pytest.mark.parametrize("separator", ["\t", ","])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_table_with_headings_in_any_order(separator: str, newline: str) -> None:
    table = [HEADINGS[::-1], CELLS[::-1], ("",) * 5, CELLS[::-1]]
    text = newline.join(separator.join(cells) for cells in table)
    assert read(text) == [Row(2, PAIR), Row(4, PAIR)]


def test_a_table_without_headings_has_the_columns_in_their_order() -> None:
    assert read("\t".join(CELLS)) == [Row(1, PAIR)]
    assert read(",".join(CELLS[:3])) == [Row(1, PastPair(*CELLS[:3]))]


def test_other_headings_are_known_and_unknown_columns_passed_over() -> None:
    assert read("备注,需求名称*,信用代码,编号\nx,a,b,c\n") == [Row(2, PastPair("a", "b", "c"))]


def test_json() -> None:
    pairs = [{"text": "a", "uscc": "b", "line": "c"}, {"text": "d", "uscc": "e", "line": "f", "note": "x"}]
    assert read(json.dumps(pairs)) == [Row(1, PastPair("a", "b", "c")), Row(2, PastPair("d", "e", "f"))]


@pytest.mark.parametrize(
    "text",
    [
        "品名,代码,行号\n硅片,91140100MA0T00013K,S-1\n",
        "S-1,硅片,91140100MA0T00013K\n",
        "91140100MA0T00013K\n",
        '[{"text": 1}]',
        "[",
        '[["a"]]',
        '[{"text": "a"}]',
        "需求,编号\na,b\n",
        "a" * 200_000,
    ],
)
def test_what_can_t_be_read_is_told(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(text)
    assert set(refused.value.fields) == {"rows"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(encoding: str) -> None:
    assert read(decoded(",".join(CELLS).encode(encoding))) == [Row(1, PAIR)]


@pytest.mark.parametrize("data", [b"\xff\xff\xff", b"\xff\xfe\x00", b"PK\x03\x04\xff"])
def test_a_file_that_is_no_text(data: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        decoded(data)
    assert set(refused.value.fields) == {"file"}


@given(st.text())
def test_any_text_is_read_or_told(text: str) -> None:
    numbers, told = _tried(text)
    assert numbers == sorted(set(numbers))
    assert told in (set(), {"rows"})


def _tried(text: str) -> tuple[list[int], set[str]]:
    try:
        return [row.number for row in read(text)], set()
    except Invalid as invalid:
        return [], set(invalid.fields)


@given(st.lists(st.tuples(*[st.text(st.characters(codec="utf-8", exclude_characters="\r\n\t\0"))] * 5)))
def test_what_a_spreadsheet_copies_comes_back(cells: list[tuple[str, ...]]) -> None:
    quoted = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row] for row in cells]
    text = "\n".join("\t".join(row) for row in [list(HEADINGS), *quoted])
    wanted = [tuple(cell.strip() for cell in row) for row in cells]
    assert [row.pair for row in read(text)] == [PastPair(*row) for row in wanted if any(row)]
