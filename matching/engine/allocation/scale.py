"""Quantities as whole steps: fine enough for the smallest, few enough for the solver."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import numpy as np

from matching.engine.allocation.pool import Ints

COARSEST = -3
DIGITS = 4
MOST_STEPS = 10**12
_ROUNDED_UP = 10**DIGITS


def within(amounts: Sequence[Decimal], at: Ints, others: Sequence[Decimal], other_at: Ints) -> list[Decimal]:
    """Amounts cut to twice what the other side could take or give in sum.

    So one slip of the pen in a list does not make the steps coarse for everybody, and rounding to steps
    can't make anything short.
    """
    sums = [Decimal(0)] * len(amounts)
    for place, other in zip(at.tolist(), other_at.tolist(), strict=True):
        sums[place] += 2 * others[other]
    return [min(amount, most) for amount, most in zip(amounts, sums, strict=True)]


def exponents_of(amounts: Sequence[Decimal], groups: Sequence[int]) -> list[int]:
    """By group: a power of ten, fine against its smallest amount, yet with sums that the solver can hold."""
    size = max(groups, default=-1) + 1
    finest, totals = [COARSEST + DIGITS] * size, [Decimal(0)] * size
    for amount, group in zip(amounts, groups, strict=True):
        finest[group] = min(finest[group], amount.adjusted())
        totals[group] += amount
    return [
        max(least - DIGITS, (total / MOST_STEPS).adjusted() + 1)
        for least, total in zip(finest, totals, strict=True)
    ]


def steps(amounts: Sequence[Decimal], groups: Ints, exponents: Sequence[int], rounding: str) -> Ints:
    """Each amount in steps of its group's power of ten."""
    scaled = (
        int(amount.scaleb(-exponents[group]).to_integral_value(rounding))
        for amount, group in zip(amounts, groups.tolist(), strict=True)
    )
    return np.fromiter(scaled, dtype=np.int64, count=len(amounts))


def wanted_steps(amounts: Sequence[Decimal], groups: Ints, exponents: Sequence[int]) -> Ints:
    """A third of a tonne is rounded up to be coverable in full; what is only a few steps is not."""
    up, down = (steps(amounts, groups, exponents, rounding) for rounding in (ROUND_CEILING, ROUND_FLOOR))
    return np.where(up > _ROUNDED_UP, up, np.maximum(1, down))
