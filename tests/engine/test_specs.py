from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.specs import (
    ParsedRequirement,
    as_json,
    in_base_unit,
    names,
    parse_specification,
    quantities,
    requirement_records,
    rest_records,
)
from matching.engine.text import index_glossary
from matching.engine.types import Glossary, Operator, Requirement
from tests.engine.corpus import examples, score

NONE = index_glossary(Glossary())
OFFICE = index_glossary(Glossary(units=(("箱", "10000 片"),), grades=(("XK-9", "甲9"),)))
ALPHABET = (
    "0123456789.,-+~±≥≤<>至以上下且φ()/%mMPa吨万片 约×xX℃²三千五百厚度材质不低于，；。优先GB/T:Ra无裂纹零下"
)


def _parsed(text: str) -> tuple[ParsedRequirement, ...]:
    return parse_specification(text, NONE).requirements


def _only(text: str) -> Requirement:
    (parsed,) = _parsed(text)
    return parsed.requirement


def test_the_tuned_examples_are_read_as_expected() -> None:
    right, found, wanted = score((e for e in examples() if not e.held_out), NONE)
    assert (right, found) == (wanted, wanted)


def test_the_held_out_examples_are_mostly_read_as_expected() -> None:
    right, found, wanted = score((e for e in examples() if e.held_out), NONE)
    assert right / found >= 0.89
    assert right / wanted >= 0.93
    right, found, wanted = score(examples("fresh.txt"), NONE)
    assert right / found >= 0.94
    assert right / wanted >= 0.96


@pytest.mark.parametrize("text", [e.text for e in (*examples(), *examples("fresh.txt"))])
def test_every_span_reads_to_its_requirement_again(text: str) -> None:
    for parsed in _parsed(text):
        again = [other.requirement for other in _parsed(text[parsed.start : parsed.end])]
        assert _without_weight(parsed.requirement) in [_without_weight(other) for other in again]


def _without_weight(wanted: Requirement) -> Requirement:
    """Whether it is a must is told by the sentence around it."""
    return Requirement(wanted.parameter, wanted.operator, wanted.low, wanted.high, wanted.values, wanted.unit)


@given(st.text(alphabet=ALPHABET, max_size=40) | st.text(max_size=40))
def test_any_text_is_read_and_spans_stay_inside_it(text: str) -> None:
    found = parse_specification(text, NONE)
    for parsed in found.requirements:
        assert 0 <= parsed.start < parsed.end <= len(text)
        assert text[parsed.start : parsed.end].strip()
        wanted = parsed.requirement
        assert wanted.values or wanted.low is not None or wanted.high is not None
    for start, end in found.rest:
        assert 0 <= start < end <= len(text)
    spans = [(parsed.start, parsed.end) for parsed in found.requirements]
    assert spans == sorted(spans)


@given(st.sampled_from([e.text for e in examples()]), st.sampled_from([e.text for e in examples()]))
def test_sentences_are_read_apart(one: str, other: str) -> None:
    joined = _parsed(f"{one}\n{other}")
    behind = [p.requirement for p in joined if p.start > len(one)]
    assert behind == [p.requirement for p in _parsed(other)]


def test_two_limits_in_different_units_are_two_requirements() -> None:
    found = [(p.requirement.operator, p.requirement.unit) for p in _parsed("厚度5mm以上、8片以下")]
    assert found == [(Operator.AT_LEAST, "mm"), (Operator.AT_MOST, "片")]


@pytest.mark.parametrize(
    ("text", "hard"),
    [
        ("最好厚度≥3mm", False),
        ("厚度≥3mm（优先）", False),
        ("优选：厚度≥3mm", False),
        ("thickness should be at least 3 mm", False),
        ("厚度应≥3mm", True),
        ("厚度必须≥3mm", True),
        ("便宜的板，厚度≥3mm", True),
        ("宜昌交货，厚度≥3mm", True),
    ],
)
def test_words_of_wishing_make_a_requirement_soft(text: str, hard: bool) -> None:
    assert [p.requirement.hard for p in _parsed(text)][-1] is hard


@pytest.mark.parametrize(
    "text",
    [
        "欢迎来电洽谈，价格面议。",
        "联系电话0351-7654321，手机13800138000",
        "2026年12月31日前交货",
        "三通、千斤顶、万向节、六角扳手、一体化、二氧化碳",
        "无锡无缝钢管有限公司生产无人机",
        "产品型号SY215，轴承6305",
        "时间8:30-17:30",
        "",
        "   ",
    ],
)
def test_what_is_no_requirement_is_not_made_one(text: str) -> None:
    assert [p for p in _parsed(text) if p.requirement.low is not None or p.requirement.high is not None] == []


