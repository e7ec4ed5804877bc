"""Values as people write them (“≥690MPa”, “3±0.1mm”, “690MPa以上”) read into typed values.

What is not understood is kept as text, never guessed at: it will count as unknown later.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from matching.engine import units
from matching.engine.bounds import NAMED_PREFIX, NAMED_SUFFIX
from matching.engine.nines import in_percent, is_nines
from matching.engine.numerals import in_digits
from matching.engine.text import clean, standards_in
from matching.engine.types import Operator, Property, Requirement
from matching.engine.units import NO_ALIASES, UnitAliases

_EXPONENT = r"(?:(?:[eE]|×10(?:\^|(?=-)))[-+]?[0-9]{1,2}(?![0-9.]))?"
_NUMBER = rf"[-+]?(?:10\^[-+]?[0-9]{{1,2}}|(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]+)(?:\.[0-9]+)?{_EXPONENT})"
# Symbols that stand before a size and carry its unit: φ840 is 840 mm.
_SYMBOLS = "(?:φ|直径|R(?=[0-9]))"
_LEADING_UNIT = re.compile(
    r"(?<![A-Za-z])(HRC|HRB(?!\s*(?:335|400|500|600))|HBW|HB|HV|HSD|HS|HA|IP)\s*([0-9]+(?:\.[0-9]+)?)(?![0-9A-Za-z])"
)
_STEEL = re.compile(r"3[0-9]{2}LN?")
_QUANTITY = re.compile(rf"(?P<symbol>{_SYMBOLS})?\s*(?P<number>{_NUMBER})\s*(?P<unit>\D.*)?")
_BELOW_ZERO = re.compile(r"零下\s*(?=[0-9])(?P<number>[0-9.]+)\s*(?:°C|度|摄氏度)")
_PREFIX = re.compile(rf"(?:{NAMED_PREFIX}|(?P<equal_>为))\s*(?P<rest>.+)", re.IGNORECASE)
_SUFFIX = re.compile(rf"(?P<rest>.+?)\s*(?:{NAMED_SUFFIX})", re.IGNORECASE)
_UPPER = re.compile("(?:以内|之内|以上|以下)$")
_MOST_FILAMENTS = 100
_LIMITS = re.compile(
    r"\s*(?:且|并且|、|,(?![0-9]{3}(?![0-9]))|;)\s*|(?<=以[上下内])\s*(?=[0-9])|(?<=[0-9A-Za-z%])\s*(?=不[^0-9]*[0-9])"
)
# 1/2 inch, 1-1/2 英寸: nobody writes other units as halves and sixteenths.
_FRACTION = re.compile(
    r"(?<![0-9/.])(?:(?P<whole>[0-9]{1,3})(?:-|\s))?(?P<over>[0-9]{1,2})/(?P<under>2|4|8|16|32|64)"
    r"(?=\s?(?:英寸|寸|inch|in(?![a-z])|\"))"
)
_CHAIN = re.compile(r"(?P<low>[^<≤]+?)\s*[<≤]\s*[A-Za-zφ\u4e00-\u9fff]{1,8}\s*[<≤]\s*(?P<high>[^<≤]+)")
_TOLERANCE = re.compile(r"\(?(?P<nominal>[^±(]*?)\s*\(?\s*±\s*(?P<spread>[^()±]+?)\s*\)?(?P<unit>[^()±]*)")
_SKEWED = re.compile(
    r"(?P<nominal>.+?)\s*\(?\s*(?:\+\s*(?P<plus>[0-9.]+)\s*[/,]\s*-?\s*(?P<minus>[0-9.]+)"
    r"|0\s*[/,]\s*-\s*(?P<only>[0-9.]+))\s*\)?\s*(?P<unit>[^0-9()]*)"
)
_RANGE = re.compile(
    rf"(?:between|from|介于|在)?\s*(?P<low>{_SYMBOLS}?\s*{_NUMBER}\s*[^0-9~]*?)\s*(?:~|-|至|到|to|and|与|和)"
    rf"\s*(?P<high>\+?{_SYMBOLS}?\s*[-+]?[0-9].*?)(?:之间)?"
)
_ALTERNATIVES = re.compile(r"\s*(?:/|、|\||或者|或)\s*")
# Q355B、Q390B lists alternatives; 无破损、无崩边 asks for both.
_DESIGNATION = re.compile("[0-9A-Za-z]")
_LISTED = re.compile(r"\s*[,;]\s*")
_NAMED_VALUE = re.compile(r"^[A-Za-z]{1,3}[0-9.]{0,4}\s*(?=[≥≤<>=])")
_REMARK = re.compile(r"\s*\([^()]*\)$")
# In a parameter's name these are symbols (thickness t, length L, strength Rm), not units.
_SYMBOL = re.compile("[B-UX-Za-z]|R[a-z]")
_NAMED_UNIT = re.compile(r"(?P<name>.+?)\s*[(\[/,]\s*(?P<unit>[^()\[\]]+?)\s*[)\]]?")


@dataclass(frozen=True, slots=True)
class Reading:
    """A value understood: its ends in ``unit``; ``strict`` where the one end itself does not count.

    ``tolerance`` where the ends were written as deviations from one value (3±0.1).
    """

    low: Decimal | None
    high: Decimal | None
    unit: str
    strict: bool = False
    tolerance: bool = False


def parse_requirement(
    parameter: str, text: str, *, hard: bool = True, aliases: UnitAliases = NO_ALIASES
) -> Requirement:
    """A requirement from its written value; alternatives (“304/06Cr19Ni10”) become ``ONE_OF``."""
    name, reading, words = _parse(parameter, text, aliases)
    if reading is None:
        operator = Operator.ONE_OF if len(words) > 1 else Operator.EQUAL
        return Requirement(name, operator, values=words, hard=hard)
    if reading.low == reading.high and (reading.unit == "IP" or is_nines(name, text)):
        # A wanted protection class, or number of nines, is a least one.
        reading = Reading(reading.low, None, reading.unit)
    return Requirement(name, operator_of(reading), reading.low, reading.high, unit=reading.unit, hard=hard)


def parse_property(parameter: str, text: str, *, aliases: UnitAliases = NO_ALIASES) -> Property:
    """What an offer states; “≥690MPa” has no high end, “±0.1mm” is its width 0.1 mm."""
    name, reading, words = _parse(parameter, text, aliases)
    if reading is None:
        return Property(name, values=words)
    return Property(name, reading.low, reading.high, unit=reading.unit, tolerance=reading.tolerance)


def read(written: str, aliases: UnitAliases = NO_ALIASES) -> Reading | None:
    """The numbers of a written value (“58~62HRC”, “不低于三百兆帕”), or None where it is no number."""
    # Hardness and protection are written the other way round: HRC58 is 58 HRC.
    digits = _BELOW_ZERO.sub(r"-\1°C", in_digits(written))
    if digits.startswith("±"):
        digits = _UPPER.sub("", digits)
    digits = _FRACTION.sub(_in_decimals, digits)
    return _read(_LEADING_UNIT.sub(r"\2 \1", digits), aliases)


def _in_decimals(fraction: re.Match[str]) -> str:
    value = Decimal(fraction["whole"] or 0) + Decimal(fraction["over"]) / Decimal(fraction["under"])
    return format(value, "f")


def operator_of(reading: Reading) -> Operator:
    """What a requirement with these ends asks."""
    if reading.low is None:
        return Operator.LESS_THAN if reading.strict else Operator.AT_MOST
    if reading.high is None:
        return Operator.MORE_THAN if reading.strict else Operator.AT_LEAST
    return Operator.EQUAL if reading.low == reading.high else Operator.BETWEEN


def _parse(parameter: str, text: str, aliases: UnitAliases) -> tuple[str, Reading | None, tuple[str, ...]]:
    name, unit = _split_parameter(parameter, aliases)
    written = in_percent(name, _bare(name, clean(text).strip(" .;,")))
    reading = read(written, aliases) or read(_REMARK.sub("", written), aliases)
    if reading is None:
        return name, None, _alternatives(written)
    if unit and not reading.unit:
        return name, replace(reading, unit=unit), ()
    return name, reading, ()


def _bare(name: str, written: str) -> str:
    """The value without the parameter's name or symbol in front of it (“厚度≥3mm”, “Rm≥690MPa”)."""
    if name and written.startswith(name) and len(written) > len(name):
        written = written.removeprefix(name).lstrip(" :")
    return _NAMED_VALUE.sub("", written)


