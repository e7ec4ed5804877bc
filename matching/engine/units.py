"""Units as Chinese and English lists write them, and exact conversion between them.

Conversion is exact decimal arithmetic, rounded to 18 significant digits. A unit that is not
understood is a dimension of its own: comparable with the same written unit and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import cache, lru_cache
from tokenize import TokenError
from types import MappingProxyType

import pint

from matching.engine.text import clean

UnitAliases = Mapping[str, str]
NO_ALIASES: UnitAliases = MappingProxyType({})

_EXACT = Context(prec=34)
_SHOWN = Context(prec=18)
_ONE = Decimal(1)
_ZERO = Decimal(0)

# written form → (dimension, how many of the dimension's base one of it is)
_OWN: dict[str, tuple[str, str]] = {
    "": ("", "1"),
    **dict.fromkeys(("%", "%RH", "% RH", "百分比", "wt%", "mol%", "vol%", "%vol"), ("%", "1")),
    "‰": ("%", "0.1"),
    **dict.fromkeys(("ppm", "PPM", "ppmw", "mg/kg", "μg/g", "g/t"), ("%", "0.0001")),
    **dict.fromkeys(("ppt", "PPT", "pptw", "ng/kg", "pg/g"), ("%", "0.0000000001")),
    # Of volume, not of mass.
    **{"ppmv": ("ppmv", "1"), "ppbv": ("ppmv", "0.001"), "pptv": ("ppmv", "0.000001")},
    **dict.fromkeys(("ppb", "PPB", "ppbw", "μg/kg", "ng/g"), ("%", "0.0000001")),
    **dict.fromkeys(("件", "个", "只", "枚", "颗"), ("件", "1")),
    **dict.fromkeys(("pcs", "pc", "piece", "pieces", "ea", "each"), ("件", "1")),
    # One machine is 一台, 一套 or 一台套, as the writer likes.
    **dict.fromkeys(("台", "套", "台套", "unit", "units", "set", "sets"), ("台", "1")),
    **dict.fromkeys(("片", "wafer", "wafers"), ("片", "1")),
    **dict.fromkeys(("辆", "vehicle", "vehicles"), ("辆", "1")),
    **dict.fromkeys(("r/min", "rpm", "转/分", "转/分钟", "转每分", "转每分钟"), ("r/min", "1")),
    **dict.fromkeys(("r/s", "rps", "转/秒"), ("r/min", "60")),
    **dict.fromkeys(("°", "deg"), ("°", "1")),
    **dict.fromkeys(("HB", "HBW", "HBS"), ("HBW", "1")),
    **{
        scale: (scale, "1")
        for scale in (
            "HRC",
            "HS",
            "HA",
            "HSD",
            "APHA",
            "%IACS",
            "%FS",
            "%F.S",
            "% FS",
            "% IACS",
            "kvar",
            "TOPS",
            "fps",
        )
    },
    **dict.fromkeys(("lp/mm", "线对/毫米"), ("lp/mm", "1")),
    **dict.fromkeys(("弧分", "角分", "′", "arcmin"), ("°", "0.0166666666666666666666666666666666667")),
    **dict.fromkeys(("弧秒", "角秒", "″", "arcsec"), ("°", "0.000277777777777777777777777777777777778")),
    "Mvar": ("kvar", "1000"),
    **{scale: (scale, "1") for scale in ("dBm", "dBi", "dpi", "den", "RT", "Nm3", "Sm3", "sccm")},
    **dict.fromkeys(("slm", "slpm", "SLM", "SLPM"), ("slm", "1")),
    **dict.fromkeys(("cd", "坎德拉"), ("cd", "1")),
    "mcd": ("cd", "0.001"),
    # Of cells, the current beside the capacity; nobody lists charges in coulombs.
    "C": ("C", "1"),
    "bit": ("bit", "1"),
    **{
        f"{multiple}{bits}": ("bit", size)
        for multiple, size in (("k", "1000"), ("M", "1000000"), ("G", "1000000000"))
        for bits in ("bit", "b")
    },
    # Per atom, not per mass: not comparable with ppmw.
    **{"ppma": ("ppma", "1"), "ppba": ("ppma", "0.001")},
    **dict.fromkeys(("cycle", "cycles", "times"), ("次", "1")),
    **dict.fromkeys(("工作日", "个工作日"), ("工作日", "1")),
    "HV": ("HV", "1"),
    "HRB": ("HRB", "1"),
    "IP": ("IP", "1"),
    **dict.fromkeys(("dB", "db", "分贝"), ("dB", "1")),
    **dict.fromkeys(("dBA", "dB(A)", "dba"), ("dB(A)", "1")),
    **dict.fromkeys(("mrad", "毫弧度"), ("mrad", "1")),
    **dict.fromkeys(("μrad", "urad", "微弧度"), ("mrad", "0.001")),
    **dict.fromkeys(("rad", "弧度"), ("mrad", "1000")),
    **dict.fromkeys(("倍", "x", "X", "×"), ("倍", "1")),
    **dict.fromkeys(("像素", "px", "pixel", "pixels"), ("像素", "1")),
    **dict.fromkeys(("B", "byte", "字节"), ("B", "1")),
    **dict.fromkeys(("KB", "kB"), ("B", "1000")),
    "MB": ("B", "1000000"),
    "GB": ("B", "1000000000"),
    "TB": ("B", "1000000000000"),
    "PB": ("B", "1000000000000000"),
    "EB": ("B", "1000000000000000000"),
    "kpcs": ("件", "1000"),
    **dict.fromkeys(("元", "CNY", "RMB"), ("元", "1")),
    # A rate of data is no frequency, a leak no power, although their dimensions are the same.
    **{
        f"{multiple}{bits}": ("bit/s", size)
        for multiple, size in (
            ("", "1"),
            ("k", "1000"),
            ("M", "1000000"),
            ("G", "1000000000"),
            ("T", "1000000000000"),
        )
        for bits in ("bps", "bit/s", "b/s")
    },
    # Written in small letters they are no thousandths.
    **{"mbps": ("bit/s", "1000000"), "gbps": ("bit/s", "1000000000"), "tbps": ("bit/s", "1000000000000")},
    **dict.fromkeys(("Pa·m3/s", "Pa·m³/s", "Pa*m3/s"), ("Pa·m³/s", "1")),
    **dict.fromkeys(("mbar·L/s", "mbar·l/s"), ("Pa·m³/s", "0.1")),
    "TFLOPS": ("FLOPS", "1000000000000"),
    "PFLOPS": ("FLOPS", "1000000000000000"),
    "GFLOPS": ("FLOPS", "1000000000"),
}
_COUNTING = frozenset(unit for unit, (base, _) in _OWN.items() if base not in {"", "%"})
# Counting words that are understood as such, each its own dimension.
_CLASSIFIERS = frozenset(
    {
        *"根支条块张卷盘桶箱瓶袋盒组对副双列节架艘座株粒级目层芯极位核路孔轴点次人项份批炉圈把名家门幅页",
        "通道",
    }
)
_TEMPERATURES = {
    "°C": (_ONE, _ZERO),
    "°c": (_ONE, _ZERO),
    "摄氏度": (_ONE, _ZERO),
    "K": (_ONE, Decimal("-273.15")),
    "开尔文": (_ONE, Decimal("-273.15")),
    "°F": (Decimal(5) / Decimal(9), Decimal(-160) / Decimal(9)),
    "华氏度": (Decimal(5) / Decimal(9), Decimal(-160) / Decimal(9)),
}
_CHINESE = {
    "平方毫米": "mm**2", "平方厘米": "cm**2", "平方米": "m**2", "平米": "m**2", "立方厘米": "cm**3",
    "立方米": "m**3", "立方分米": "dm**3", "立方": "m**3",
    "千瓦时": "kWh", "千瓦·时": "kWh", "兆瓦时": "MWh", "吉瓦时": "GWh", "瓦时": "Wh",
    "毫安时": "mA*hour", "安时": "A*hour", "千伏安": "kV*A", "兆伏安": "MV*A", "牛·米": "N*m", "牛米": "N*m",
    "千牛": "kN", "千克": "kg", "公斤": "kg", "毫克": "mg", "微克": "ug", "克拉": "carat", "克": "g",
    "吨": "tonne", "毫米": "mm", "厘米": "cm", "分米": "dm", "微米": "um", "纳米": "nm", "公里": "km",
    "千米": "km", "英寸": "inch", "英尺": "foot", "米": "m", "毫升": "mL", "升": "L", "兆帕": "MPa",
    "千帕": "kPa", "吉帕": "GPa", "帕": "Pa", "巴": "bar", "兆瓦": "MW", "千瓦": "kW", "吉瓦": "GW",
    "毫瓦": "mW", "瓦": "W", "千伏": "kV", "毫伏": "mV", "伏": "V", "毫安": "mA", "微安": "uA", "千安": "kA",
    "安": "A", "安培": "A", "兆焦": "MJ", "自然日": "day", "个自然日": "day", "日历天": "day",
    "个日历天": "day", "度电": "kWh", "寸": "inch",
    "兆欧": "Mohm", "千欧": "kohm", "毫欧": "mohm", "欧姆": "ohm", "欧": "ohm", "千赫": "kHz",
    "千赫兹": "kHz", "兆赫兹": "MHz", "吉赫兹": "GHz",
    "兆赫": "MHz", "吉赫": "GHz", "赫兹": "Hz", "赫": "Hz", "牛顿": "N", "牛": "N", "毫秒": "ms",
    "微秒": "us", "纳秒": "ns", "秒": "s", "分钟": "minute", "小时": "hour", "个月": "month",
    "季度": "quarter_year",
    "季": "quarter_year", "周": "week", "天": "day", "日": "day", "月": "month", "年": "year", "时": "hour",
    "分": "minute", "千焦": "kJ", "焦耳": "J", "焦": "J", "流明": "lm", "微法": "uF", "法拉": "F",
    "特斯拉": "tesla", "字节": "byte",
}  # fmt: skip
# Spellings whose capitals people ignore; the exact forms of _SI_EXACT keep their own meaning.
_FOLDED = {
    form.casefold(): form
    for form in (
        "kg", "mg", "mm", "cm", "dm", "km", "um", "nm", "m", "t", "MPa", "GPa", "kPa", "Pa", "bar",
        "kW", "GW", "W", "kWh", "MWh", "GWh", "Wh", "kJ", "Hz", "kHz", "MHz", "GHz", "kV", "mV", "V",
        "A", "mA", "kA", "kN", "mL", "L", "lm", "lx",
    )
} | {
    "wp": "W", "kwp": "kW", "mwp": "MW", "gwp": "GW", "kva": "kV*A", "mva": "MV*A", "va": "V*A",
    "ah": "A*hour", "mah": "mA*hour", "inch": "inch", '"': "inch", "in": "inch", "tons": "tonne",
    "ton": "tonne", "tonnes": "tonne", "kgs": "kg", "å": "angstrom",
    "nits": "cd/m**2", "nit": "cd/m**2", "kgf": "kgf",
}  # fmt: skip
_SI_EXACT = frozenset({"mPa", "mHz", "T", "MW", "mW", "Mm", "N", "n", "Nm", "kNm", "MA", "K", "k", "a"})
# pint reads these as something else (Gs as gigaseconds).
_DEFINED = {
    "Gs": "0.1 mT", "kGs": "0.1 T", "Oe": "79.577472 A/m", "kOe": "79.577472 kA/m",
    "mil": "25.4 um", "密耳": "25.4 um",
    "gf": "0.00980665 N",
}  # fmt: skip
_NOT_IN_PINT = re.compile(r"(?<![A-Za-z])(?:Nm3|Sm3|Nm\^3|RT|dpi|den|fps|Mpx|U|slm|D|Gs|Oe|px)(?![A-Za-z])")
_TORQUE = re.compile(r"(?:[kMmc]?N|k?gf|lbf)\*[cm]?m|m\*[kM]?N")
_PER = frozenset({"h", "mm", "m²", "m³", "kg"})
_SPECIAL = {
    **dict.fromkeys(("W/mK", "W/m.K", "W/m-K", "W/(mK)", "W/(m.K)"), "W/m/K"),
    "Nm": "N*m",
    "kNm": "kN*m",
    "MA": "mA",
    "kgf/cm2": "kgf/cm**2",
}
_BASES = (
    "mm", "kg", "MPa", "kW", "hour", "J", "A", "V", "Hz", "ohm", "m**2", "m**3", "g/cm**3", "N", "m/s",
    "A*hour", "byte", "W/m/K", "m**3/hour", "kg/hour", "ohm*m", "S/m", "Pa*s", "kg/m**2", "kg/m", "tesla",
    "J/kg", "W/kg", "W/m**2", "N/mm", "A/m", "A*hour/kg", "W/m**2/K", "mol/L", "lm/W", "m**2/kg", "m**2/s",
    "J/kg/K", "F", "henry", "kV/mm", "lx", "lm",
)  # fmt: skip
_BASE_NAMES = {
    "hour": "h", "ohm": "Ω", "A*hour": "A·h", "W/m/K": "W/(m·K)", "m**3/hour": "m³/h", "byte": "B",
    "kg/hour": "kg/h", "ohm*m": "Ω·m", "Pa*s": "Pa·s", "tesla": "T",
    "henry": "H", "A*hour/kg": "A·h/kg", "W/m**2/K": "W/(m²·K)", "J/kg/K": "J/(kg·K)",
}  # fmt: skip

_NOT_A_UNIT = (
    pint.PintError,
    TokenError,
    SyntaxError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
)
_MULTIPLES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_MULTIPLE = re.compile("([十百千万亿]+)(.*)")
_NUMBERED = re.compile(r"([1-9]\d{0,11}(?:\.\d{1,8})?|0\.\d{1,8}) ?([^\W\d].*)")
_CHINESE_NAME = re.compile("|".join(sorted(_CHINESE, key=len, reverse=True)))
# Only names and single-digit powers reach pint: a written unit must not make it compute 9**9**9.
_EXPRESSION = re.compile(r"(?=.{1,60}$)(?:[A-Za-z_]+|\*\*-?[1-9](?!\s*\*\*|[0-9])|\*(?!\*)|[/() ])+")
_POWER = re.compile(r"(?<=[A-Za-z])\^?(-?[1-9])(?![0-9A-Za-z])")


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit understood: ``value * factor + offset`` is the value in ``base``; equal bases compare."""

    base: str
    factor: Decimal = _ONE
    offset: Decimal = _ZERO
    known: bool = True

    def to_base(self, value: Decimal) -> Decimal:
        """The value in the base unit, to 18 significant digits."""
        scaled = _EXACT.add(_EXACT.multiply(value, self.factor), self.offset)
        return _SHOWN.plus(scaled)

    def from_base(self, value: Decimal) -> Decimal:
        """A value of the base unit in this unit, to 18 significant digits."""
        return _SHOWN.plus(_EXACT.divide(_EXACT.subtract(value, self.offset), self.factor))


