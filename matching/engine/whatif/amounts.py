"""Quantities, prices and days as people type them into a question, in the units of the line asked about."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from matching.engine import units
from matching.engine.text import clean
from matching.engine.units import UnitAliases
from matching.engine.values import read

MOST = Decimal(10) ** 14
"""Lines store no number from here on."""
_A_MONTH = re.compile(r"\s*(?:/|每|per )?\s*(?:个?月|month)$")
_BOUND = re.compile(r"^(?:≤|<=|≥|>=|=|不超过|不高于|最高|最多|at most)\s*")
_PRICE = re.compile(r"(?P<amount>.+?)\s*(?P<times>[万亿]?)(?:元|CNY|RMB)?\s*(?:[/每]\s*(?P<unit>\D.*))?")
_DAY = re.compile(
    r"(?P<year>[0-9]{4})\s*[-/.年]\s*(?P<month>[0-9]{1,2})\s*[-/.月]\s*(?P<day>[0-9]{1,2})\s*日?"
)
_COMPACT = re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})")


class OtherDimension(ValueError):
    """A value in a unit that can't be compared with the line's."""


class TooLarge(ValueError):
    """A number that no line could hold."""


def amount_in(text: str, unit: str, aliases: UnitAliases = units.NO_ALIASES) -> Decimal:
    """A quantity (“1,200”, “1.2万件”, “30 t/月”) in ``unit``; without a unit of its own it is in that one.

    Raises ValueError for what is no number from 0 on, ``OtherDimension`` or ``TooLarge``.
    """
    number, written = _number(_A_MONTH.sub("", _bare(text)), aliases)
    amount = units.convert(number, written, unit, aliases) if written else number
    if amount is None:
        raise OtherDimension(f"{written} is no {unit}")
    return _bounded(amount)


def price_in(text: str, unit: str, aliases: UnitAliases = units.NO_ALIASES) -> Decimal:
    """A price in yuan (“14”, “≤12.5 元/件”, “1.2万元/台”) per ``unit``, tax included.

    Raises ValueError for what is no number from 0 on, ``OtherDimension`` or ``TooLarge``.
    """
    found = _PRICE.fullmatch(_bare(text))
    if found is None:
        raise ValueError(f"not a price: {text}")
    number, written = _number(found["amount"], aliases)
    if written:
        raise OtherDimension(f"{written} is no money")
    times = units.multiple(found["times"]) or Decimal(1)
    rate = units.convert(Decimal(1), unit, found["unit"].strip(), aliases) if found["unit"] else Decimal(1)
    if rate is None:
        raise OtherDimension(f"a price per {found['unit']} is none per {unit}")
    return _bounded(number * times * rate)


def day_in(text: str) -> date:
    """A day (“2026-11-22”, “2026年11月22日”, “2026/11/22”, “20261122”). Raises ValueError."""
    written = clean(text).strip()
    found = _DAY.fullmatch(written) or _COMPACT.fullmatch(written)
    if found is None:
        raise ValueError(f"not a day: {text}")
    return date(int(found["year"]), int(found["month"]), int(found["day"]))


def _bare(text: str) -> str:
    return _BOUND.sub("", clean(text).strip())


def _number(text: str, aliases: UnitAliases) -> tuple[Decimal, str]:
    reading = read(text, aliases)
    if reading is None or reading.low is None or reading.low != reading.high:
        raise ValueError(f"not a number: {text}")
    return reading.low, reading.unit


def _bounded(amount: Decimal) -> Decimal:
    if amount < 0:
        raise ValueError(f"below zero: {amount}")
    if amount >= MOST:
        raise TooLarge(f"{amount} is too large")
    return amount