def _split_parameter(parameter: str, aliases: UnitAliases) -> tuple[str, str]:
    """“厚度(mm)” → name and unit; a bracket that holds no unit stays part of the name."""
    found = _NAMED_UNIT.fullmatch(clean(parameter))
    if found and not _SYMBOL.fullmatch(found["unit"]) and units.known(found["unit"], aliases):
        return found["name"], found["unit"]
    return clean(parameter), ""


def _alternatives(written: str) -> tuple[str, ...]:
    if not written:
        return ()
    if standards_in(written):
        return (written,)
    # Between Latin designations a comma lists alternatives; in Chinese it separates clauses.
    separator = _LISTED if written.isascii() and "/" not in written else _ALTERNATIVES
    if "、" in written and not all(_DESIGNATION.search(part) for part in written.split("、")):
        return (written,)
    parts = [part for part in separator.split(written) if part]
    if any(len(part) > 20 for part in parts):
        return (written,)
    return tuple(dict.fromkeys(parts)) or (written,)


def _read(text: str, aliases: UnitAliases) -> Reading | None:
    for form in (_read_point, _read_bounds, _read_chain, _read_tolerance, _read_skewed, _read_range):
        reading = form(text, aliases)
        if reading is not None:
            return reading
    return None


def _quantity(text: str, aliases: UnitAliases) -> tuple[Decimal, str] | None:
    found = _QUANTITY.fullmatch(text.strip())
    # 316L is a steel, not a volume.
    if found is None or _STEEL.fullmatch(text.strip()):
        return None
    number = _decimal(found["number"])
    unit = (found["unit"] or "").strip()
    if not unit and found["symbol"] not in {None, "直径"}:
        return number, "mm"
    times = units.multiple(unit)
    if times is not None:
        return number * times, ""
    # Filament counts: 12K is twelve thousand; nobody trades at 12 kelvin.
    if unit in {"K", "k"} and 0 < number <= _MOST_FILAMENTS:
        return number * 1_000, ""
    return (number, unit) if units.known(unit, aliases) else None


