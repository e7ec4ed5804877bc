"""The simple rule: the best pairs first, each as much as it can."""

from __future__ import annotations

import numpy as np

from matching.engine.allocation.pool import Ints, Pool


def fill(pool: Pool, start: Ints) -> Ints:
    """The amounts of ``start``, which keep all limits, and what the simple rule adds within them."""
    amounts = start.tolist()
    left = (pool.wanted - pool.received(start)).tolist()
    free = (pool.free - pool.given(start)).tolist()
    firms = _firms(pool, start)
    slots = pool.slots.tolist()
    rows = zip(pool.need.tolist(), pool.offer.tolist(), pool.least.tolist(), pool.firm.tolist(), strict=True)
    pairs = list(rows)
    for at in np.argsort(-pool.worth, kind="stable").tolist():
        need, offer, least, firm = pairs[at]
        amount = min(left[need], free[offer])
        if amount <= 0 or amounts[at] + amount < least:
            continue
        joined = firms.setdefault(need, set())
        if firm >= 0 and firm not in joined:
            if len(joined) >= slots[need]:
                continue
            joined.add(firm)
        amounts[at] += amount
        left[need] -= amount
        free[offer] -= amount
    return np.array(amounts, dtype=np.int64)


def _firms(pool: Pool, amounts: Ints) -> dict[int, set[int]]:
    """The firms that take a slot of each need."""
    joined: dict[int, set[int]] = {}
    for at in np.flatnonzero((amounts > 0) & (pool.firm >= 0)).tolist():
        joined.setdefault(int(pool.need[at]), set()).add(int(pool.firm[at]))
    return joined
