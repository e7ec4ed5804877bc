"""Chinese numerals: 一万二千, 三点五, 壹佰贰拾, 百分之九十五, 3万2千 and 一吨半 as digits.

Many of their characters also stand in words (三通, 千斤顶, 十分), so in running text a numeral is one only
beside a unit or a word of comparison.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from matching.engine.bounds import ANY_PREFIX, ANY_SUFFIX
from matching.engine.unit_names import CHINESE_UNIT, CLASSIFIER, LATIN_UNIT

_DIGITS = dict(zip("零〇一二三四五六七八九", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)) | {
    **dict(zip("壹贰叁肆伍陆柒捌玖", range(1, 10), strict=True)),
    **dict(zip("弌弍弎贰陸", (1, 2, 3, 2, 6), strict=True)),
    "两": 2, "兩": 2, "俩": 2, "幺": 1,
}  # fmt: skip
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1_000, "仟": 1_000}
_LARGE = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
_SHORT = {"廿": "二十", "卅": "三十", "卌": "四十"}
_DIGIT = f"[{''.join(_DIGITS)}]"
_START = f"[{''.join(_DIGITS)}十拾廿卅]"
_SIGN = f"[{''.join((*_DIGITS, *_SMALL, *_LARGE, *_SHORT))}]"
NUMERAL = rf"(?:{_START}{_SIGN}*(?:点{_DIGIT}+)?[万亿]?)"
_MIXED = r"[0-9]+(?:\.[0-9]+)?[百千万亿](?:[零〇]?[0-9]+[百千万]?)+(?![.0-9])"
_PART_OF = {"百": (1, "%"), "千": (1, "‰"), "万": (100, "%"), "十万": (1_000, "%"), "百万": (1, "ppm")}
_ANY = f"(?:{NUMERAL}|[0-9]+(?:\\.[0-9]+)?)"
_FRACTION = rf"(?P<of>百万|十万|[百千万])分之(?P<share>{_ANY})"
_UNIT = rf"(?:[百千万亿]?(?:{CHINESE_UNIT})|{LATIN_UNIT}|[%‰])"
_HALF = rf"(?P<whole>{_ANY})(?P<counted>个?(?:{CHINESE_UNIT}|{CLASSIFIER}))半(?![径导年月日轴挂球透])"
# 十分 is “very”, 一点 “a little”, 三相 a kind of current: these need a comparison beside them.
_WEAK = r"(?:分(?!钟|贝)|时|日|月|点|安|度(?!电)|季)"
_FOUND = re.compile(
    rf"{_FRACTION}|(?P<tenths>[一二三四五六七八九]|[1-9](?:\.[0-9])?)成(?=以上|以下|左右|[，,;。、\s]|$)|"
    rf"(?<![0-9.])(?P<mixed>{_MIXED})|{_HALF}"
    rf"|(?P<half>半)(?=个?(?:年|月|小时|天|吨|米|公斤))"
    rf"|(?<![0-9.])(?P<number>{NUMERAL}(?:(?<=(?P<kilo>千))(?=[瓦克米帕伏安牛赫欧焦升卡])|(?!(?<=千)[瓦克米帕伏安牛赫欧焦升卡])))"
)
_BEHIND = re.compile(rf"\s?(?:(?!{_WEAK})(?P<unit>{_UNIT})|{_WEAK}|{CLASSIFIER}|级(?![一-鿿]))")
_COMPARISON = re.compile(rf"(?:{ANY_PREFIX}|[≥≤<>=]|[~±至到-])\s*[-+]?$")
_LIMIT = re.compile(rf"\s?(?:(?:{_UNIT}|{CLASSIFIER})\s?(?:{ANY_SUFFIX})|以[上下内])")
_GRADED = re.compile("(?:能效|等级|精度|级别|质量|保护|资质|清洁度|探伤|附着力)[:为]?$")
_GRADE = re.compile("级(?:$|[^\u4e00-\u9fff])")
_OPENS = re.compile("^$|[，,;。、\\s]$")
_CLOSES = re.compile("$|[，,;。、\\s]")
_TELLTALE = re.compile(f"[{''.join((*_DIGITS, *_SMALL, *_LARGE, *_SHORT))}半]")


@lru_cache(maxsize=4096)
def value(text: str) -> Decimal | None:
    """The number that a numeral means, or None: digits by place (一二〇 = 120) or with multiples."""
    for short, long in _SHORT.items():
        text = text.replace(short, long)
    whole, point, fraction = text.partition("点")
    tail = ""
    if point:
        fraction, tail = fraction.rstrip("万亿"), fraction[len(fraction.rstrip("万亿")) :]
        if not fraction or any(sign not in _DIGITS for sign in fraction):
            return None
    number = _whole(whole)
    if number is None:
        return None
    if point:
        number += Decimal("0." + "".join(str(_DIGITS[sign]) for sign in fraction))
    for sign in tail:
        number *= _LARGE[sign]
    return number


def _whole(text: str) -> Decimal | None:
    if text and all(sign in _DIGITS for sign in text):
        return Decimal("".join(str(_DIGITS[sign]) for sign in text))
    total = section = Decimal(0)
    digits = ""
    last = 0
    for sign in text:
        if sign in _DIGITS or sign.isdigit() or sign == ".":
            digits += str(_DIGITS.get(sign, sign))
        elif sign in _SMALL:
            if section and section % (_SMALL[sign] * 10):
                # 一百一十千 is no number: the 千 belongs to the unit.
                return None
            last = _SMALL[sign]
            section += Decimal(digits or 1) * last
            digits = ""
        elif sign in _LARGE:
            last = _LARGE[sign]
            section += Decimal(digits or 0)
            if not section and not total:
                return None
            # 一亿零一万: 万 multiplies only what stands behind the 亿.
            total = total + section * last if total > last else (total + section) * last
            section, digits = Decimal(0), ""
        else:
            return None
    # 三万二 is 32,000: a last digit without its multiple is of the next lower place.
    short = digits and not digits.startswith("0") and len(digits) == 1 and last >= 100
    section += Decimal(digits or 0) * (last // 10 if short else 1)
    return total + section if text else None


def plain(number: Decimal) -> str:
    """Digits without an exponent or idle zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def replacements(text: str) -> Iterator[tuple[int, int, str]]:
    """Where in a normal text a numeral counts something, and the digits for it, in order."""
    if not _TELLTALE.search(text):
        return
    for found in _FOUND.finditer(text):
        digits = _digits(found)
        if digits is not None:
            yield found.start(), found.end() - len(found["kilo"] or ""), digits


