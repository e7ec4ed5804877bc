"""Numbers as people write them in cells, with the unit and period that they type beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from matching.engine import numerals, units
from matching.sheets.reading.grid import Cell
from matching.sheets.reading.values.texts import exact, narrow, plain_text
from matching.sheets.reading.values.unreadable import Unreadable

_DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+"
_NUMBER = re.compile(
    rf"(?P<sign>[-+]?)\s*(?P<digits>{_DIGITS})(?P<exponent>[eE][-+]?[0-9]{{1,2}})?\s*(?P<rest>.*)", re.DOTALL
)
_MONEY = re.compile(r"^(?:RMB|CNY|人民币|[¥$])\s*|\s*\(?含税\)?", re.IGNORECASE)
_VAGUE = re.compile(
    r"约|大概|左右|以上|以下|以内|不[少低多超]|至少|最[多少]|[~≥≤<>±]|至|不限|若干|待定|面议|\d\s*-\s*\d|\+$|余$"
)
_RATES = {
    **dict.fromkeys(("月", "个月", "month", "mo"), "month"),
    **dict.fromkeys(("年", "a", "year", "yr"), "year"),
    **dict.fromkeys(("季", "季度", "quarter"), "quarter"),
    **dict.fromkeys(("天", "日", "d", "day"), "day"),
    **dict.fromkeys(("周", "week"), "week"),
}
_PERIODS = "|".join(sorted(_RATES, key=len, reverse=True))
_BEHIND = re.compile(rf"\s*(?:/|每|\bper\s+)\s*({_PERIODS})$", re.IGNORECASE)
_BEFORE = re.compile(r"^(?:每|按)(月|年|季度?|天|日|周)\s*(?=[0-9.])")
_MULTIPLE = re.compile(r"^(?:[十百千]?[万亿萬億]|百|千(?![瓦克米帕伏安牛赫欧焦升卡字]))")
_SPACES = re.compile(r"(?<=[0-9])[\s\u00a0'](?=[0-9]{3}(?![0-9]))")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with what stood beside it: ``rate`` is ``month``, ``year`` … of “200吨/月”."""

    value: Decimal
    unit: str = ""
    rate: str = ""
    bare: bool = False
    """Whether nothing stood beside it, so that a heading's “(万吨)” is meant."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What a text behind a number (or in a heading's brackets) says."""

    times: Decimal = Decimal(1)
    unit: str = ""
    rate: str = ""


def read_amount(cell: Cell) -> Amount:
    """The number of a cell. Raises ``Unreadable``."""
    if isinstance(cell, bool):
        raise Unreadable("not_a_number", text=plain_text(cell))
    if isinstance(cell, date):
        raise Unreadable("turned_into_date", text=plain_text(cell))
    if isinstance(cell, int | float):
        return Amount(exact(cell), bare=True)
    return _written(plain_text(cell))


def _written(text: str) -> Amount:
    line = _SPACES.sub("", _MONEY.sub("", narrow(text))).strip()
    rate = ""
    if before := _BEFORE.match(line):
        rate, line = _RATES[before[1]], line[before.end() :]
    found = _NUMBER.fullmatch(line) or _NUMBER.fullmatch(_in_digits(line))
    if _VAGUE.search(line):
        raise Unreadable("not_exact", text=text)
    if found is None or found["rest"][:1] in {",", "."} or found["rest"][:1].isdigit():
        raise Unreadable("not_a_number", text=text)
    value = Decimal(found["sign"] + found["digits"].replace(",", "") + (found["exponent"] or ""))
    measure = read_measure(found["rest"])
    if rate and measure.rate:
        raise Unreadable("not_a_number", text=text)
    return Amount(value * measure.times, measure.unit, measure.rate or rate, bare=not found["rest"])


def _in_digits(text: str) -> str:
    value = numerals.value(text)
    return numerals.in_digits(text) if value is None else numerals.plain(value)


def read_measure(text: str) -> Measure:
    """“万吨/年” is ten thousand times, in 吨, a year."""
    rest = narrow(text).strip(" .。;,")
    rate = ""
    if (behind := _BEHIND.search(rest)) and behind.start() >= 0:
        rate, rest = _RATES[behind[1].lower()], rest[: behind.start()]
    times = Decimal(1)
    if found := _MULTIPLE.match(rest):
        times = units.multiple(found.group()) or times
        rest = rest[found.end() :] if times != 1 else rest
    if rest in ("%", "‰"):
        return Measure(times * (Decimal("0.01") if rest == "%" else Decimal("0.001")), "", rate)
    return Measure(times, rest.strip(), rate)


def same_unit(first: str, second: str) -> bool:
    """Whether two spellings are one unit: 吨 and t, 件 and 个 are not."""
    if narrow(first).casefold() == narrow(second).casefold():
        return True
    if not (units.known(first) and units.known(second)):
        return False
    return units.convert(Decimal(1), first, second) == 1
