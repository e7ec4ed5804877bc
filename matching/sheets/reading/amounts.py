"""Numbers with their units: what is typed beside a number, in a heading, and in the unit's own column."""

from __future__ import annotations

from matching.engine import units
from matching.kinds.declaration import Label
from matching.sheets.reading.joining import settle
from matching.sheets.reading.line import Line
from matching.sheets.reading.values.choices import choice_of
from matching.sheets.reading.values.numbers import Amount, Measure, read_measure, same_unit
from matching.sheets.reading.values.texts import plain_text
from matching.sheets.types import CellType

_UNITS = {
    **dict.fromkeys(("quantity", "capacity", "free_capacity", "minimum_order"), "unit"),
    "lead_time": "lead_time_unit",
}
"""Columns whose unit stands in a column of its own."""
_PERIODS = {"quantity": "period"}
_PERIODS_OF_LINES = ("month", "quarter", "year")
_MONTHLY = ("capacity", "free_capacity")
_PRICES = ("price_ceiling", "price_low", "price_high")
_COUNTED = frozenset("个 家 名 级 项 件 人 户 次".split())
_RATE_WORDS = {
    "day": Label("日", "day"),
    "week": Label("周", "week"),
    "month": Label("月", "month"),
    "quarter": Label("季度", "quarter"),
    "year": Label("年", "year"),
}
_MONEY = frozenset(("元", "人民币", "人民币元", "rmb", "cny", "yuan", "¥"))


def join_amounts(line: Line) -> None:
    """Every number of the row with its unit and period."""
    for name, amount in line.amounts.items():
        headed = read_measure(line.written[name].heading.meant.hint)
        value = amount.value
        if amount.bare and headed.times > 1:
            value *= headed.times
        if _fits(line, name, amount, headed):
            settle(line, name, value)


def _fits(line: Line, name: str, amount: Amount, headed: Measure) -> bool:
    rate = amount.rate or headed.rate
    if name in _PRICES:
        return _price(line, name, amount.unit + (f"/{amount.rate}" if amount.rate else ""))
    if rate and not _rated(line, name, rate):
        return False
    if name in _UNITS and _UNITS[name] in line.written:
        return _measured(line, name, amount.unit, headed.unit)
    if amount.unit and not _same_as_heading(amount.unit, headed.unit) and amount.unit not in _COUNTED:
        line.fail(name, "unit_unexpected", text=_shown(line, name), unit=amount.unit)
        return False
    return True


def _same_as_heading(unit: str, headed: str) -> bool:
    return bool(headed) and same_unit(unit, headed)


def _shown(line: Line, name: str) -> str:
    return plain_text(line.written[name].cell)


def _rated(line: Line, name: str, rate: str) -> bool:
    """A period beside the number: that of the column, or taken for the period's own column."""
    wanted: object = "month" if name in _MONTHLY else None
    if (period := _PERIODS.get(name)) is not None:
        if line.values.get(period) is None and not line.failed(period) and rate in _PERIODS_OF_LINES:
            line.values[period] = rate
        wanted = line.values.get(period)
    if wanted == rate:
        return True
    shown = _RATE_WORDS.get(str(wanted), Label("期", "period"))
    line.fail(name, "rate_conflict", text=_shown(line, name), rate=_RATE_WORDS[rate], wanted=shown)
    return False


def _measured(line: Line, name: str, typed: str, headed: str) -> bool:
    """A unit beside the number or in the heading: taken where its own column is empty, else it must agree."""
    home = _UNITS[name]
    wanted = typed or (headed if _is_unit(line, home, headed) else "")
    if not wanted or line.failed(home):
        return True
    stored = line.values.get(home)
    if line.written[home].column.type is CellType.CHOICE:
        value = choice_of(wanted, line.written[home].column.choices)
        if value is None:
            line.fail(name, "unit_unexpected", text=_shown(line, name), unit=wanted)
            return False
        agrees, taken = stored == value, value
    else:
        agrees, taken = isinstance(stored, str) and same_unit(stored, wanted), wanted
    if stored is None:
        line.values[home] = taken
        if typed:
            line.tell(name, "unit_taken", text=_shown(line, name), unit=typed)
        return True
    if not agrees:
        column = plain_text(line.written[home].cell) or str(stored)
        if typed:
            line.fail(name, "unit_conflict", text=_shown(line, name), unit=column)
        else:
            line.fail(name, "unit_header", unit=headed, written=column)
    return agrees


def _is_unit(line: Line, home: str, headed: str) -> bool:
    """Brackets of a heading hold other things too: 数量(必填)."""
    column = line.written[home].column
    if column.type is CellType.CHOICE:
        return choice_of(headed, column.choices) is not None
    return bool(headed) and units.known(headed)


def _price(line: Line, name: str, unit: str) -> bool:
    """Yuan, or yuan a unit that is the row's."""
    money, _slash, per = unit.partition("/")
    stored = line.values.get("unit")
    if money.strip().lower() not in _MONEY | {""}:
        line.fail(name, "unit_unexpected", text=_shown(line, name), unit=unit)
        return False
    if per and isinstance(stored, str) and not same_unit(per.strip(), stored):
        line.fail(name, "unit_conflict", text=_shown(line, name), unit=stored)
        return False
    return True
