"""What the finders of specification text hand to each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from matching.engine.types import Operator


@dataclass(frozen=True, slots=True)
class Found:
    """A requirement in a normal text; ``unit_at`` is where its unit is written, if it is, ``values_at``
    where a value that is to be kept as written stands. ``tolerance``: its ends are deviations (3±0.1)."""

    start: int
    end: int
    parameter: str
    operator: Operator = Operator.EQUAL
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    values: tuple[str, ...] = ()
    values_at: tuple[int, int] | None = None
    unit_at: tuple[int, int] | None = None
    tolerance: bool = False


class Canvas:
    """A normal text from which finders cut out what they have understood."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[Found] = []

    def cut(self, start: int, end: int) -> None:
        """Take a span away, so that nobody reads it a second time; positions stay."""
        self.text = f"{self.text[:start]}{chr(0) * (end - start)}{self.text[end:]}"

    def add_all(self, batch: Iterable[Found]) -> None:
        """Keep the requirements that one finder found together, and cut them out.

        What overlaps an earlier finder's is dropped; those of one batch may share words (不得有裂纹、气孔).
        """
        before = self.text
        for found in batch:
            if chr(0) not in before[found.start : found.end]:
                self.found.append(found)
                self.cut(found.start, found.end)
