"""Signs, units and grades in the forms in which specifications write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from matching.engine.specs import parse_specification, requirement_records
from matching.engine.specs.record import RequirementRecord
from matching.engine.text import index_glossary, parameter_key
from matching.engine.types import Glossary, Operator
from matching.engine.values import parse_property, parse_requirement

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
        ("橡胶硬度邵氏A70±5", ("硬度", "between", 65, 75, "HA")),
        ("邵尔A型硬度70", ("硬度", "equal", 70, 70, "HA")),
        ("硬度（邵A）：65±5", ("硬度", "between", 60, 70, "HA")),
        ("硬度75±5 Shore D", ("硬度", "between", 70, 80, "HSD")),
        ("硬度HRC58±2", ("硬度", "between", 56, 60, "HRC")),
        ("纯度4N5", ("纯度", "at_least", Decimal("99.995"), None, "%")),
        ("纯度≥5N", ("纯度", "at_least", Decimal("99.999"), None, "%")),
        ("纯度5N及以上", ("纯度", "at_least", Decimal("99.999"), None, "%")),
        ("月需300件", ("月需求量", "equal", 300, 300, "件")),
        ("熔融指数12g/10min", ("熔融指数", "equal", Decimal("0.072"), Decimal("0.072"), "kg/h")),
        ("压实密度≥3.4g/cc", ("压实密度", "at_least", Decimal("3.4"), None, "g/cm³")),
        ("线密度800tex", ("线密度", "equal", Decimal("0.0008"), Decimal("0.0008"), "kg/m")),
        ("负载电容12pF", ("负载电容", "equal", Decimal("12E-12"), Decimal("12E-12"), "F")),
        ("击穿电压≥10kV/mm", ("击穿电压", "at_least", 10, None, "kV/mm")),
        ("光模块速率100Gbps", ("光模块速率", "equal", 10**11, 10**11, "bit/s")),
        ("漏率<1×10⁻⁹Pa·m³/s", ("漏率", "less_than", None, Decimal("1E-9"), "Pa·m³/s")),
        ("色温4000K", ("色温", "equal", 4000, 4000, "K")),
        ("充电倍率1C", ("充电倍率", "equal", 1, 1, "C")),
        ("工作温度25C", ("工作温度", "equal", 25, 25, "°C")),
        ("酒精度53%vol", ("酒精度", "equal", 53, 53, "%")),
        ("活塞杆φ140", ("活塞杆", "equal", 140, 140, "mm")),
        ("热导率≥80W/mK", ("热导率", "at_least", 80, None, "W/(m·K)")),
        ("导热率5.0W/m.K", ("导热率", "equal", 5, 5, "W/(m·K)")),
        ("金属离子≤10ppt", ("金属离子", "at_most", None, Decimal("1E-9"), "%")),
        ("水≤0.1ppmv", ("水", "at_most", None, Decimal("0.1"), "ppmv")),
        ("有关物质≤0.5%", ("有关物质", "at_most", None, Decimal("0.5"), "%")),
        ("出水COD≤50mg/L", ("出水COD", "at_most", None, Decimal("0.00005"), "g/cm³")),
        ("St,d≤0.7%", ("St.d", "at_most", None, Decimal("0.7"), "%")),
        ("Qnet,ar≥5500kcal/kg", ("Qnet.ar", "at_least", 23_012_000, None, "J/kg")),
        ("高纯氨 7N", ("高纯氨", "at_least", Decimal("99.99999"), None, "%")),
        ("50Hz", ("频率", "equal", 50, 50, "Hz")),
        ("轴重25t", ("轴重", "equal", 25_000, 25_000, "kg")),
        ("δ5≥16%", ("δ5", "at_least", 16, None, "%")),
        ("pH=6~9", ("pH", "between", 6, 9, "")),
        ("1C/1C循环≥2000周", ("1C/1C循环", "at_least", 2000, None, "次")),
        ("0-100km/h加速≤7.2s", ("0-100km/h加速", "at_most", None, Decimal("0.002"), "h")),
        (
            "电芯循环3000次后容量保持率≥80%",
            ("电芯循环3000次后容量保持率", "at_least", 80, None, "%"),
        ),
        ("Operating temp. -20 to 60 °C", ("Operating temp", "between", -20, 60, "°C")),
        ("速率10gbps", ("速率", "equal", 10**10, 10**10, "bit/s")),
        ("速率100MBPS", ("速率", "equal", 10**8, 10**8, "bit/s")),
        ("有效硬化层深度1.5+0.5mm", ("有效硬化层深度", "between", Decimal("1.5"), 2, "mm")),
        ("正极材料D50 9～12μm", ("正极材料D50", "between", Decimal("0.009"), Decimal("0.012"), "mm")),
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


@pytest.mark.parametrize(
    ("text", "parameter", "value"),
    [
        ("阻燃电缆，3×120+1×70mm²", "截面", "3×120+1×70mm2"),
        ("额定电压0.6/1kV，铜芯", "额定电压", "0.6/1kV"),
        ("电机，IE4能效", "能效等级", "IE4"),
        ("洁净室等级ISO 5级", "洁净等级", "ISO 5"),
        ("镍钴锰比例8:1:1", "镍钴锰比例", "8:1:1"),
        ("不锈钢带1.5*1219*C", "尺寸", "1.5×1219×C"),
    ],
)
def test_notations_that_are_no_one_number_are_kept_as_words(text: str, parameter: str, value: str) -> None:
    found = {record["parameter"]: record["values"] for record in _records(text)}
    assert found[parameter] == [value]


@pytest.mark.parametrize(
    "text", ["纯棉坯布 32S", "循环寿命测试（25℃，0.5C）", "透过率@400-700nm", "压实3.4g/xx", "玻璃6+12A+6"]
)
def test_what_is_no_requirement_becomes_none(text: str) -> None:
    assert _records(text) == []


def test_an_unnamed_purity_is_none() -> None:
    assert [(r["parameter"], r["values"]) for r in _records("5N高纯氧化铝")] == []


def test_nines_of_an_offer_and_of_a_need_are_one_scale() -> None:
    assert parse_property("纯度", "4N5") == parse_property("纯度", "99.995%")
    wanted = parse_requirement("纯度", "5N")
    assert (wanted.operator, wanted.low, wanted.unit) == (Operator.AT_LEAST, Decimal("99.999"), "%")
    assert parse_property("拉力", "5N").unit == "N"


@pytest.mark.parametrize("name", ["D50", "粒径D50", "中位粒径(D50)", "正极材料D50"])
def test_the_median_size_of_grains_is_one_parameter(name: str) -> None:
    assert parameter_key(name, NONE) == "d50"


def test_an_inner_side_behind_a_number_is_no_limit() -> None:
    (load, gauge) = _read("轮对 轴重25t 内侧距1353±2mm")
    assert (load[1], load[2], load[3]) == ("equal", 25_000, 25_000)
    assert gauge[0] == "内侧距"


def test_numbers_of_points_in_a_list_are_no_values() -> None:
    text = "技术参数：1、功率：≥37kW；2、转速：1480rpm；①输入电压：380V；②输出频率：0-400Hz"
    assert [name for name, *_ in _read(text)] == ["功率", "转速", "输入电压", "输出频率"]


def test_either_of_two_times_is_one_requirement() -> None:
    (record,) = _records("质保：24个月或20000小时")
    assert (record["parameter"], record["operator"], record["values"]) == (
        "质保",
        "one_of",
        ["24个月", "20000小时"],
    )


def test_four_holes_of_a_size_are_no_range() -> None:
    (record,) = _records("通孔4-φ18")
    assert (record["values"], record["text"]) == (["4×φ18"], "4-φ18")


def test_values_of_a_list_are_no_numbers_of_points() -> None:
    assert [(name, low) for name, _, low, *_ in _read("厚度：3、宽度：5")] == [("厚度", 3), ("宽度", 5)]


def test_letters_behind_a_voltage_are_no_coal() -> None:
    assert [name for name, *_ in _read("电压380V,d=5mm")] == ["电压", "d"]


@pytest.mark.parametrize("name", ["LED50", "id50"])
def test_a_name_that_ends_like_a_grain_size_is_none(name: str) -> None:
    assert parameter_key(name, NONE) == name.lower()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("高纯石墨 拉力5N", ("拉力", "equal", 5, 5, "N", "拉力5N")),
        ("厚度3mm后处理", ("厚度", "equal", 3, 3, "mm", "厚度3mm")),
        ("防护等级IP65/IP67", ("防护等级", "at_least", 65, None, "IP", "防护等级IP65")),
    ],
)
def test_what_only_looks_like_such_a_form_is_read_as_before(text: str, expected: tuple[object, ...]) -> None:
    assert _read(text) == [expected]
