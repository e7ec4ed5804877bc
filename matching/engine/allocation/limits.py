"""The limits that a flow does not know: minimum orders, and the number of firms that share a need."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matching.engine.allocation.pool import Flags, Ints, Pool, summed


def small_orders(pool: Pool, amounts: Ints) -> Flags:
    """Pairs whose amount is below their minimum order."""
    return (amounts > 0) & (amounts < pool.least)


def crowded(pool: Pool, used: Flags) -> Flags:
    """Needs that more firms would share than may, by the pairs that are used."""
    pairs = np.flatnonzero(used & (pool.firm >= 0))
    first, _ = joins(pool, pairs)
    return np.bincount(pool.need[pairs][first], minlength=len(pool.wanted)) > pool.slots


def broken(pool: Pool, amounts: Ints) -> Flags:
    """Pairs with a small order or of a crowded need."""
    return small_orders(pool, amounts) | crowded(pool, amounts > 0)[pool.need]


def joins(pool: Pool, pairs: Ints) -> tuple[Ints, Ints]:
    """One join for each firm at each need: where among ``pairs`` it stands first, and each pair's join."""
    codes = pool.need[pairs] * (int(pool.firm.max(initial=-1)) + 2) + pool.firm[pairs] + 1
    _, first, join = np.unique(codes, return_index=True, return_inverse=True)
    return first, join


def strongest(pool: Pool, pairs: Ints, strength: Ints) -> Flags:
    """Which of the pairs belong to the firms, as many as may share the need, that are strongest in sum.

    Firms that take no slot always do.
    """
    first, join = joins(pool, pairs)
    need, counted = pool.need[pairs][first], pool.firm[pairs][first] >= 0
    order = np.lexsort((first, -summed(join, strength, len(first)), ~counted, need))
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order)) - np.searchsorted(need[order], need[order])
    return (~counted | (rank < pool.slots[need]))[join]


def within_reach(pool: Pool) -> Pool:
    """The pool with each need cut to what its best-stocked firms, as many as may share it, could give.

    No plan within the limits is lost, and the flow's bound becomes tighter.
    """
    tight = crowded(pool, np.ones(len(pool), dtype=np.bool_))
    pairs = np.flatnonzero(tight[pool.need])
    caps = pool.caps()[pairs]
    kept = strongest(pool, pairs, caps)
    reach = summed(pool.need[pairs][kept], caps[kept], len(pool.wanted))
    return replace(pool, wanted=np.where(tight, np.minimum(pool.wanted, reach), pool.wanted))