def measure(unit: str, aliases: UnitAliases = NO_ALIASES) -> Measure:
    """What a written unit means; ``aliases`` are the glossary's (written form → unit)."""
    written = clean(unit)
    return _measure(_apply_aliases(written, aliases) if aliases else written)


def known(unit: str, aliases: UnitAliases = NO_ALIASES) -> bool:
    """Whether the unit is understood, not merely comparable with itself."""
    return measure(unit, aliases).known


def convert(value: Decimal, unit: str, to: str, aliases: UnitAliases = NO_ALIASES) -> Decimal | None:
    """``value`` of ``unit`` expressed in ``to``; None where the two cannot be compared."""
    source, target = measure(unit, aliases), measure(to, aliases)
    if source.base != target.base:
        return None
    if source == target:
        return _SHOWN.plus(value)
    exact = _EXACT.add(_EXACT.multiply(value, source.factor), source.offset)
    return _SHOWN.plus(_EXACT.divide(_EXACT.subtract(exact, target.offset), target.factor))


def base(value: Decimal, unit: str, aliases: UnitAliases = NO_ALIASES) -> tuple[Decimal, str]:
    """The value and the name of the base unit of its dimension (length in mm, pressure in MPa …)."""
    found = measure(unit, aliases)
    return found.to_base(value), found.base


