"""All groups of a market: flow where that suffices, and what keeps the limits where it does not."""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from matching.engine.allocation.exact import solve_exactly
from matching.engine.allocation.fairness import share_fairly
from matching.engine.allocation.flow import best_flow
from matching.engine.allocation.greedy import fill
from matching.engine.allocation.limits import broken, within_reach
from matching.engine.allocation.market import Market
from matching.engine.allocation.pool import Ints, Pool, summed
from matching.engine.allocation.prices import priced_flow
from matching.engine.allocation.repair import improve, repair
from matching.engine.types import FULL_SCORE

SMALL, LARGE = 250, 2_500
"""Groups of so many pairs are always, or never, solved as programs."""
MOST_EXACT = 12_000
"""Pairs of all groups between them that are, the smallest groups first: what bounds the work."""
NEAR_ENOUGH = 0.001
"""Distance to the bound at which the solver stops in groups that are not small; it is reported."""
WINDOWS = 80
"""Neighbourhoods solved anew in all large groups together, shared out by size, at least one in each."""
MOST_AT_ONCE = 10**13
"""Steps in one flow, so that worth times steps stays within 64 bits."""
_NEGLIGIBLE = 100


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """Amounts by pair; the rest is by group. ``gap`` is in basis points, rounded up."""

    amounts: Ints
    worth: dict[int, int]
    bound: dict[int, int]
    gap: int
    methods: tuple[tuple[str, int], ...]


def solve(market: Market) -> Solved:
    """The best amounts that can be found in a bounded, machine-independent amount of work."""
    pool = market.pool
    amounts = _relaxed(market)
    groups, members = _members(market.group[pool.need])
    bounds = {
        group: int(pool.worth[pairs] @ amounts[pairs]) for group, pairs in zip(groups, members, strict=True)
    }
    methods = Counter({"flow": len(groups)})
    wrong = _wrong(market, members, amounts)
    repaired = sum(len(members[at]) for at, exact in wrong if not exact)

    def mended(one: tuple[int, bool]) -> tuple[Ints, int]:
        at, exact = one
        pairs, bound = members[at], bounds[groups[at]]
        part, flow = pool.take(pairs), amounts[pairs]
        if exact:
            return _exactly(part, flow, bound)
        return _repaired(part, flow, bound, max(1, WINDOWS * len(pairs) // repaired))

    # The solvers work without the interpreter's lock. The longest work begins first; it is at the end.
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as threads:
        found = list(threads.map(mended, reversed(wrong)))
    for (at, exact), (better, bound) in zip(reversed(wrong), found, strict=True):
        amounts[members[at]], bounds[groups[at]] = better, bound
        methods.update({"mip" if exact else "repair": 1, "flow": -1})
    worth = {
        group: int(pool.worth[pairs] @ amounts[pairs]) for group, pairs in zip(groups, members, strict=True)
    }
    gap = max((_gap(worth[group], bounds[group]) for group in groups), default=0)
    told = tuple(sorted((method, count) for method, count in methods.items() if count))
    return Solved(share_fairly(pool, amounts, _asked_steps(market)), worth, bounds, gap, told)


def _asked_steps(market: Market) -> list[int]:
    return [
        max(int(wanted), int(asked / market.steps[group]))
        for wanted, asked, group in zip(market.pool.wanted, market.asked, market.group, strict=True)
    ]


def _relaxed(market: Market) -> Ints:
    """The flow of all groups, as many of them at once as the solver's numbers can hold."""
    pool = within_reach(market.pool)
    totals = summed(market.group, pool.wanted, len(market.steps))
    batch = (np.cumsum(totals) // MOST_AT_ONCE)[market.group[pool.need]]
    amounts = np.zeros(len(pool), dtype=np.int64)
    for pairs in _members(batch)[1]:
        amounts[pairs] = best_flow(pool.take(pairs))
    return amounts


def _members(labels: Ints) -> tuple[list[int], list[Ints]]:
    """The labels that occur, and the positions of each, in ascending order."""
    order = np.argsort(labels, kind="stable")
    found, starts = np.unique(labels[order], return_index=True)
    return found.tolist(), np.split(order, starts[1:]) if len(found) else []


def _wrong(market: Market, members: list[Ints], amounts: Ints) -> list[tuple[int, bool]]:
    """Groups whose flow breaks limits, and whether to solve them exactly; small ones first."""
    wrong = broken(market.pool, amounts)
    sizes = sorted((len(pairs), at) for at, pairs in enumerate(members) if wrong[pairs].any())
    total = 0
    chosen = []
    for size, at in sizes:
        total += size
        chosen.append((at, size <= SMALL or (size <= LARGE and total <= MOST_EXACT)))
    return chosen


def _exactly(pool: Pool, flow: Ints, bound: int) -> tuple[Ints, int]:
    """The optimum of a group, or what comes near enough, and what it could be worth at most."""
    gap = 0.0 if len(pool) <= SMALL else NEAR_ENOUGH
    amounts, proven = solve_exactly(pool, _start(pool, flow), gap=gap)
    return amounts, max(pool.value(amounts), bound if proven is None else min(bound, proven))


def _repaired(pool: Pool, flow: Ints, bound: int, windows: int) -> tuple[Ints, int]:
    """A good plan of a large group, and what the group could be worth at most."""
    priced, proven = priced_flow(within_reach(pool), flow, bound)
    amounts = improve(pool, _start(pool, priced), priced, windows)
    return amounts, max(pool.value(amounts), proven)


def _start(pool: Pool, flow: Ints) -> Ints:
    """The better one of the repaired flow and the simple rule."""
    return max(repair(pool, flow), fill(pool, np.zeros_like(flow)), key=pool.value)


def _gap(worth: int, bound: int) -> int:
    """Basis points, rounded up; the solver's tolerance, below a hundredth of one, is none."""
    missing = (bound - worth) * FULL_SCORE
    return 0 if missing * _NEGLIGIBLE <= bound else -(-missing // bound)