def test_spans_are_positions_of_the_text_as_given() -> None:
    text = "①　厚度：３±０．１㎜；漏率≤1×10⁻⁹ Pa·m³/s，误差不超过千分之五"
    spans = [text[p.start : p.end] for p in _parsed(text)]
    assert spans == ["厚度：３±０．１㎜", "漏率≤1×10⁻⁹ Pa·m³/s", "误差不超过千分之五"]
    assert [p.unit_written for p in _parsed(text)] == ["㎜", "Pa·m³/s", "千分之"]


def test_what_is_not_understood_is_told() -> None:
    text = "厚度3mm，外观按封样执行"
    found = parse_specification(text, NONE)
    assert [text[start:end] for start, end in found.rest] == ["外观按封样执行"]
    assert rest_records(text, found) == [{"span": [6, 13], "text": "外观按封样执行"}]


def test_offices_units_and_grades_are_known() -> None:
    (parsed,) = parse_specification("月供3箱以上", OFFICE).requirements
    assert in_base_unit(parsed, OFFICE).low == Decimal(30_000)
    (grade,) = parse_specification("板材 XK-9", OFFICE).requirements
    assert grade.requirement.values == ("XK-9",)


def test_records_hold_base_units_and_the_source() -> None:
    text = "板厚0.3cm，最好材质Q355B"
    records = requirement_records(text, parse_specification(text, NONE), NONE)
    assert records == [
        {
            "parameter": "板厚", "operator": "equal", "low": Decimal(3), "high": Decimal(3), "unit": "mm",
            "unit_written": "cm", "values": [], "hard": True, "span": [0, 7], "text": "板厚0.3cm",
        },
        {
            "parameter": "材质", "operator": "equal", "low": None, "high": None, "unit": "",
            "unit_written": "", "values": ["Q355B"], "hard": False, "span": [10, 17], "text": "材质Q355B",
        },
    ]  # fmt: skip
    assert json.loads(as_json(records))[0]["low"] == 3


def test_numbers_are_written_with_all_their_digits() -> None:
    text = "泄漏≤0.000000012345678901234567Pa"
    line = as_json(requirement_records(text, parse_specification(text, NONE), NONE))
    (record,) = json.loads(line, parse_float=Decimal)
    assert record["high"] == Decimal("0.000000000000012345678901234567")


@pytest.mark.parametrize(
    ("text", "parameter", "operator", "low", "high", "unit"),
    [
        ("at least 690 MPa yield strength", "yield strength", "at_least", "690", None, "MPa"),
        ("thickness 3 mm ±0.1", "thickness", "between", "2.9", "3.1", "mm"),
        ("max. weight 20 kg", "weight", "at_most", None, "20", "kg"),
        ("between 5 and 10 bar", "", "between", "5", "10", "bar"),
        ("抗拉强度≥690MPa且≤880MPa", "抗拉强度", "between", "690", "880", "MPa"),
        ("3mm<厚度<=5mm", "厚度", "between", "3", "5", "mm"),
        ("厚度5mm以上10mm以下", "厚度", "between", "5", "10", "mm"),
        ("管径1-1/2英寸", "管径", "equal", "1.5", "1.5", "英寸"),
        ("φ840", "直径", "equal", "840", "840", "mm"),
        ("3mm厚", "厚度", "equal", "3", "3", "mm"),
        ("HV≥700", "硬度", "at_least", "700", None, "HV"),
        ("Ra0.8", "表面粗糙度", "at_most", None, "0.8", "μm"),
        ("厚度（mm）：3±0.1", "厚度", "between", "2.9", "3.1", "mm"),
        ("真空度优于5×10^-4Pa", "真空度", "at_most", None, "0.0005", "Pa"),
        ("合格率超过九成", "合格率", "more_than", "90", None, "%"),
        ("孔径Φ20+0.021/0", "孔径", "between", "20", "20.021", "mm"),
        ("变形量控制在0.05mm以内", "变形量", "at_most", None, "0.05", "mm"),
        ("零下40℃", "", "equal", "-40", "-40", "°C"),
        ("温升不超过40K", "温升", "at_most", None, "40", "°C"),
        ("泄漏率<1×10-9Pa·m3/s", "泄漏率", "less_than", None, "1e-9", "Pa·m3/s"),
        ("热处理硬度HB≤229", "热处理硬度", "at_most", None, "229", "HB"),
        ("工期：自合同签订之日起90日历天", "工期", "equal", "90", "90", "日历天"),
        ("12 V DC", "电压", "equal", "12", "12", "V"),
        ("1250 mm wide", "width", "equal", "1250", "1250", "mm"),
        ("功率不小于一百一十千瓦", "功率", "at_least", "110", None, "千瓦"),
        ("防护等级：IP54及以上", "防护等级", "at_least", "54", None, "IP"),
        ("误差±0.5%F.S", "误差", "at_most", None, "0.5", "%F.S"),
        ("月供应200吨以上", "月供应", "at_least", "200", None, "吨"),
        ("最低屈服强度345MPa", "屈服强度", "at_least", "345", None, "MPa"),
        ("最高转速3000r/min", "最高转速", "equal", "3000", "3000", "r/min"),
    ],
)
def test_numbers(
    text: str, parameter: str, operator: str, low: str | None, high: str | None, unit: str
) -> None:
    first, last = (None if end is None else Decimal(end) for end in (low, high))
    assert _only(text) == Requirement(parameter, Operator(operator), first, last, unit=unit)


