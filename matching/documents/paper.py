"""A paper as plain data: what it says, not how it looks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import msgspec

# What XML 1.0 can't hold; a word processor would call the file broken.
_NOT_TEXT = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DIGITS = "〇一二三四五六七八九"
Align = Literal["left", "center", "right"]


def plain(text: object) -> str:
    """Text as any file can hold it: without control characters, on one line."""
    return " ".join(_NOT_TEXT.sub("", str(text)).split())


class Heading(msgspec.Struct, frozen=True, tag="heading"):
    """A numbered heading: 1 is “一、” in 黑体, 2 “（一）” in 楷体, 3 “1.” and 4 “（1）” in 仿宋."""

    text: str
    level: int = 1


class Text(msgspec.Struct, frozen=True, tag="text"):
    """A paragraph, its first line moved in by two characters unless ``flush``."""

    text: str
    flush: bool = False
    align: Align = "left"


class Column(msgspec.Struct, frozen=True):
    """A column of a table; widths are relative."""

    title: str
    width: float = 1
    align: Align = "left"


class Table(msgspec.Struct, frozen=True, tag="table"):
    """Rows under a head that is repeated on each page; ``tall`` rows leave room for hand-writing."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    tall: bool = False


class Break(msgspec.Struct, frozen=True, tag="break"):
    """What follows begins a new page."""


class Title(msgspec.Struct, frozen=True, tag="title"):
    """A title inside a paper, as that of each letter among many."""

    text: str


Block = Heading | Text | Table | Break | Title


class Imprint(msgspec.Struct, frozen=True):
    """What stands at the foot of the last page: who else gets it, who printed it and when."""

    printed_by: str
    printed_on: str
    copies_to: str = ""


class Paper(msgspec.Struct, frozen=True):
    """One paper. ``issuer`` gives it a red head, ``annex`` is “附件1” above the title of an annex.

    ``wide`` lays the page across, for tables of many columns.
    """

    title: str
    blocks: tuple[Block, ...] = ()
    issuer: str = ""
    number: str = ""
    addressee: str = ""
    annex: str = ""
    annexes: tuple[str, ...] = ()
    signed: str = ""
    dated: str = ""
    note: str = ""
    imprint: Imprint | None = None
    language: str = "zh"
    wide: bool = False


def chinese_day(day: date) -> str:
    """2026年3月1日: Arabic digits, no leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def numeral(number: int) -> str:
    """1 to 99 as Chinese headings count: 一, 十, 十一, 二十, 二十一."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十") + (
        _DIGITS[ones] if ones else ""
    )


@dataclass(slots=True)
class Headings:
    """Numbers headings of the first level in the paper's language."""

    language: str
    _numbers: Iterator[int] = field(default_factory=lambda: iter(range(1, 100)))

    def __call__(self, text: str) -> Heading:
        """The next heading."""
        number = next(self._numbers)
        return Heading(
            f"{number}. {text}" if self.language.startswith("en") else f"{numeral(number)}、{text}"
        )


def row(*cells: object) -> tuple[str, ...]:
    """Cells as text; nothing for what is not known."""
    return tuple("" if cell is None else plain(cell) for cell in cells)


def columns(*told: tuple[str, float] | tuple[str, float, Align]) -> tuple[Column, ...]:
    """Columns from titles and widths."""
    return tuple(Column(*each) for each in told)
