"""How people write: synonyms, widths, spaces, other units, standards with and without their year."""

from __future__ import annotations

import re
from decimal import Decimal
from random import Random

from chainmatch.sample.catalogue import Item, Parameter
from chainmatch.sample.judging import Condition, Value
from matching.engine.types import Operator, Property, Requirement

DECIMALS = 8
MONEY_DECIMALS = 4
# Factors of other units that are exact: powers of ten, minutes and hours.
EXACT = ((1,), (6,), (3, 6))
MOST_TITLE = 200

_SPELLINGS = {
    "t": ("吨", "t"),
    "kg": ("公斤", "千克", "KG"),
    "m": ("米",),
    "m²": ("平方米", "㎡", "m2"),
    "m³": ("立方米", "m3"),
    "km": ("公里",),
    "mm": ("毫米", "MM"),
    "μm": ("um", "µm", "微米"),
    "nm": ("纳米",),
    "℃": ("°C", "摄氏度"),
    "%": ("％",),
    "MPa": ("兆帕", "Mpa"),
    "kW": ("千瓦", "KW"),
    "kV": ("千伏", "KV"),
    "V": ("伏",),
    "A": ("安",),
    "h": ("小时",),
    "s": ("秒",),
    "min": ("分钟",),
    "g/cm³": ("g/cm3", "克/立方厘米"),
    "N·m": ("Nm", "牛·米"),
    "km/h": ("公里/小时",),
    "kN": ("千牛",),
    "W/(m·K)": ("W/m·K", "W/mK"),
    "L/min": ("升/分钟",),
}
_YEARS = {
    "ISO 9001": "2015",
    "ISO 14001": "2015",
    "ISO 45001": "2018",
    "IATF 16949": "2016",
    "ISO/IEC 27001": "2022",
    "ISO 22000": "2018",
}
_NAMED = re.compile(r"(书|证|认证|标志|许可|报告|公告|备案|批准|测评|核准)(\W.*)?$")
_YEAR = re.compile(r"[-:](?:19|20)\d\d$")
_LATIN_BESIDE_CJK = re.compile(r"(?<=[A-Za-z0-9])(?=[\u4e00-\u9fff])")
_EXTRAS = ("(可定制)", "(现货)", "(按图加工)", "/批量供应", "（国产）", "(自产)")


def plain(value: Decimal) -> Decimal:
    """The same number without an exponent or trailing zeros."""
    return Decimal(f"{value.normalize():f}")


def title(rng: Random, name: str, *, extras: bool) -> str:
    """A product name as somebody typed it."""
    text = name
    chance = rng.random()
    if chance < 0.07:
        text = _full_width(text)
    elif chance < 0.13:
        text = text.lower()
    elif chance < 0.19:
        text = text.upper()
    elif chance < 0.27:
        text = _LATIN_BESIDE_CJK.sub(" ", text)
    elif chance < 0.33:
        text = text.replace("(", "（").replace(")", "）")
    if extras and rng.random() < 0.12:
        text += rng.choice(_EXTRAS)
    return text[:MOST_TITLE]


def _full_width(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if sign.isascii() and sign.isalnum() else sign for sign in text)


def standard(rng: Random, name: str) -> str:
    """A standard's number, with or without year, in some typography."""
    text = _YEAR.sub("", name) if rng.random() < 0.35 else name
    chance = rng.random()
    if chance < 0.12:
        return text.replace(" ", "")
    if chance < 0.2:
        return text.replace("-", "—")
    if chance < 0.26:
        return _full_width(text)
    return text.lower() if chance < 0.3 else text


def certificate(rng: Random, name: str) -> str:
    """A certificate's name as firms write it."""
    chance = rng.random()
    if chance < 0.15:
        return name.replace(" ", "")
    if chance < 0.25 and name in _YEARS:
        return f"{name}:{_YEARS[name]}"
    if chance < 0.35 and not _NAMED.search(name):
        return f"{name}认证"
    return name


