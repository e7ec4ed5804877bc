"""Decisions as arrays, in one order whatever order they came in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.learning.sources import UNWANTED, Source, counted
from matching.engine.types import FULL_SCORE

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

_ACCEPTABLE_OR_NOT = frozenset({"price"})
"""Criteria that count whole or not at all, so that no weight can tell how far off a price was."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair that people were shown and decided on.

    ``demand`` and ``offer`` are the lines' keys, ``buyer`` and ``supplier`` their firms'; ``source`` is the
    newest that is known of the pair, ``values`` the criteria that applied, in basis points.
    """

    demand: str
    offer: str
    buyer: str
    supplier: str
    source: Source
    values: tuple[tuple[str, int], ...]

    @property
    def wanted(self) -> bool:
        """Whether what is known speaks for the pair."""
        return self.source not in UNWANTED


@dataclass(frozen=True, slots=True)
class Evidence:
    """*n* decisions on *k* criteria, ordered by demand and offer.

    ``values`` (n × k, basis points) is 0 where a criterion did not apply, ``applies`` (n × k) says where
    it did; ``demand`` (n) numbers the demand lines from 0, ``wanted`` (n) is what was decided, ``weight`` (n)
    how much it counts for.
    """

    values: Integers
    applies: Flags
    demand: Integers
    wanted: Flags
    weight: Floats

    def part(self, rows: Integers) -> Evidence:
        """The decisions in ``rows`` (ascending) alone."""
        _lines, demand = np.unique(self.demand[rows], return_inverse=True)
        return Evidence(self.values[rows], self.applies[rows], demand, self.wanted[rows], self.weight[rows])

    @property
    def demands(self) -> int:
        """How many demand lines there are."""
        return int(self.demand.max()) + 1 if self.demand.size else 0

    def varies(self) -> Flags:
        """Which criteria (k) say something: they differ between pairs to which they apply."""
        highest = np.where(self.applies, self.values, -1).max(axis=0, initial=-1)
        lowest = np.where(self.applies, self.values, FULL_SCORE + 1).min(axis=0, initial=FULL_SCORE + 1)
        varies: Flags = highest > lowest
        return varies

    def scores(self, weights: Integers) -> Integers:
        """What the product would give these pairs under ``weights`` (k), in basis points (n)."""
        total = self.applies @ weights
        return self.values @ weights // np.maximum(total, 1)


def in_order(judged: Iterable[Judged]) -> list[Judged]:
    """The same by demand and offer, the order of everything that is computed of them."""
    return sorted(judged, key=lambda pair: (pair.demand, pair.offer))


def evidence(judged: Iterable[Judged], criteria: tuple[str, ...]) -> Evidence:
    """Arrays of the decisions, one column for each of ``criteria``."""
    rows = in_order(judged)
    values = np.zeros((len(rows), len(criteria)), np.int64)
    applies = np.zeros(values.shape, np.bool_)
    column = {criterion: place for place, criterion in enumerate(criteria)}
    for row, pair in enumerate(rows):
        for criterion, value in pair.values:
            if criterion in column:
                values[row, column[criterion]] = _counted(criterion, value)
                applies[row, column[criterion]] = True
    lines = {key: number for number, key in enumerate(sorted({pair.demand for pair in rows}))}
    demand = np.array([lines[pair.demand] for pair in rows], np.int64)
    wanted = np.array([pair.wanted for pair in rows], np.bool_)
    weight = counted([(pair.source, pair.buyer, pair.supplier) for pair in rows])
    return Evidence(values, applies, demand, wanted, np.array(weight, np.float64))


def _counted(criterion: str, value: int) -> int:
    if criterion in _ACCEPTABLE_OR_NOT:
        return FULL_SCORE if value >= FULL_SCORE else 0
    return min(FULL_SCORE, max(0, value))