@pytest.mark.parametrize(
    ("text", "parameter", "values"),
    [
        ("SUS304或316L", "材质", ("SUS304", "316L")),
        ("M12x1.75", "螺纹", ("M12×1.75",)),
        ("外形尺寸100 X 50 * 5mm", "外形尺寸", ("100×50×5mm",)),
        ("减速比1:50", "减速比", ("1:50",)),
        ("φ20H7/h6", "直径", ("φ20H7/h6",)),
        ("M10单晶硅片", "硅片规格", ("M10",)),
        ("M10螺栓", "螺纹", ("M10",)),
        ("不含铅", "铅", ("无",)),
        ("free of cracks", "cracks", ("无",)),
        ("通过ISO 9001认证", "认证", ("ISO 9001",)),
        ("按ISO 9001", "执行标准", ("ISO 9001",)),
        ("单重约1.2吨", "单重", ("约1.2吨",)),
        ("厚度：3mm、5mm、8mm", "厚度", ("3mm", "5mm", "8mm")),
        ("不锈钢304/316L", "材质", ("304", "316L")),
        ("2205双相不锈钢", "材质", ("2205",)),
        ("公差：+0.02/-0.01mm", "公差", ("+0.02/-0.01mm",)),
        ("公称直径DN200", "公称直径", ("DN200",)),
        ("阻燃等级达到UL94-V0级", "阻燃等级", ("UL94-V0",)),
        ("供电电压：AC220V/DC24V", "供电电压", ("AC220V/DC24V",)),
    ],
)
def test_words(text: str, parameter: str, values: tuple[str, ...]) -> None:
    operator = Operator.ONE_OF if len(values) > 1 else Operator.EQUAL
    assert _only(text) == Requirement(parameter, operator, values=values)


def test_named_axes_become_three_numbers() -> None:
    found = {p.requirement.parameter: p.requirement.low for p in _parsed("长×宽×高：100×50×5mm")}
    assert found == {"长度": Decimal(100), "宽度": Decimal(50), "高度": Decimal(5)}


def test_several_things_that_must_not_be() -> None:
    found = [(p.requirement.parameter, p.requirement.values) for p in _parsed("不得有裂纹、气孔和夹渣")]
    assert found == [("裂纹", ("无",)), ("气孔", ("无",)), ("夹渣", ("无",))]


@pytest.mark.parametrize("unit", ["1,", "、1", "1 ", "1~", "±1", "1(", "1:", "最", "("])
def test_the_work_grows_with_the_text_and_not_with_its_square(
    unit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[int] = []

    class Counting:
        """A pattern that counts the characters that it is asked to search."""

        def __init__(self, pattern: re.Pattern[str]) -> None:
            self._pattern = pattern

        def search(self, text: str, start: int, end: int) -> re.Match[str] | None:
            searched.append(end - start)
            return self._pattern.search(text, start, end)

        def finditer(self, text: str, start: int, end: int) -> Iterator[re.Match[str]]:
            searched.append(end - start)
            return self._pattern.finditer(text, start, end)

    for module, pattern in ((names, "_SEPARATOR"), (names, "_UNIT_IN_BRACKETS"), (quantities, "_STEPS")):
        monkeypatch.setattr(module, pattern, Counting(getattr(module, pattern)))
    parse_specification(unit * 500, NONE)
    assert max(searched, default=0) <= 80
