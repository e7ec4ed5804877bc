"""Cells: numbers, dates, digits, yes and no, words of lists, technical values, faults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from tests.sheets.awkward.making import HEADER, LINE, READ, Case, File, Told, xlsx
from tests.sheets.reading_words import OFFER

_DAY = date(2026, 11, 22)


def _column(
    about: str,
    heading: str,
    name: str,
    cells: Iterable[tuple[Any, object]],
    problems: tuple[Told, ...] = (),
    notices: tuple[Told, ...] = (),
) -> Case:
    """One more column G, a line a cell; a cell that cannot be read has ``...`` for its value."""
    listed = list(cells)

    def make() -> File:
        lines = [(f"A{at}", *LINE[1:], cell) for at, (cell, _value) in enumerate(listed)]
        return xlsx([(*HEADER, heading), *lines])

    rows: list[Mapping[str, object]] = []
    for at, (_cell, value) in enumerate(listed):
        rows.append({**READ, "key": f"A{at}", **({} if value is ... else {name: value})})
    return Case(about, make, tuple(rows), problems, notices)


def _quantity(
    about: str,
    cells: Iterable[tuple[Any, Any, Any]],
    problems: tuple[Told, ...] = (),
    notices: tuple[Told, ...] = (),
) -> Case:
    """Quantity and unit as written, and both as read."""
    listed = list(cells)

    def make() -> File:
        lines = [(f"A{at}", *LINE[1:3], *cell[:2], "每月") for at, cell in enumerate(listed)]
        return xlsx([HEADER, *lines])

    rows: list[Mapping[str, object]] = []
    for at, (_number, _unit, read) in enumerate(listed):
        values = {name: value for name, value in READ.items() if name not in ("quantity", "unit")}
        rows.append({**values, "key": f"A{at}", **read})
    return Case(about, make, tuple(rows), problems, notices)


def _is(number: str, unit: str | None = "吨") -> dict[str, object]:
    return {"quantity": Decimal(number), "unit": unit}


def _faults(sheet: Worksheet) -> None:
    sheet["D2"].data_type = "e"
    sheet["D2"].value = "#REF!"
    sheet["D2"].data_type = "e"
    sheet["D3"] = "=SUM(A1:A9)"


def _formats(sheet: Worksheet) -> None:
    sheet["G2"].number_format = "0000"
    sheet["H2"].number_format = "0%"


_UNIT = {"unit": "吨"}
CASES = (
    _quantity(
        "numbers as text",
        [
            ("1,234,567.5", "吨", _is("1234567.5")),
            ("１２０", "吨", _is("120")),
            (" 120 ", "吨", _is("120")),
            ("1.2万", "吨", _is("12000")),
            ("0.5亿", "吨", _is("50000000")),
            ("三百", "吨", _is("300")),
            ("1.5E+3", "吨", _is("1500")),
            ("1 234 567", "吨", _is("1234567")),
            (0.1 + 0.2, "吨", _is("0.3")),
            ("95%", "吨", _is("0.95")),
        ],
    ),
    _quantity(
        "units typed beside the number",
        [
            ("200吨", None, _is("200")),
            ("200 t", "吨", _is("200")),
            ("2万吨", None, _is("20000")),
            ("200吨/月", "吨", _is("200")),
            ("200公斤", "吨", _UNIT),
            ("2400吨/年", "吨", _UNIT),
        ],
        (("unit_conflict", "D6"), ("rate_conflict", "D7")),
        (("unit_taken", "D2"), ("unit_taken", "D4")),
    ),
    _quantity(
        "what is no number",
        [
            ("约200", "吨", _UNIT),
            ("100-200", "吨", _UNIT),
            ("≥200", "吨", _UNIT),
            ("若干", "吨", _UNIT),
            ("面议", "吨", _UNIT),
            ("1,5", "吨", _UNIT),
            (-5, "吨", _UNIT),
            (True, "吨", _UNIT),
            (_DAY, "吨", _UNIT),
            (1e15, "吨", _UNIT),
        ],
        (
            *((("not_exact", f"D{row}")) for row in range(2, 7)),
            ("not_a_number", "D7"),
            ("out_of_range", "D8"),
            ("not_a_number", "D9"),
            ("turned_into_date", "D10"),
            ("out_of_range", "D11"),
        ),
    ),
    _quantity("many decimals", [(1 / 3, "吨", _is("0.3333"))], notices=(("rounded", "D2"),)),
    _column(
        "days in many forms",
        "交付截止日期",
        "deliver_until",
        [
            ("2026-11-22", _DAY),
            ("2026/11/22", _DAY),
            ("2026.11.22", _DAY),
            ("2026年11月22日", _DAY),
            ("20261122", _DAY),
            (20261122, _DAY),
            (46348, _DAY),
            (_DAY, _DAY),
            (datetime(2026, 11, 22, 8, 30), _DAY),
            ("2026-11-22 00:00:00", _DAY),
            ("２０２６－１１－２２", _DAY),
            ("22/11/2026", _DAY),
            ("Nov 22, 2026", _DAY),
            ("22-Nov-2026", _DAY),
            ("二〇二六年十一月二十二日", _DAY),
            ("2026年11月22日（星期日）", _DAY),
        ],
    ),
    _column(
        "days without a day",
        "交付截止",
        "deliver_until",
        [
            ("2026年11月底", date(2026, 11, 30)),
            ("2026-02", date(2026, 2, 28)),
            ("2026年3月初", date(2026, 3, 1)),
        ],
        notices=(("date_completed", "G2"), ("date_completed", "G3"), ("date_completed", "G4")),
    ),
    _column(
        "days that are none, or two",
        "有效期至",
        "valid_until",
        [(text, ...) for text in ("05/06/2026", "26-11-22", "11月底", "2026-02-30", "长期", 12, True)],
        (
            ("ambiguous_date", "G2"),
            ("ambiguous_date", "G3"),
            ("date_without_year", "G4"),
            *(("not_a_date", f"G{row}") for row in range(5, 9)),
        ),
    ),
    _column(
        "phones as numbers and texts",
        "手机号",
        "contact_phone",
        [
            (13800138000, "13800138000"),
            ("138 0013 8000", "13800138000"),
            ("０３５１-1234567", "0351-1234567"),
            ("'13800138000", "13800138000"),
            (143000000000000000, ...),
            ("1.43E+17", ...),
            (_DAY, ...),
            ("1.4E+017", ...),
            ("2E10", "2E10"),
        ],
        (("digits_lost", "G6"), ("digits_lost", "G7"), ("turned_into_date", "G8"), ("digits_lost", "G9")),
    ),
    _column(
        "yes and no",
        "是否国产替代",
        "import_substitution",
        [
            *((text, True) for text in ("是", "√", "Y", "yes", "TRUE", True, 1, "有", "需要")),
            *((text, False) for text in ("否", "×", "N", "no", False, 0, "无", "不需要")),
            ("待定", ...),
        ],
        (("not_a_flag", "G19"),),
    ),
    _column(
        "choices in several words",
        "阶段",
        "stage",
        [("量产", "series"), ("批 量", "series"), ("series", "series"), ("R&D", "research"), ("报废", ...)],
        (("not_a_choice", "G6"),),
    ),
    _column(
        "nodes by name, path and code",
        "环节",
        "node",
        [
            ("硅料", "pv-u1"),
            ("上游/辅材", "pv-u2"),
            ("光伏产业链 / 下游 / 辅材", "pv-d2"),
            ("下游＞组件", "pv-d1"),
            ("PV-D1", "pv-d1"),
            ("Modules", "pv-d1"),
            ("辅材", ...),
            ("车体型材", ...),
            ("组建", ...),
        ],
        (("ambiguous_node", "G8"), ("unknown_node", "G9"), ("unknown_node", "G10")),
    ),
    _column(
        "regions by name, path and code",
        "交付地区",
        "delivery_region",
        [
            ("山西省太原市小店区", "140105"),
            ("山西 太原", "140100"),
            ("太原市", "140100"),
            ("太原", "140100"),
            ("140105", "140105"),
            (140105, "140105"),
            (14, "140000"),
            ("清徐", "140121"),
            ("内蒙古", "150000"),
            ("北京朝阳", "110105"),
            ("吉林", "220000"),
            ("朝阳区", ...),
            ("火星", ...),
        ],
        (("ambiguous_region", "G13"), ("unknown_region", "G14")),
    ),
    _column(
        "several regions",
        "优先地区",
        "regions",
        [
            ("山西、石家庄市", ["140000", "130100"]),
            ("山西省；河北", ["140000", "130000"]),
            ("山西、火星", ...),
        ],
        (("unknown_region", "G4"),),
    ),
    _column(
        "several words",
        "执行标准",
        "standards",
        [("GB/T 1591-2018、GB/T 700", ["GB/T 1591-2018", "GB/T 700"]), ("甲；乙\n甲", ["甲", "乙"])],
    ),
    _column(
        "text that is a number, a day, or carries what nobody sees",
        "图号",
        "drawing_no",
        [(304, "304"), ("A\u200b-1\u00a0", "A-1"), ("Q\n345", "Q 345"), ("=1+1", ...)],
        (("formula_without_value", "G5"),),
    ),
    _column(
        "text that is too long",
        "联系人",
        "contact_name",
        [("王" * 61, ...), ("王" * 60, "王" * 60)],
        (("too_long", "G2"),),
    ),
    _column(
        "prices",
        "最高限价(元)",
        "price_ceiling",
        [
            ("3,500元", Decimal(3500)),
            ("¥3500.50", Decimal("3500.50")),
            ("1.2万元", Decimal(12000)),
            ("3500元/吨", Decimal(3500)),
            ("3500元/件", ...),
            ("500美元", ...),
        ],
        (("unit_conflict", "G6"), ("unit_unexpected", "G7")),
    ),
    Case(
        "technical values; what is not understood goes to the description",
        lambda: xlsx(
            [
                (*HEADER, "技术要求", "说明"),
                (*LINE, "抗拉强度 ≥ 310 MPa；材质：6082；按图纸加工", "急"),
                ("A2", *LINE[1:], "厚度 3~6 mm (可选)", None),
            ]
        ),
        (
            {
                **READ,
                "requirements": [
                    {
                        "operator": "at_least",
                        "parameter": "抗拉强度",
                        "low": Decimal(310),
                        "high": None,
                        "values": [],
                        "unit": "MPa",
                        "hard": True,
                    },
                    {
                        "operator": "equal",
                        "parameter": "材质",
                        "low": None,
                        "high": None,
                        "values": ["6082"],
                        "unit": "",
                        "hard": True,
                    },
                ],
                "description": "急\n按图纸加工",
            },
            {
                **READ,
                "key": "A2",
                "requirements": [
                    {
                        "operator": "between",
                        "parameter": "厚度",
                        "low": Decimal(3),
                        "high": Decimal(6),
                        "values": [],
                        "unit": "mm",
                        "hard": False,
                    }
                ],
                "description": None,
            },
        ),
        notices=(("kept_as_text", "G2"),),
    ),
    _column(
        "technical values that nobody understands, and no description",
        "技术指标",
        "requirements",
        [("按图纸", ...), (None, None)],
        (("not_specified", "G2"),),
    ),
    Case(
        "error cells and formulas that were never calculated",
        lambda: xlsx([HEADER, LINE, ("A2", *LINE[1:]), ("A3", *LINE[1:3], "#N/A", "吨", "每月")], _faults),
        tuple(
            {name: value for name, value in {**READ, "key": key}.items() if name != "quantity"}
            for key in ("A1", "A2", "A3")
        ),
        (("error_cell", "D2"), ("formula_without_value", "D3"), ("error_cell", "D4")),
    ),
    Case(
        "numbers that are shown otherwise than they are",
        lambda: xlsx([(*HEADER, "图号", "说明"), (*LINE, 12, 0.15)], _formats),
        ({**READ, "drawing_no": "0012", "description": "15%"},),
    ),
    Case(
        "a supply list",
        lambda: xlsx(
            [
                ("编号", "产品名称", "产业链", "单位", "月产能", "交期", "证书", "主要客户", "技术参数"),
                (
                    "S1",
                    "型材",
                    "轨道交通",
                    "吨",
                    "500吨/月",
                    "30天",
                    "ISO 9001；CE",
                    "甲公司、乙公司",
                    "厚度 2~12 mm",
                ),
                ("S2", "型材", "rail", "吨", "6000吨/年", "2周", None, None, None),
                ("S3", "型材", "先进轨道交通", None, "500", 1.5, None, None, None),
            ]
        ),
        (
            {
                "key": "S1",
                "title": "型材",
                "chain": "rail",
                "unit": "吨",
                "capacity": Decimal(500),
                "lead_time": 30,
                "lead_time_unit": "day",
                "certificates": [
                    {"name": "ISO 9001", "number": "", "expires": None},
                    {"name": "CE", "number": "", "expires": None},
                ],
                "served_leaders": ["甲公司", "乙公司"],
                "properties": [
                    {
                        "parameter": "厚度",
                        "low": Decimal(2),
                        "high": Decimal(12),
                        "values": [],
                        "unit": "mm",
                        "tolerance": False,
                    }
                ],
            },
            {
                **dict.fromkeys(("certificates", "served_leaders", "properties")),
                **{"key": "S2", "title": "型材", "chain": "rail", "unit": "吨"},
                **{"lead_time": 2, "lead_time_unit": "week"},
            },
            {
                **dict.fromkeys(("certificates", "served_leaders", "properties", "unit")),
                **{"key": "S3", "title": "型材", "chain": "rail", "capacity": Decimal(500)},
            },
        ),
        (("rate_conflict", "E3"), ("not_whole", "F4")),
        (("unit_taken", "F2"), ("unit_taken", "F3")),
        columns=OFFER,
    ),
)
