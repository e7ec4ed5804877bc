from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.types import Operator, Property, Requirement
from matching.engine.values import parse_property, parse_requirement


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


@pytest.mark.parametrize(
    ("text", "operator", "low", "high", "unit"),
    [
        ("≥690MPa", "at_least", "690", None, "MPa"),
        ("不低于 690 MPa", "at_least", "690", None, "MPa"),
        ("690MPa以上", "at_least", "690", None, "MPa"),
        ("690兆帕及以上", "at_least", "690", None, "兆帕"),
        (">690", "more_than", "690", None, ""),
        ("≤0.5%", "at_most", None, "0.5", "%"),
        ("不超过0.5％", "at_most", None, "0.5", "%"),
        ("-20℃以下", "at_most", None, "-20", "°C"),
        ("小于 3 mm", "less_than", None, "3", "mm"),
        ("3±0.1mm", "between", "2.9", "3.1", "mm"),
        ("3mm±0.1mm", "between", "2.9", "3.1", "mm"),
        ("(3±0.1)mm", "between", "2.9", "3.1", "mm"),
        ("10mm±5%", "between", "9.5", "10.5", "mm"),
        ("100 +0.1/-0.2 mm", "between", "99.8", "100.1", "mm"),
        ("3~5 mm", "between", "3", "5", "mm"),
        ("3-5mm", "between", "3", "5", "mm"),
        ("3mm-5cm", "between", "0.3", "5", "cm"),
        ("3至5毫米", "between", "3", "5", "毫米"),
        ("-40~+85℃", "between", "-40", "85", "°C"),
        ("≥3mm且≤5mm", "between", "3", "5", "mm"),
        ("3mm<t<5mm", "between", "3", "5", "mm"),
        ("φ840mm", "equal", "840", "840", "mm"),
        ("1,200 kg", "equal", "1200", "1200", "kg"),
        ("3万片", "equal", "3", "3", "万片"),
        ("200万", "equal", "2000000", "2000000", ""),
        ("HRC58~HRC62", "between", "58", "62", "HRC"),
        ("Rm≥690MPa", "at_least", "690", None, "MPa"),
        ("p：≥690MPa（纵向）", "at_least", "690", None, "MPa"),
        ("not less than 690 MPa", "at_least", "690", None, "MPa"),
        ("up to 5 mm", "at_most", None, "5", "mm"),
        ("12K", "equal", "12000", "12000", ""),
        ("φ50-φ200mm", "between", "50", "200", "mm"),
        ("100万次以上", "at_least", "100", None, "万次"),
        ("±0.05mm", "at_most", None, "0.05", "mm"),
        ("±5%以内", "at_most", None, "5", "%"),
        ("控制在0.05mm以内", "at_most", None, "0.05", "mm"),
        ("不得低于二十吨", "at_least", "20", None, "吨"),
        ("between 5 and 10 bar", "between", "5", "10", "bar"),
        ("20 kg max", "at_most", None, "20", "kg"),
        ("φ20 0/-0.021", "between", "19.979", "20", "mm"),
        ("零下40℃", "equal", "-40", "-40", "°C"),
        ("5mm以上10mm以下", "between", "5", "10", "mm"),
        ("10mm以下、5mm以上", "between", "5", "10", "mm"),
        ("不低于5mm不高于10mm", "between", "5", "10", "mm"),
        ("1/2 inch", "equal", "0.5", "0.5", "inch"),
        ("1-1/2英寸", "equal", "1.5", "1.5", "英寸"),
        ('3 1/2"', "equal", "3.5", "3.5", '"'),
        ("≤1×10^-9Pa", "at_most", None, "1e-9", "Pa"),
        ("φ840", "equal", "840", "840", "mm"),
    ],
)
def test_numbers(text: str, operator: str, low: str | None, high: str | None, unit: str) -> None:
    expected = Requirement("p", Operator(operator), _decimal(low), _decimal(high), unit=unit)
    assert parse_requirement("p", text) == expected
    tolerance = low is not None and ("±" in text or "/-" in text)
    stated = Property("p", _decimal(low), _decimal(high), unit=unit, tolerance=tolerance)
    assert parse_property("p", text) == stated


@pytest.mark.parametrize(
    ("text", "operator", "values"),
    [
        ("304/06Cr19Ni10", Operator.ONE_OF, ("304", "06Cr19Ni10")),
        ("Q355B 或 Q345B", Operator.ONE_OF, ("Q355B", "Q345B")),
        ("Q355B, Q345B", Operator.ONE_OF, ("Q355B", "Q345B")),
        ("镀锌", Operator.EQUAL, ("镀锌",)),
        ("约3mm", Operator.EQUAL, ("约3mm",)),
        ("M12×1.75", Operator.EQUAL, ("M12×1.75",)),
        ("316L", Operator.EQUAL, ("316L",)),
        ("GB/T 3274-2017", Operator.EQUAL, ("GB/T 3274-2017",)),
        ("表面光滑，无锈蚀", Operator.EQUAL, ("表面光滑,无锈蚀",)),
        ("", Operator.EQUAL, ()),
    ],
)
def test_what_is_no_number_stays_text(text: str, operator: Operator, values: tuple[str, ...]) -> None:
    assert parse_requirement("p", text) == Requirement("p", operator, values=values)
    assert parse_property("p", text) == Property("p", values=values)


def test_a_unit_in_the_parameters_name_is_used() -> None:
    assert parse_requirement("厚度（mm）", "≥3") == Requirement(
        "厚度", Operator.AT_LEAST, Decimal(3), unit="mm"
    )
    assert parse_property("强度(Rm)", "3 MPa").parameter == "强度(Rm)"
    assert parse_property("厚度(t)", "3 mm").parameter == "厚度(t)"


def test_hardness_of_a_requirement_is_the_callers() -> None:
    assert parse_requirement("p", "≥3", hard=False).hard is False


@given(st.text(alphabet="0123456789.,-+~±≥≤<>至以上下且φ()/%mMPa吨万片 约", max_size=20))
def test_any_text_is_read_or_kept(text: str) -> None:
    found = parse_property("p", text)
    numeric = found.low is not None or found.high is not None
    assert numeric != bool(found.values) or not text.strip(" .,;。，；")
    if found.low is not None and found.high is not None:
        assert found.low <= found.high


def test_a_pause_mark_joins_clauses_and_lists_designations() -> None:
    assert parse_requirement("外观", "无破损、无崩边").values == ("无破损、无崩边",)
    assert parse_requirement("材质", "Q355B、Q390B").values == ("Q355B", "Q390B")
