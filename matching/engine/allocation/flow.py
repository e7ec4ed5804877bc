"""The most worth that a pool can cover when orders may be small and suppliers many."""

from __future__ import annotations

import numpy as np

from matching.engine.allocation.pool import Flags, Ints, Pool


def best_flow(pool: Pool, allowed: Flags | None = None) -> Ints:
    """Amounts by pair: the optimum over the allowed pairs, without minimum orders and supplier limits.

    Raises RuntimeError where the solver refuses, which would be a fault of the pool's numbers.
    """
    # OR-Tools is large; importing it here keeps it out of the web processes.
    from ortools.graph.python import min_cost_flow

    pairs = np.arange(len(pool)) if allowed is None else np.flatnonzero(allowed)
    needs = np.arange(len(pool.wanted))
    # An offer that answers one need alone is no node of its own: its pair leads to the end.
    asked = np.bincount(pool.offer[pairs], minlength=len(pool.free)) > 1
    offers = np.flatnonzero(asked)
    nodes = np.cumsum(asked) - 1 + len(needs)
    sink = len(needs) + len(offers)
    heads = np.where(asked, nodes, sink)[pool.offer[pairs]]
    solver = min_cost_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        pool.need[pairs], heads, pool.caps()[pairs], -pool.worth[pairs]
    )
    solver.add_arcs_with_capacity_and_unit_cost(
        nodes[offers], np.full_like(offers, sink), pool.free[offers], np.zeros_like(offers)
    )
    # What nobody supplies leaves by these arcs, at no gain.
    solver.add_arcs_with_capacity_and_unit_cost(
        needs, np.full_like(needs, sink), pool.wanted, np.zeros_like(needs)
    )
    solver.set_nodes_supplies(needs, pool.wanted)
    solver.set_node_supply(sink, -int(pool.wanted.sum()))
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise RuntimeError(f"minimum-cost flow ended with status {status}")
    amounts = np.zeros(len(pool), dtype=np.int64)
    amounts[pairs] = solver.flows(arcs)
    return amounts


def best_with_orders(pool: Pool, chosen: Flags) -> Ints | None:
    """The optimum in which exactly the chosen pairs carry an order of at least their minimum.

    None where so many orders do not fit.
    """
    orders = np.where(chosen, pool.least, 0)
    rest = pool.less(orders)
    if (rest.wanted < 0).any() or (rest.free < 0).any():
        return None
    return orders + best_flow(rest, chosen)