def _decimal(written: str) -> Decimal:
    return Decimal(written.replace(",", "").replace("×10^", "E").replace("×10-", "E-").replace("10^", "1E"))


def _read_point(text: str, aliases: UnitAliases) -> Reading | None:
    quantity = _quantity(text, aliases)
    return Reading(quantity[0], quantity[0], quantity[1]) if quantity else None


def _read_bounds(text: str, aliases: UnitAliases) -> Reading | None:
    parts = _LIMITS.split(text)
    if len(parts) == 1:
        return _read_bound(text, aliases)
    if len(parts) != 2:
        return None
    first, second = (_read_bound(part, aliases) for part in parts)
    if first is None or second is None:
        return None
    lower, upper = (first, second) if first.high is None else (second, first)
    if lower.low is None or upper.high is None or lower.high is not None or upper.low is not None:
        return None
    return _join((lower.low, lower.unit), (upper.high, upper.unit), aliases)


def _read_bound(text: str, aliases: UnitAliases) -> Reading | None:
    found = _PREFIX.fullmatch(text) or _SUFFIX.fullmatch(text)
    if found is None:
        return None
    quantity = _quantity(_UPPER.sub("", found["rest"]), aliases)
    if quantity is None:
        return None
    value, unit = quantity
    operator = Operator(
        next(name.rstrip("_") for name, held in found.groupdict().items() if held and name != "rest")
    )
    if operator is Operator.EQUAL:
        return Reading(value, value, unit)
    strict = operator in {Operator.MORE_THAN, Operator.LESS_THAN}
    if operator in {Operator.AT_LEAST, Operator.MORE_THAN}:
        return Reading(value, None, unit, strict)
    return Reading(None, value, unit, strict)


def _read_chain(text: str, aliases: UnitAliases) -> Reading | None:
    found = _CHAIN.fullmatch(text)
    if found is None:
        return None
    low, high = _quantity(found["low"], aliases), _quantity(found["high"], aliases)
    return _join(low, high, aliases) if low and high else None


def _read_tolerance(text: str, aliases: UnitAliases) -> Reading | None:
    found = _TOLERANCE.fullmatch(text)
    if found is None:
        return None
    spread = _quantity(found["spread"] + found["unit"], aliases)
    if spread is None or spread[0] < 0:
        return None
    # A bare ± names no middle: what counts is its width, so it is an upper limit.
    if not found["nominal"]:
        return Reading(None, spread[0], spread[1])
    nominal = _quantity(found["nominal"], aliases)
    if nominal is None:
        return None
    value, unit = nominal
    width: Decimal | None = spread[0]
    if spread[1] == "%" and unit != "%":
        width = abs(value) * spread[0] / 100
    elif not unit:
        unit = spread[1]
    elif spread[1]:
        width = units.convert(spread[0], spread[1], unit, aliases)
    return None if width is None else Reading(value - width, value + width, unit, tolerance=True)


def _read_skewed(text: str, aliases: UnitAliases) -> Reading | None:
    found = _SKEWED.fullmatch(text)
    nominal = _quantity(found["nominal"], aliases) if found else None
    if found is None or nominal is None:
        return None
    unit = nominal[1] or found["unit"].strip()
    try:
        plus, minus = Decimal(found["plus"] or 0), Decimal(found["minus"] or found["only"])
    except ArithmeticError:
        return None
    if not units.known(unit, aliases):
        return None
    return Reading(nominal[0] - minus, nominal[0] + plus, unit, tolerance=True)


def _read_range(text: str, aliases: UnitAliases) -> Reading | None:
    found = _RANGE.fullmatch(text)
    if found is None:
        return None
    low, high = _quantity(found["low"], aliases), _quantity(found["high"], aliases)
    return _join(low, high, aliases) if low and high else None


def _join(low: tuple[Decimal, str], high: tuple[Decimal, str], aliases: UnitAliases) -> Reading | None:
    unit = high[1] or low[1]
    first, second = (units.convert(value, written or unit, unit, aliases) for value, written in (low, high))
    if first is None or second is None:
        return None
    return Reading(min(first, second), max(first, second), unit)