def word(rng: Random, spellings: tuple[str, ...]) -> str:
    """One spelling of a grade or material."""
    text = rng.choice(spellings)
    chance = rng.random()
    if chance < 0.06:
        return _full_width(text)
    return text.lower() if chance < 0.1 else text


def spelling(rng: Random, unit: str) -> str:
    """A unit in one of its spellings."""
    return rng.choice(_SPELLINGS[unit]) if unit in _SPELLINGS and rng.random() < 0.25 else unit


def parameter_name(rng: Random, parameter: Parameter, aliased: float) -> str:
    """The parameter under its name or, that often, under an alias."""
    return rng.choice(parameter.aliases) if parameter.aliases and rng.random() < aliased else parameter.name


def parameter_unit(rng: Random, parameter: Parameter, values: tuple[Decimal, ...]) -> tuple[str, Decimal]:
    """A unit in which the values can be written exactly, and the factor into it."""
    if parameter.alt_units and rng.random() < 0.25:
        unit, factor = rng.choice(parameter.alt_units)
        if factor.normalize().as_tuple().digits in EXACT and all(
            _decimals(value * factor) <= DECIMALS for value in values
        ):
            return unit, factor
    return spelling(rng, parameter.unit), Decimal(1)


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def line_unit(
    rng: Random, item: Item, amounts: tuple[Decimal, ...], prices: tuple[Decimal, ...]
) -> tuple[str, Decimal]:
    """A unit in which amounts and prices can be written exactly, and how many main units it is."""
    if item.unit_variants and rng.random() < 0.3:
        unit, size = rng.choice(item.unit_variants)
        written = (*(amount / size for amount in amounts), *(price * size for price in prices))
        if all(_exact(number) for number in written) and amounts[0] / size >= 1:
            return unit, size
    return spelling(rng, item.unit), Decimal(1)


def _exact(value: Decimal) -> bool:
    return _decimals(value) <= MONEY_DECIMALS


def in_unit(amount: Decimal | None, size: Decimal) -> Decimal | None:
    """A quantity of main units, counted in units of that size."""
    return None if amount is None else plain(amount / size)


def price_in_unit(price: Decimal | None, size: Decimal) -> Decimal | None:
    """A price per main unit, per unit of that size."""
    return None if price is None else plain(price * size)


def requirement(rng: Random, item: Item, condition: Condition) -> Requirement:
    """A condition as a row of a demand line."""
    parameter = item.parameters[condition.parameter]
    name = parameter_name(rng, parameter, 0.08)
    if condition.groups:
        values = tuple(word(rng, parameter.choices[group]) for group in condition.groups)
        operator = Operator.ONE_OF if len(values) > 1 else Operator.EQUAL
        return Requirement(name, operator, values=values, hard=condition.hard)
    ends = tuple(end for end in (condition.low, condition.high) if end is not None)
    unit, factor = parameter_unit(rng, parameter, ends)
    return Requirement(
        name,
        _operator(condition),
        low=_scaled(condition.low, factor),
        high=_scaled(condition.high, factor),
        unit=unit,
        hard=condition.hard,
    )


def _operator(condition: Condition) -> Operator:
    if condition.high is None:
        return Operator.AT_LEAST
    if condition.low is None:
        return Operator.AT_MOST
    return Operator.EQUAL if condition.low == condition.high else Operator.BETWEEN


def stated(rng: Random, item: Item, position: int, value: Value) -> Property:
    """A true value as a row of a supply line."""
    parameter = item.parameters[position]
    name = parameter_name(rng, parameter, 0.22)
    if value.group is not None:
        return Property(name, values=(word(rng, parameter.choices[value.group]),))
    ends = tuple(end for end in (value.low, value.high) if end is not None)
    unit, factor = parameter_unit(rng, parameter, ends)
    return Property(name, low=_scaled(value.low, factor), high=_scaled(value.high, factor), unit=unit)


def _scaled(value: Decimal | None, factor: Decimal) -> Decimal | None:
    return None if value is None else plain(value * factor)
