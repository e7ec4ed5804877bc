"""A chart and the table behind it: one value that pages, screens and downloads are made from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

Text = object
"""A string, or one that is translated when it is shown."""

TOO_FEW = _("not shown, to protect single firms")


class Shape(StrEnum):
    """How a chart is drawn; without JavaScript every one is a table."""

    BARS = "bars"
    STACK = "stack"
    SHARES = "shares"
    FUNNEL = "funnel"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Cell:
    """A number with how it is written; ``value`` is None where there is none or it is not told."""

    value: Decimal | None
    text: Text
    href: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A category and its cells, in the order of the chart's columns."""

    label: Text
    cells: tuple[Cell, ...]
    href: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A series; ``drawn`` ones are in the picture, the others only in the table."""

    label: Text
    drawn: bool = True


@dataclass(frozen=True, slots=True)
class Chart:
    """``key`` names it in addresses; ``first`` heads the categories."""

    key: str
    title: Text
    shape: Shape
    first: Text
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: Text = ""
    percent: bool = False

    @property
    def total(self) -> Decimal:
        """Sum of what is drawn: zero means that there is nothing to draw."""
        return sum(
            (
                cell.value
                for row in self.rows
                for column, cell in zip(self.columns, row.cells, strict=True)
                if column.drawn and cell.value is not None
            ),
            Decimal(0),
        )


def count(value: int | None, href: str = "") -> Cell:
    """A whole number; None is one that must not be told."""
    if value is None:
        return Cell(None, TOO_FEW)
    return Cell(Decimal(value), f"{value:,}", href if value else "")


def share(part: int | Decimal | None, whole: int | Decimal | None, href: str = "") -> Cell:
    """A part of a whole in percent, one decimal; a dash where there is no whole."""
    if part is None or whole is None:
        return Cell(None, TOO_FEW)
    if not whole:
        return Cell(None, "—")
    percent = (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"))
    return Cell(percent, f"{percent}%", href)


def find(charts: Iterable[Chart], key: str) -> Chart | None:
    """The chart of that key."""
    return next((chart for chart in charts if chart.key == key), None)


def columns(*labels: Text, hidden: Sequence[Text] = ()) -> tuple[Column, ...]:
    """Columns that are drawn, and those of ``hidden`` after them that are not."""
    return (*(Column(label) for label in labels), *(Column(label, drawn=False) for label in hidden))
