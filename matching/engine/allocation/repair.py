"""Large pools: a flow brought within the limits, then improved where that cost most."""

from __future__ import annotations

import numpy as np

from matching.engine.allocation.exact import solve_exactly
from matching.engine.allocation.flow import best_flow
from matching.engine.allocation.greedy import fill
from matching.engine.allocation.limits import crowded, small_orders, strongest
from matching.engine.allocation.pool import Flags, Ints, Pool

ROUNDS = 3
WINDOW_NEEDS = 16
WINDOW_OFFERS = 16
WINDOW_NODES = 50
WINDOW_GAP = 0.000_5


def repair(pool: Pool, flow: Ints) -> Ints:
    """Amounts within all limits: pairs that break them are dropped, and the flow is computed again."""
    allowed = np.ones(len(pool), dtype=np.bool_)
    amounts = flow
    for _ in range(ROUNDS):
        drop = _breaking(pool, amounts)
        if not drop.any():
            break
        allowed &= ~drop
        amounts = best_flow(pool, allowed)
    return fill(pool, np.where(_breaking(pool, amounts), 0, amounts))


def _breaking(pool: Pool, amounts: Ints) -> Flags:
    """Pairs below their minimum order, and all of a crowded need but its strongest firms'."""
    drop = small_orders(pool, amounts)
    pairs = np.flatnonzero(crowded(pool, (amounts > 0) & ~drop)[pool.need])
    drop[pairs] |= ~strongest(pool, pairs, _promise(pool, amounts)[pairs])
    return drop


def _promise(pool: Pool, amounts: Ints) -> Ints:
    """Worth of what each pair could carry with the capacity that nobody else uses."""
    unused = (pool.free - pool.given(amounts))[pool.offer]
    return np.minimum(pool.wanted[pool.need], amounts + unused) * pool.worth


def improve(pool: Pool, start: Ints, flow: Ints, windows: int) -> Ints:
    """``start`` with at most ``windows`` neighbourhoods solved anew, first those of the needs that lost most
    against the flow."""
    amounts = start.copy()
    lost = np.zeros(len(pool.wanted), dtype=np.int64)
    np.add.at(lost, pool.need, pool.worth * (flow - start))
    seeds = [need for need in np.argsort(-lost, kind="stable").tolist() if lost[need] > 0]
    seen: set[int] = set()
    for _ in range(windows):
        seed = next((need for need in seeds if need not in seen), None)
        if seed is None:
            break
        needs = _neighbours(pool, amounts, seed, lost)
        seen.update(needs.tolist(), (seed,))
        pairs = _window(pool, amounts, needs)
        inside = np.zeros_like(amounts)
        inside[pairs] = amounts[pairs]
        part = pool.less(amounts - inside).take(pairs)
        amounts[pairs], _ = solve_exactly(part, inside[pairs], WINDOW_NODES, WINDOW_GAP)
    return amounts


def _neighbours(pool: Pool, amounts: Ints, seed: int, lost: Ints) -> Ints:
    """The need and those that hold what it could use, those that lost most first."""
    offers = np.zeros(len(pool.free), dtype=np.bool_)
    offers[pool.offer[pool.need == seed]] = True
    rivals = np.unique(pool.need[offers[pool.offer] & (amounts > 0)])
    rivals = rivals[rivals != seed]
    nearest = rivals[np.argsort(-lost[rivals], kind="stable")][: WINDOW_NEEDS - 1]
    return np.sort(np.append(nearest, seed))


def _window(pool: Pool, amounts: Ints, needs: Ints) -> Ints:
    """The pairs of some needs that carry something or could carry most, a few of each need."""
    pairs = np.flatnonzero(np.isin(pool.need, needs))
    inside = np.zeros_like(amounts)
    inside[pairs] = amounts[pairs]
    held = pool.given(inside)[pool.offer[pairs]]
    promise = _promise(pool, amounts)[pairs] + np.where(amounts[pairs] > 0, 0, held * pool.worth[pairs])
    order = np.lexsort((-promise, amounts[pairs] == 0, pool.need[pairs]))
    rank = np.arange(len(order)) - np.searchsorted(pool.need[pairs][order], pool.need[pairs][order])
    kept = order[(rank < WINDOW_OFFERS) | (amounts[pairs][order] > 0)]
    return np.sort(pairs[kept])