def multiple(prefix: str) -> Decimal | None:
    """Value of a Chinese counting prefix (``万`` is 10,000); None where it is none."""
    if not prefix or any(sign not in _MULTIPLES for sign in prefix):
        return None
    product = 1
    for sign in prefix:
        product *= _MULTIPLES[sign]
    return Decimal(product)


def show(value: Decimal) -> str:
    """A number for people: no exponent, no trailing zeros, at most six decimals."""
    text = f"{value:.6f}" if value == 0 or abs(value) >= Decimal("0.0001") else f"{value:.12f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _apply_aliases(unit: str, aliases: UnitAliases) -> str:
    if unit in aliases:
        return aliases[unit]
    return "/".join(_alias_of_part(part, aliases) for part in unit.split("/"))


def _alias_of_part(part: str, aliases: UnitAliases) -> str:
    if part in aliases:
        return aliases[part]
    prefixed = _MULTIPLE.fullmatch(part)
    if prefixed and prefixed.group(2) in aliases:
        return prefixed.group(1) + aliases[prefixed.group(2)]
    return part


@lru_cache(maxsize=4096)
def _measure(unit: str) -> Measure:
    own = _OWN.get(unit) or (None if unit in _SI_EXACT else _OWN.get(unit.casefold()))
    if own is not None:
        return Measure(own[0], Decimal(own[1]))
    if unit in _TEMPERATURES:
        return Measure("°C", *_TEMPERATURES[unit])
    if unit in _CLASSIFIERS:
        return Measure(unit)
    if unit in _DEFINED:
        return _measure(_DEFINED[unit])
    readings = (_by_expression, _by_multiple, _by_ratio, _by_number)
    if unit.partition("/")[0] in _COUNTING or unit.startswith("/"):
        readings = (_by_ratio, _by_expression, _by_multiple, _by_number)
    found = next((measure for read in readings if (measure := read(unit))), None)
    return found or Measure(unit.casefold(), known=False)