def in_digits(text: str) -> str:
    """The text with its numerals as digits (“不低于三百兆帕” → “不低于300兆帕”)."""
    parts: list[str] = []
    at = 0
    for start, end, digits in replacements(text):
        parts += (text[at:start], digits)
        at = end
    return "".join((*parts, text[at:])) if parts else text


def _digits(found: re.Match[str]) -> str | None:
    if found["tenths"]:
        number = _read(found["tenths"])
        return None if number is None else plain(number * 10) + "%"
    if found["share"]:
        return _fraction(found["of"], found["share"])
    if found["half"]:
        return "0.5"
    if found["whole"]:
        number = _read(found["whole"])
        return None if number is None else plain(number + Decimal("0.5")) + found["counted"]
    if found["mixed"]:
        number = _whole(found["mixed"])
        return None if number is None else plain(number)
    number = value(found["number"].removesuffix(found["kilo"] or ""))
    return plain(number) if number is not None and _counts(found) else None


def _fraction(of: str, share: str) -> str | None:
    number = _read(share)
    if number is None:
        return None
    parts, sign = _PART_OF[of]
    return plain(number / parts) + sign


def _read(text: str) -> Decimal | None:
    return Decimal(text) if text[0].isascii() else value(text)


def _counts(found: re.Match[str]) -> bool:
    """Whether what stands beside a numeral says that it counts."""
    text, start, end = found.string, found.start(), found.end() - len(found["kilo"] or "")
    if text[start - 1 : start] == "之":
        return False
    if _COMPARISON.search(text, max(0, start - 8), start) or _LIMIT.match(text, end):
        return True
    behind = _BEHIND.match(text, end)
    if behind and (behind["unit"] or end - start > 1):
        return True
    weak = re.match(_WEAK, text[end:])
    if (
        behind
        and not weak
        and _OPENS.search(text, max(0, start - 1), start)
        and _CLOSES.match(text, behind.end())
    ):
        return True
    return bool(_GRADED.search(text, max(0, start - 4), start) and _GRADE.match(text, end))
