"""Numbers with their units: what is typed beside a number, in a heading, and in the unit's own column."""

from __future__ import annotations

from collections.abc import Mapping

from matching.engine import units
from matching.kinds.declaration import Label
from matching.sheets.reading.joining import settle
from matching.sheets.reading.line import Line
from matching.sheets.reading.values.choices import choice_of
from matching.sheets.reading.values.numbers import Amount, Measure, read_measure, same_unit
from matching.sheets.reading.values.texts import plain_text
from matching.sheets.types import CellType, Column

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


def join_amounts(line: Line, columns: Mapping[str, Column]) -> None:
    """Every number of the row with its unit and period; ``columns`` are those of the list by name."""
    for name, amount in line.amounts.items():
        headed = read_measure(line.written[name].heading.meant.hint)
        value = amount.value
        if amount.bare and headed.times > 1:
            value *= headed.times
        if _fits(line, name, amount, headed, columns.get(_UNITS.get(name, ""))):
            settle(line, name, value)


def _fits(line: Line, name: str, amount: Amount, headed: Measure, home: Column | None) -> bool:
    rate = amount.rate or headed.rate
    if name in _PRICES:
        return _price(line, name, amount.unit + (f"/{amount.rate}" if amount.rate else ""))
    if rate and not _rated(line, name, rate):
        return False
    if home is not None:
        return _measured(line, name, home, amount.unit, headed.unit)
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


def _measured(line: Line, name: str, home: Column, typed: str, headed: str) -> bool:
    """A unit beside the number or in the heading: taken where its own column is empty, else it must agree."""
    wanted = typed or (headed if _is_unit(home, headed) else "")
    if not wanted or line.failed(home.name):
        return True
    taken = choice_of(wanted, home.choices) if home.type is CellType.CHOICE else wanted
    if taken is None:
        line.fail(name, "unit_unexpected", text=_shown(line, name), unit=wanted)
        return False
    stored = line.values.get(home.name)
    if stored is None:
        line.values[home.name] = taken
        if typed:
            line.tell(name, "unit_taken", text=_shown(line, name), unit=typed)
        return True
    if stored == taken or (home.type is CellType.UNIT and same_unit(str(stored), taken)):
        return True
    written = plain_text(line.written[home.name].cell) if home.name in line.written else str(stored)
    if typed:
        line.fail(name, "unit_conflict", text=_shown(line, name), unit=written)
    else:
        line.fail(name, "unit_header", unit=headed, written=written)
    return False


def _is_unit(home: Column, headed: str) -> bool:
    """Brackets of a heading hold other things too: 数量(必填)."""
    if home.type is CellType.CHOICE:
        return choice_of(headed, home.choices) is not None
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