def _by_multiple(unit: str) -> Measure | None:
    prefixed = _MULTIPLE.fullmatch(unit)
    if prefixed is None or not prefixed.group(2):
        return None
    inner = _measure(prefixed.group(2))
    factor = multiple(prefixed.group(1))
    if factor is None or inner.offset or not inner.known:
        return None
    return Measure(inner.base, _EXACT.multiply(inner.factor, factor))


def _by_number(unit: str) -> Measure | None:
    """A unit that a glossary teaches with a factor: ``10000 m²`` for 万平米."""
    number = _NUMBERED.fullmatch(unit)
    inner = _measure(number.group(2)) if number else None
    if number is None or inner is None or inner.offset or not inner.known:
        return None
    return Measure(inner.base, _EXACT.multiply(inner.factor, Decimal(number.group(1))))


def _by_ratio(unit: str) -> Measure | None:
    """Counts per something (片/月, 件/套): each side on its own terms."""
    above, slash, below = unit.partition("/")
    if not slash or not below:
        return None
    upper, lower = _measure(above.strip()), _measure(below.strip().removeprefix("(").removesuffix(")"))
    if below.strip()[0].isdigit() and (not above or lower.base not in _PER):
        # “g/10min” is a unit; “304/316L” and “12V/5A” are two things.
        return None
    if not (upper.known and lower.known) or upper.offset or lower.offset:
        return None
    return Measure(f"{upper.base or 1}/{lower.base}", _EXACT.divide(upper.factor, lower.factor))


