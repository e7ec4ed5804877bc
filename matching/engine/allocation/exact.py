"""Small pools to the optimum: a mixed-integer program over which pairs carry an order."""

from __future__ import annotations

from typing import Any

import numpy as np

from matching.engine.allocation.flow import best_with_orders
from matching.engine.allocation.limits import broken, joins
from matching.engine.allocation.pool import Ints, Pool

NODES = 1_000
"""Branch-and-bound nodes before the solver stops: a limit that is the same on every machine."""


def solve_exactly(pool: Pool, start: Ints, nodes: int = NODES, gap: float = 0.0) -> tuple[Ints, int | None]:
    """The best amounts within all limits, and the most that any could be worth; None where not known.

    Never worse than ``start``, which keeps the limits. ``gap`` is the relative distance to the bound that
    is good enough. Which pairs carry an order is taken from the solver, whose numbers have tolerances;
    their amounts are from a flow in whole steps.
    """
    usable = np.flatnonzero(pool.caps() >= pool.least)
    if len(usable) < len(pool):
        better, bound = solve_exactly(pool.take(usable), start[usable], nodes, gap)
        whole = np.zeros_like(start)
        whole[usable] = better
        return whole, bound
    if len(pool) == 0:
        return start, 0
    # SciPy's optimisers are large; importing them here keeps them out of the web processes.
    from scipy.optimize import Bounds, LinearConstraint, milp

    size = len(pool)
    caps = pool.caps()
    matrix, upper = _rows(pool, caps)
    most = float((pool.worth * caps).max(initial=1))
    gain = np.zeros(matrix.shape[1])
    gain[:size] = pool.worth * caps / most
    found = milp(
        -gain,
        integrality=(np.arange(len(gain)) >= size).astype(int),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(matrix, ub=upper),
        options={"node_limit": nodes, "mip_rel_gap": gap},
    )
    dual = found.mip_dual_bound
    bound = None if dual is None or not np.isfinite(dual) else int(np.ceil(-dual * most))
    if found.x is None:
        return start, bound
    amounts = best_with_orders(pool, found.x[size : 2 * size] > 0.5)
    if amounts is None or broken(pool, amounts).any() or pool.value(amounts) <= pool.value(start):
        return start, bound
    return amounts, bound


def _rows(pool: Pool, caps: Ints) -> tuple[Any, Ints]:
    """The constraints: columns are the share that each pair carries of its most, whether it carries
    any, and whether each firm joins each need."""
    from scipy import sparse

    pairs = np.arange(len(pool))
    share, firm_of, counted = sparse.eye_array(len(pool)), *_joins(pool)
    blocks = [
        [_by(pool.need, caps / pool.wanted[pool.need], len(pool.wanted)), None, None],
        [_by(pool.offer, caps / pool.free[pool.offer], len(pool.free)), None, None],
        [share, -share, None],
        [-share, sparse.coo_array((pool.least / caps, (pairs, pairs))), None],
        [None, share, -firm_of],
        [None, None, counted],
    ]
    ones = np.ones(len(pool.wanted) + len(pool.free), dtype=np.int64)
    upper = np.concatenate([ones, np.zeros(3 * len(pool), dtype=np.int64), pool.slots])
    return sparse.block_array(blocks, format="csc"), upper


def _by(positions: Ints, values: Any, size: int) -> Any:
    from scipy import sparse

    return sparse.coo_array((values, (positions, np.arange(len(positions)))), shape=(size, len(positions)))


def _joins(pool: Pool) -> tuple[Any, Any]:
    """Pair × join and need × join; a join counts where its firm takes a slot."""
    pairs = np.arange(len(pool))
    first, join = joins(pool, pairs)
    counts = (pool.firm[first] >= 0).astype(float)
    return _by(join, np.ones(len(pool)), len(first)).T, _by(pool.need[first], counts, len(pool.wanted))
