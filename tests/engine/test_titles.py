from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.text import index_glossary
from matching.engine.titles import another_kind, extended, kind_of, plain_name
from matching.engine.types import Glossary

NONE = index_glossary(Glossary())


@pytest.mark.parametrize(
    "title", ["石英坩埚（国产）", "石英坩埚(按图加工)", "石英坩埚/批量供应", "石英坩埚 现货"]
)
def test_remarks_on_the_trade_are_no_part_of_the_name(title: str) -> None:
    assert plain_name(title, NONE) == "石英坩埚"


@pytest.mark.parametrize(
    "title",
    [
        "石英坩埚清洗服务",
        "石英坩埚检测服务",
        "石英坩埚包装箱",
        "石英坩埚专用工装",
        "石英坩埚生产线",
        "石英坩埚维修",
    ],
)
def test_what_merely_mentions_the_product_is_another_kind(title: str) -> None:
    assert another_kind("石英坩埚", title)
    assert another_kind(title, "石英坩埚")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("石英坩埚", "高纯石英坩埚"),
        ("打印机", "打印设备"),
        ("防火墙", "下一代防火墙设备"),
        ("单晶炉", "单晶硅生长炉"),
        ("金属检测服务", "金属理化测试"),
    ],
)
def test_names_of_one_kind(one: str, other: str) -> None:
    assert not another_kind(one, other)


def test_a_machine_for_a_machine_is_another_one() -> None:
    assert another_kind("缓冲器", "缓冲器落锤试验机")


def test_a_name_that_goes_on_has_another_head() -> None:
    assert extended("液压支架", "液压支架控制器")
    assert not extended("液压支架", "两柱液压支架")
    assert not extended("液压支架", "液压支架总成")


@given(st.text(max_size=20), st.text(max_size=20))
def test_the_kind_is_symmetric(one: str, other: str) -> None:
    assert another_kind(one, other) == another_kind(other, one)
    assert not another_kind(one, one)
    assert kind_of(one) in {"", "service", "equipment", "tooling", "packaging", "spares"}
