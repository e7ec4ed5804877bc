"""Plans with rests, ways and interpreters at full size: one that waits comes, who is in its way waits.

A tabu search over plans that leave some out (Blöchliger and Zufferey 2008, for colouring graphs): what has
just lost a place does not take it back at once, and the best plan seen is kept. All candidates of a step are
weighed together as arrays. The seed is fixed and steps are counted, not seconds: a plan is always the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from matching.engine.agenda.model import Pairing, Programme, Worth
from matching.engine.agenda.occupancy import NEVER, Occupancy
from matching.engine.agenda.pinning import Held

STEPS_A_SECOND = 4_000
"""Fewer than one core of 2020 does at 2,000 pairings in 40 slots."""
LOOKED_AT = 150
"""Pairings that wait and are weighed in one step."""
STILL = 15_000
"""Steps without a better plan after which the search ends."""
SHORTEST = 10
"""Steps for which a lost place is not taken back; more while many wait."""


def exchanged(
    programme: Programme,
    pins: Held,
    chosen: Iterable[Pairing],
    start: Mapping[str, int],
    *,
    bound: Worth,
    seconds: float,
) -> dict[str, int]:
    """Slots by pairing, never worth less than ``start``; ends where ``bound`` is reached.

    Among ``chosen`` alone first, which would be worth the bound, then among all.
    """
    wanted = {*(pairing.key for pairing in chosen), *pins.slot_of}
    narrow = {key: slots if key in wanted else () for key, slots in pins.slots.items()}
    steps = int(seconds * STEPS_A_SECOND / 2)
    within = {key: slot for key, slot in start.items() if key in wanted}
    found = _Search(Occupancy(programme, replace(pins, slots=narrow), within)).run(steps, bound)
    filled = _Search(Occupancy(programme, pins, found.slot_of))
    again = _Search(Occupancy(programme, pins, start))
    best = max(filled, again, key=lambda search: search.best)
    return best.run(steps, bound).slot_of


class _Search:
    def __init__(self, board: Occupancy) -> None:
        self._board = board
        self._random = np.random.default_rng(0)
        self._barred = np.zeros(board.open.shape, dtype=np.int64)
        self.best = board.worth
        self.slot_of = board.slot_of

    def run(self, steps: int, bound: Worth) -> Self:
        """Until the bound is reached, or nothing has become better for long."""
        still = 0
        for step in range(steps):
            if self.best >= bound.parts or still > STILL or not self._board.waiting:
                break
            still = 0 if self._better(step) else still + 1
        return self

    def _better(self, step: int) -> bool:
        """Make one exchange; whether the plan is worth more than any before."""
        board = self._board
        found = self._choice(step)
        if found is None:
            return False
        at, slot = found
        for other in board.in_the_way(at, slot, self._random):
            while_many_wait = len(board.waiting) // 10
            self._barred[other, board.slot[other]] = (
                step + while_many_wait + int(self._random.integers(SHORTEST))
            )
            board.take(other)
        board.put(at, slot)
        if board.worth <= self.best:
            return False
        self.best, self.slot_of = board.worth, board.slot_of
        return True

    def _choice(self, step: int) -> tuple[int, int] | None:
        """The place that costs the fewest others theirs, rather for firms that meet nobody yet.

        None where all are barred.
        """
        candidates = self._candidates()
        costs = self._board.costs(candidates).astype(float)
        barred = (self._barred[candidates] > step) & (costs > 0)
        costs += self._random.random(costs.shape) / 2 - self._board.meets_nobody(candidates)[:, None] / 3
        costs[barred | ~self._board.open[candidates]] = NEVER
        best = int(costs.argmin())
        if costs.flat[best] >= NEVER:
            return None
        row, slot = divmod(best, costs.shape[1])
        return int(candidates[row]), slot

    def _candidates(self) -> NDArray[np.int64]:
        waiting = np.array(self._board.waiting)
        if len(waiting) <= LOOKED_AT:
            return waiting
        found: NDArray[np.int64] = waiting[self._random.integers(0, len(waiting), LOOKED_AT)]
        return found
