"""Flows that feel the supplier limits: taking part in a crowded need is given a price."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from matching.engine.allocation.flow import best_flow
from matching.engine.allocation.limits import crowded
from matching.engine.allocation.pool import Ints, Pool

ROUNDS = 3
"""Flows computed; each makes the prices better, and costs as much as the first."""
_SWAY = 10


def priced_flow(pool: Pool, flow: Ints, bound: int) -> tuple[Ints, int]:
    """A flow that crowds fewer needs, and what no plan can exceed.

    Lagrangian relaxation: a firm that gives its most to a need uses one place there, half of it half a
    place; the places of a need have a price, which rises while more are used than there are (subgradient
    steps). Worth less prices, plus the price of all places there are, bounds every plan within the limits.
    """
    caps = np.maximum(1, pool.caps())
    tight = crowded(pool, np.ones(len(pool), dtype=np.bool_)) & (pool.slots > 0)
    places = np.maximum(1, pool.slots)
    # Firms that take no place pay for none.
    counted = tight[pool.need] & (pool.firm >= 0)
    usual = np.zeros(len(tight), dtype=np.int64)
    np.maximum.at(usual, pool.need, pool.worth)
    usual = usual * pool.wanted // places
    prices = np.zeros(len(tight), dtype=np.int64)
    for at in range(1, ROUNDS + 1):
        excess = _used(pool, flow, caps, counted) / places - 1
        steps = usual / (_SWAY * at) * np.clip(excess, -1, 1)
        prices = np.where(tight, np.maximum(0, prices + steps.astype(np.int64)), 0)
        fees = np.where(counted, prices[pool.need] // caps, 0)
        priced = replace(pool, worth=np.maximum(0, pool.worth - fees))
        flow = best_flow(priced)
        bound = min(bound, priced.value(flow) + int(prices @ pool.slots))
    return flow, bound


def _used(pool: Pool, flow: Ints, caps: Ints, counted: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Places used by need."""
    used = np.zeros(len(pool.wanted), dtype=np.float64)
    np.add.at(used, pool.need, np.where(counted, flow / caps, 0))
    return used
