"""The allocation as arrays: what is wanted, what is free, which pairs may join them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Quantities in whole steps.

    ``wanted`` and ``slots`` (firms that may join) are by need; ``free`` by offer; the others by pair,
    ordered by need: positions of ``need`` and ``offer``, the ``worth`` of a step, the ``least`` that makes
    an order, and the ``firm``, negative where it takes no slot.
    """

    wanted: Ints
    slots: Ints
    free: Ints
    need: Ints
    offer: Ints
    worth: Ints
    least: Ints
    firm: Ints

    def __len__(self) -> int:
        return len(self.need)

    def caps(self) -> Ints:
        """The most that each pair could carry."""
        return np.minimum(self.wanted[self.need], self.free[self.offer])

    def value(self, amounts: Ints) -> int:
        """Worth of the amounts, which are by pair."""
        return int(self.worth @ amounts)

    def received(self, amounts: Ints) -> Ints:
        """Sum of the amounts by need."""
        return summed(self.need, amounts, len(self.wanted))

    def given(self, amounts: Ints) -> Ints:
        """Sum of the amounts by offer."""
        return summed(self.offer, amounts, len(self.free))

    def take(self, pairs: Ints) -> Pool:
        """The pool of some pairs, in ascending order, alone; needs and offers are numbered anew."""
        needs, need = np.unique(self.need[pairs], return_inverse=True)
        offers, offer = np.unique(self.offer[pairs], return_inverse=True)
        return Pool(
            self.wanted[needs],
            self.slots[needs],
            self.free[offers],
            need,
            offer,
            self.worth[pairs],
            self.least[pairs],
            self.firm[pairs],
        )

    def less(self, amounts: Ints) -> Pool:
        """The same pairs with what the amounts leave of both sides."""
        wanted = self.wanted - self.received(amounts)
        return replace(self, wanted=wanted, free=self.free - self.given(amounts))


def summed(positions: Ints, amounts: Ints, size: int) -> Ints:
    """Exact sums of integers by position."""
    totals = np.zeros(size, dtype=np.int64)
    np.add.at(totals, positions, amounts)
    return totals
