from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.units import base, convert, known, measure, show

GROUPS = (
    ("吨", "公斤", "千克", "kg", "KG", "t", "克", "万吨", "mg"),
    ("毫米", "mm", "米", "厘米", "μm", "微米", "英寸", "km"),
    ("MPa", "兆帕", "mpa", "GPa", "kPa", "N/mm2", "N/mm²", "bar"),
    ("件", "个", "只", "pcs", "万件", "千件"),
    ("片", "万片", "百万片"),
    ("kW", "千瓦", "MW", "W", "万千瓦"),
    ("℃", "K", "摄氏度"),
    ("%", "‰", "ppm"),
    ("r/min", "rpm", "转/分"),
    ("kWh", "千瓦时", "MWh", "GWh"),
    ("片/月", "万片/月", "片/年"),
    ("吨/月", "t/d", "公斤/小时"),
)
amounts = st.decimals(min_value=Decimal("0.001"), max_value=10**6, places=3)
pairs = st.sampled_from([(a, b) for group in GROUPS for a in group for b in group])


@given(amounts, pairs)
def test_conversion_is_symmetric(value: Decimal, pair: tuple[str, str]) -> None:
    there = convert(value, *pair)
    assert there is not None
    back = convert(there, pair[1], pair[0])
    assert back is not None
    assert abs(back - value) <= abs(value) * Decimal("1e-12") + Decimal("1e-12")


@given(amounts, pairs)
def test_equal_amounts_have_equal_bases(value: Decimal, pair: tuple[str, str]) -> None:
    there = convert(value, *pair)
    assert there is not None
    first, second = base(value, pair[0]), base(there, pair[1])
    assert first[1] == second[1]
    assert abs(first[0] - second[0]) <= abs(first[0]) * Decimal("1e-15")


@given(amounts, amounts, pairs)
def test_order_is_the_same_in_every_unit(one: Decimal, other: Decimal, pair: tuple[str, str]) -> None:
    first, second = convert(one, *pair), convert(other, *pair)
    assert first is not None
    assert second is not None
    assert (first <= second) == (one <= other)


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        ("5", "g/10min", "kg/h", "0.03"),
        ("200", "N·m", "kN·m", "0.2"),
        ("1", "kGs", "T", "0.1"),
        ("2", "万元/台", "元/台", "20000"),
        ("30", "弧分", "°", "0.5"),
        ("1.5", "吨", "公斤", "1500"),
        ("3", "万片", "片", "30000"),
        ("0.69", "GPa", "MPa", "690"),
        ("1", "英寸", "mm", "25.4"),
        ("0", "℃", "K", "273.15"),
        ("12", "吨/年", "吨/月", "1"),
        ("2", "万千瓦时", "MWh", "20"),
        ("5", "‰", "%", "0.5"),
        ("1", "g/cm³", "kg/m³", "1000"),
        ("1", "季度", "月", "3"),
    ],
)
def test_known_conversions(value: str, unit: str, to: str, expected: str) -> None:
    assert convert(Decimal(value), unit, to) == Decimal(expected)


@pytest.mark.parametrize(
    ("unit", "to"),
    [
        ("N·m", "J"),
        ("ppma", "ppm"),
        ("12V/5A", "V"),
        ("/316L", "1/L"),
        ("台", "卷"),
        ("片", "件"),
        ("mm", "kg"),
        ("", "mm"),
        ("", "%"),
        ("卷", "根"),
        ("MW", "V"),
    ],
)
def test_incomparable_units(unit: str, to: str) -> None:
    assert convert(Decimal(1), unit, to) is None


def test_capitals_matter_only_where_they_mean_something() -> None:
    assert convert(Decimal(1), "MW", "mW") == Decimal(10) ** 9
    assert measure("MPA") == measure("MPa") == measure("兆帕")


def test_an_unknown_unit_compares_with_itself_only() -> None:
    assert convert(Decimal(2), "foo", "foo") == Decimal(2)
    assert convert(Decimal(2), "foo", "bar-foo") is None
    assert not known("foo")


def test_offices_teach_units() -> None:
    aliases = {"片": "pcs"}
    assert convert(Decimal(2), "万片", "件", aliases) == Decimal(20_000)
    assert convert(Decimal(2), "万片", "件") is None


def test_machines_are_counted_alike() -> None:
    assert convert(Decimal(3), "台", "套") == convert(Decimal(3), "台套", "台") == Decimal(3)


def test_offices_teach_units_with_a_factor() -> None:
    aliases = {"箱": "10000 片", "万平": "10000 m2"}
    assert convert(Decimal(2), "箱", "片", aliases) == Decimal(20_000)
    assert convert(Decimal(1), "箱/月", "片/月", aliases) == Decimal(10_000)
    assert convert(Decimal(1), "万平", "m²", aliases) == Decimal(10_000)


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        ("768", "GB", "TB", "0.768"),
        ("3", "mg/kg", "ppm", "3"),
        ("0.055", "mrad", "μrad", "55"),
        ("40", "x", "倍", "40"),
    ],
)
def test_units_that_are_only_ratios_still_compare(value: str, unit: str, to: str, expected: str) -> None:
    assert convert(Decimal(value), unit, to) == Decimal(expected)


@given(st.text(alphabet="kmgMPaN·/()*^-²3 9℃吨万片", max_size=16))
def test_any_text_is_some_unit(unit: str) -> None:
    assert measure(unit).factor > 0


def test_powers_cannot_be_abused() -> None:
    assert not known("9**9**9**9")
    assert not known("m**9**9**9")


@pytest.mark.parametrize(
    ("value", "text"),
    [("690.00", "690"), ("0.10", "0.1"), ("1E+3", "1000"), ("0", "0"), ("0.00002", "0.00002")],
)
def test_numbers_are_shown_plainly(value: str, text: str) -> None:
    assert show(Decimal(value)) == text


def test_no_base_reads_like_a_formula_of_dimensions() -> None:
    for unit in ("N/mm", "kW/kg", "W/m²", "mol/L", "dB/km"):
        assert "[" not in measure(unit).base
