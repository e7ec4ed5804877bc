"""Signs, units and grades in the forms in which specifications write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from matching.engine.specs import parse_specification, requirement_records
from matching.engine.specs.record import RequirementRecord
from matching.engine.text import index_glossary
from matching.engine.types import Glossary
from matching.engine.values import parse_property

NONE = index_glossary(Glossary())


def _records(text: str) -> list[RequirementRecord]:
    return requirement_records(text, parse_specification(text, NONE), NONE)


def _read(text: str) -> list[tuple[object, ...]]:
    return [
        (r["parameter"], r["operator"], r["low"], r["high"], r["unit"], r["text"]) for r in _records(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("误差不超过正负0.5%", ("误差", "at_most", None, Decimal("0.5"), "%")),
        ("偏差不超过±5%", ("偏差", "at_most", None, 5, "%")),
        ("误差不大于 ±0.5mm", ("误差", "at_most", None, Decimal("0.5"), "mm")),
        ("大卡车轮胎寿命不低于5万小时", ("大卡车轮胎寿命", "at_least", 50_000, None, "h")),
        ("电压偏差≤±5%", ("电压偏差", "at_most", None, 5, "%")),
        ("定位误差为正负0.02毫米", ("定位误差", "at_most", None, Decimal("0.02"), "mm")),
        ("工作温度零下40度至85度", ("工作温度", "between", -40, 85, "°C")),
        ("温度20±5度", ("温度", "between", 15, 25, "°C")),
        ("温差不超过5度", ("温差", "at_most", None, 5, "°C")),
        ("角度误差小于1度", ("角度误差", "less_than", None, 1, "°")),
        ("热值不低于5500大卡/千克", ("热值", "at_least", 23_012_000, None, "J/kg")),
        ("氧含量低于5个ppm", ("氧含量", "less_than", None, Decimal("0.0005"), "%")),
        ("表面硬度不低于HV0.3 650", ("表面硬度", "at_least", 650, None, "HV")),
        ("芯部硬度HV10≥320", ("芯部硬度", "at_least", 320, None, "HV")),
        ("显色指数Ra≥80", ("显色指数", "at_least", 80, None, "")),
        ("表面粗糙度Ra≤1.6", ("表面粗糙度", "at_most", None, Decimal("0.0016"), "mm")),
        ("硬度HRB85", ("硬度", "equal", 85, 85, "HRB")),
        ("硬度650HV0.3", ("硬度", "equal", 650, 650, "HV")),
    ],
)
def test_words_that_are_signs_are_read_as_such_and_traced(text: str, expected: tuple[object, ...]) -> None:
    assert _read(f"铸件，{text}；包装") == [(*expected, text)]


def test_an_accuracy_class_of_meters_is_a_word_and_no_siemens() -> None:
    (record,) = _records("精度等级0.5S级")
    assert (record["parameter"], record["values"], record["unit"]) == ("精度等级", ["0.5S"], "")


@pytest.mark.parametrize("text", ["日耗电100度", "硬度HV700", "HV10万台"])
def test_other_uses_of_the_same_words_stay_what_they_were(text: str) -> None:
    assert all(unit not in {"°C", "°"} for *_, unit, _ in _read(text))


def test_a_rebar_grade_is_no_hardness() -> None:
    (grade, diameter) = _records("热轧带肋钢筋HRB400E Φ25")
    assert (grade["parameter"], grade["values"]) == ("材质", ["HRB400E"])
    assert (diameter["parameter"], diameter["low"], diameter["unit"]) == ("直径", Decimal(25), "mm")
    stated = parse_property("牌号", "HRB400")
    assert (stated.low, stated.values) == (None, ("HRB400",))
