from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.types import Operator
from matching.sheets import specified

_words = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters='\n"=≥~{}[];；、,，() 厚度材质mM12.-'),
    min_size=1,
    max_size=12,
)
_usual = st.sampled_from(
    [
        "厚度",
        "材质",
        "直径",
        "抗拉强度",
        "厚度(mm)",
        "1、厚度",
        "型号",
        "精度等级",
        "表面质量",
        "Q345",
        "304",
        "3 mm",
    ]
)
_name = _usual | _words
_unit = st.sampled_from(["", "mm", "MPa", "%", "°C", "N·m", "炉次", "dB(A)", "kg/m3"]) | _words
_number = st.decimals(min_value=-(10**15), max_value=10**15, places=8, allow_nan=False, allow_infinity=False)
_number = _number | st.integers(-1000, 1000).map(Decimal)


@st.composite
def _requirement(draw: st.DrawFn) -> dict[str, Any]:
    operator = draw(st.sampled_from(Operator))
    values = draw(st.lists(_name, max_size=3))
    low = draw(st.none() | _number)
    high = low if draw(st.booleans()) else draw(st.none() | _number)
    if low is None and not values:
        low = draw(_number)
    return {
        "operator": str(operator),
        "parameter": draw(_name),
        "low": low,
        "high": high,
        "values": values,
        "unit": draw(_unit),
        "hard": draw(st.booleans()),
    }


@st.composite
def _property(draw: st.DrawFn) -> dict[str, Any]:
    row = draw(_requirement())
    stated = {name: row[name] for name in ("parameter", "low", "high", "values", "unit")}
    range_ = stated["low"] is not None and stated["high"] is not None
    return {**stated, "tolerance": range_ and draw(st.booleans())}


@given(st.lists(_requirement(), max_size=4))
def test_requirements_read_back_as_they_were_written(rows: list[dict[str, Any]]) -> None:
    assert specified.read_requirements(specified.write_requirements(rows)) == specified.Specified(tuple(rows))


@given(st.lists(_property(), max_size=4))
def test_properties_read_back_as_they_were_written(rows: list[dict[str, Any]]) -> None:
    assert specified.read_properties(specified.write_properties(rows)) == specified.Specified(tuple(rows))


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "name": _name,
                "number": st.just("") | _name,
                "expires": st.none() | st.dates(date(1900, 1, 1), date(2099, 12, 31)),
            }
        ),
        max_size=4,
    )
)
def test_certificates_read_back_as_they_were_written(rows: list[dict[str, Any]]) -> None:
    assert specified.read_certificates(specified.write_certificates(rows)) == rows


@given(st.lists(_name, max_size=5, unique=True))
def test_words_read_back_as_they_were_written(words: list[str]) -> None:
    assert specified.read_words(specified.write_words(words)) == words


@given(st.text(max_size=80))
def test_any_text_is_read_or_handed_back(text: str) -> None:
    found = specified.read_requirements(text)
    assert bool(found.rows or found.unread) or not text.replace(";", "").replace("；", "").strip()


def _row(
    parameter: str,
    low: str | None = None,
    high: str | None = None,
    unit: str = "",
    *,
    operator: str = "equal",
    values: tuple[str, ...] = (),
    hard: bool = True,
) -> dict[str, Any]:
    return {
        "operator": operator,
        "parameter": parameter,
        "low": None if low is None else Decimal(low),
        "high": None if high is None else Decimal(high),
        "values": list(values),
        "unit": unit,
        "hard": hard,
    }


@pytest.mark.parametrize(
    ("text", "rows", "unread"),
    [
        (
            "厚度 = 3 mm\n抗拉强度 ≥ 690 MPa; 直径 10~20 mm；材质 ∈ {Q345, Q355}\n颜色 = 红色 (可选)",
            (
                _row("厚度", "3", "3", "mm"),
                _row("抗拉强度", "690", None, "MPa", operator="at_least"),
                _row("直径", "10", "20", "mm", operator="between"),
                _row("材质", operator="one_of", values=("Q345", "Q355")),
                _row("颜色", values=("红色",), hard=False),
            ),
            (),
        ),
        (
            "材质：Q345，厚度：3±0.1mm，按图纸要求加工",
            (_row("材质", values=("Q345",)), _row("厚度", "2.9", "3.1", "mm", operator="between")),
            ("按图纸要求加工",),
        ),
        (
            "1、材质：Q345；2、厚度 3mm；3、表面质量：无裂纹、无崩边",
            (
                _row("材质", values=("Q345",)),
                _row("厚度", "3", "3", "mm"),
                _row("表面质量", values=("无裂纹、无崩边",)),
            ),
            (),
        ),
        ("材质 = 304", (_row("材质", values=("304",)),), ()),
        ("厚度(mm)：3", (_row("厚度", "3", "3", "mm"),), ()),
        ('"厚度(mm)" = [3, 3]', (_row("厚度(mm)", "3", "3"),), ()),
        ("功率 = 5 kW（可选）", (_row("功率", "5", "5", "kW", hard=False),), ()),
        ("外观；按图纸", (), ("外观", "按图纸")),
        ("厚度 = 12345678901234567890 mm", (), ("厚度 = 12345678901234567890 mm",)),
    ],
)
def test_what_people_write_is_read(
    text: str, rows: tuple[dict[str, Any], ...], unread: tuple[str, ...]
) -> None:
    assert specified.read_requirements(text) == specified.Specified(rows, unread)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("ISO9001、IATF 16949", [("ISO9001", "", None), ("IATF 16949", "", None)]),
        ("IATF 16949（编号：CN-22，有效期至2027年5月1日）", [("IATF 16949", "CN-22", date(2027, 5, 1))]),
        ("ISO 9001 20270501到期；CE, 编号 123", [("ISO 9001", "", date(2027, 5, 1)), ("CE", "123", None)]),
        ("CCC证书(有效期三年)", [("CCC证书(有效期三年)", "", None)]),
        ("EN 15085, 有效期至 2027-02-30", [("EN 15085, 有效期至 2027-02-30", "", None)]),
    ],
)
def test_certificates_as_people_write_them(text: str, rows: list[tuple[str, str, date | None]]) -> None:
    assert specified.read_certificates(text) == [
        {"name": name, "number": number, "expires": expires} for name, number, expires in rows
    ]


def test_the_writing_is_the_one_that_clerks_know() -> None:
    rows = [
        _row("厚度", "3.00", "3", "mm"),
        _row("抗拉强度", "690", None, "MPa", operator="at_least"),
        _row("材质", operator="one_of", values=("Q345", "Q355"), hard=False),
        _row("材质", "304", "304"),
    ]
    assert specified.write_requirements(rows) == (
        '厚度 = 3 mm\n抗拉强度 ≥ 690 MPa\n材质 ∈ {Q345, Q355} (可选)\n"材质" = [304, 304]'
    )