def _by_expression(unit: str) -> Measure | None:
    expression = _expression(unit)
    if expression is None:
        return None
    found = _dimension(expression)
    if found is None:
        return None
    dimension, factor = found
    if _TORQUE.fullmatch(expression):
        # A torque is not an energy, although both are N·m.
        return Measure("N·m", factor)
    name, size = _bases().get(dimension, (_in_si(expression), _ONE))
    return Measure(name, _EXACT.divide(factor, size))


def _expression(unit: str) -> str | None:
    """The unit in pint's spelling, or None where that cannot be one."""
    if unit in _SPECIAL:
        return _SPECIAL[unit]
    if unit not in _SI_EXACT and unit.casefold() in _FOLDED:
        return _FOLDED[unit.casefold()]
    text = _CHINESE_NAME.sub(lambda found: f" {_CHINESE[found.group()]} ", unit)
    if _NOT_IN_PINT.search(text):
        return None
    text = text.replace("°C", "K").replace("·", "*").replace("μ", "u").replace("Ω", "ohm")
    text = re.sub(r"(?<=[A-Za-z])\.(?=[A-Za-z])", "*", text.strip())
    text = _POWER.sub(r"**\1", text)
    if not _EXPRESSION.fullmatch(text):
        return None
    above, slash, below = text.partition("/")
    if slash and "*" in below.replace("**", "") and "(" not in below and "/" not in below:
        # "W/m·K" means W/(m·K) in every list.
        text = f"{above}/({below})"
    return text


@lru_cache(maxsize=4096)
def _dimension(expression: str) -> tuple[str, Decimal] | None:
    try:
        based = _registry()(expression).to_base_units()
        factor = Decimal(str(based.magnitude))
    except _NOT_A_UNIT:
        return None
    dimension = str(based.dimensionality)
    if dimension == "dimensionless" or not factor.is_finite() or factor <= 0:
        return None
    return dimension, factor


def _in_si(expression: str) -> str:
    """The SI unit of a dimension that has no customary one (``kg/s²``)."""
    name = f"{_registry()(expression).to_base_units().units:~C}"
    return name.replace("**2", "²").replace("**3", "³").replace("**", "^").replace("*", "·")


@cache
def _registry() -> pint.UnitRegistry[Decimal]:
    registry: pint.UnitRegistry[Decimal] = pint.UnitRegistry(non_int_type=Decimal)
    registry.define("quarter_year = 3 * month")
    return registry


@cache
def _bases() -> dict[str, tuple[str, Decimal]]:
    """Dimension → the unit in which the engine compares it, chosen for readers."""
    bases: dict[str, tuple[str, Decimal]] = {}
    for expression in _BASES:
        found = _dimension(expression)
        if found is not None:
            name = _BASE_NAMES.get(expression, expression.replace("**2", "²").replace("**3", "³"))
            bases.setdefault(found[0], (name, found[1]))
    return bases
