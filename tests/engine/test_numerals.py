from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.numerals import in_digits, replacements, value
from matching.engine.types import Operator
from matching.engine.values import parse_property, parse_requirement

DIGITS = "零一二三四五六七八九"


def written(number: int) -> str:
    """A number below 10¹² in Chinese numerals."""
    if number == 0:
        return DIGITS[0]
    text = ""
    for power, large in ((10**8, "亿"), (10**4, "万"), (1, "")):
        group = number // power % 10_000
        if group:
            gap = text and group < 1_000
            text += ("零" if gap else "") + _group(group) + large
    return text


def _group(group: int) -> str:
    text, gap = "", False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = group // power % 10
        if digit:
            text += ("零" if gap and text else "") + DIGITS[digit] + unit
        gap = not digit
    return text


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_numerals_round_trip(number: int) -> None:
    assert value(written(number)) == number
    assert in_digits(f"不少于{written(number)}件") == f"不少于{number}件"


@given(st.text(alphabet="零一二三十百千万亿两半点个吨mm不超过分之成3.", max_size=16))
def test_any_text_is_taken(text: str) -> None:
    assert isinstance(in_digits(text), str)
    ends = [0]
    for start, end, digits in replacements(text):
        assert ends[-1] <= start < end <= len(text)
        assert digits
        ends.append(end)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("一万二千件", "12000件"),
        ("三点五毫米", "3.5毫米"),
        ("两百吨", "200吨"),
        ("廿吨", "20吨"),
        ("壹佰贰拾台", "120台"),
        ("一百零八根", "108根"),
        ("3万2千件", "32000件"),
        ("千分之五", "5‰"),
        ("百分之九十五以上", "95%以上"),
        ("万分之三", "0.03%"),
        ("一吨半", "1.5吨"),
        ("半年", "0.5年"),
        ("三千五百万元", "35000000元"),
        ("不少于五千", "不少于5000"),
        ("零下四十度", "零下40度"),
        ("五个工作日", "5个工作日"),
        ("能效一级", "能效1级"),
        ("超过九成", "超过90%"),
        ("两台", "2台"),
        ("一百一十千瓦", "110千瓦"),
        ("三千瓦", "3千瓦"),
        ("两千台", "2000台"),
        ("一千二百瓦", "1200瓦"),
        ("十万分之五", "0.005%"),
        ("百万分之五", "5ppm"),
    ],
)
def test_numerals_that_count(text: str, digits: str) -> None:
    assert in_digits(text) == digits


@pytest.mark.parametrize(
    "text",
    (
        "三通 千斤顶 十分 三相 100千瓦 1.2万元 三轴加速度计 一体化 三安光电 万向节 四芯电缆 二氧化碳 "
        "一起订购 统一 三分之二以上"
    ).split(),
)
def test_numerals_that_are_part_of_a_word(text: str) -> None:
    assert in_digits(text) == text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("三万二", 32_000),
        ("十二", 12),
        ("一二〇", 120),
        ("二十点五", Decimal("20.5")),
        ("一点五亿", 150_000_000),
    ],
)
def test_values_of_numerals(text: str, number: Decimal | int) -> None:
    assert value(text) == number


@pytest.mark.parametrize("text", ["", "点", "三点", "abc", "一百一十千"])
def test_what_is_no_numeral(text: str) -> None:
    assert value(text) is None


def test_requirements_and_properties_read_numerals() -> None:
    wanted = parse_requirement("强度", "不低于三百兆帕")
    assert (wanted.operator, wanted.low, wanted.unit) == (Operator.AT_LEAST, Decimal(300), "兆帕")
    assert parse_property("单重", "二十吨").low == Decimal(20)
