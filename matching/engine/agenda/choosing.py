"""Which pairings are best held, whatever their slots: a maximum-weight b-matching by minimum-cost flow.

Between buyers and sellers a choice that gives nobody more appointments than slots, and all together no more
than there are places, always fits into the slots (Kőnig 1916, edge colouring of bipartite graphs; the load of
the slots can be levelled). Where somebody is away, rests or travels it is what no plan can exceed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matching.engine.agenda.model import Pairing, Programme, Worth, worth_of

Ints = NDArray[np.int64]


def best_choice(programme: Programme) -> tuple[list[Pairing], Worth]:
    """The pairings of the best choice, and its worth: a bound for every plan.

    Raises RuntimeError where the solver refuses, which would be a fault of the numbers.
    """
    slots = {pairing.key: programme.allowed(pairing) for pairing in programme.ordered}
    open_ = [pairing for pairing in programme.ordered if slots[pairing.key]]
    if not open_:
        return [], Worth()
    chosen = _flow(programme, open_, _limits(programme, open_, slots))
    picked = [pairing for pairing, taken in zip(open_, chosen, strict=True) if taken]
    return picked, worth_of(picked)


def _limits(
    programme: Programme, pairings: list[Pairing], slots: dict[str, tuple[int, ...]]
) -> dict[str, int]:
    """How many appointments each firm can have at most, with its rests between them."""
    open_slots: dict[str, set[int]] = {}
    for pairing in pairings:
        for firm in {pairing.demand_party, pairing.supply_party}:
            open_slots.setdefault(firm, set()).update(slots[pairing.key])
    return {firm: _most(sorted(found), programme.gap) for firm, found in open_slots.items()}


def _most(slots: list[int], gap: int) -> int:
    number, free_from = 0, 0
    for slot in slots:
        if slot >= free_from:
            number, free_from = number + 1, slot + gap + 1
    return number


def _flow(programme: Programme, pairings: list[Pairing], limits: dict[str, int]) -> list[bool]:
    # OR-Tools is large; importing it here keeps it out of the web processes.
    from ortools.graph.python import min_cost_flow

    buyers = {firm: at for at, firm in enumerate(sorted({p.demand_party for p in pairings}))}
    sellers = {firm: at + len(buyers) for at, firm in enumerate(sorted({p.supply_party for p in pairings}))}
    firms = len(buyers) + len(sellers)
    source, sink = firms, firms + 1
    # A meeting outweighs all firms and values together, a firm that meets somebody all values.
    firm_worth = 1 + sum(pairing.value for pairing in pairings)
    meeting_worth = firm_worth * (firms + 1)
    solver = min_cost_flow.SimpleMinCostFlow()
    tails = np.array([buyers[p.demand_party] for p in pairings])
    heads = np.array([sellers[p.supply_party] for p in pairings])
    values = np.array([p.value for p in pairings], dtype=np.int64)
    ones = np.ones(len(pairings), dtype=np.int64)
    arcs = solver.add_arcs_with_capacity_and_unit_cost(tails, heads, ones, -(values + meeting_worth))
    for (first, second), nodes in (((source, None), buyers), ((None, sink), sellers)):
        for firm, node in nodes.items():
            ends = (first, node) if second is None else (node, second)
            solver.add_arc_with_capacity_and_unit_cost(*ends, 1, -firm_worth)
            solver.add_arc_with_capacity_and_unit_cost(*ends, max(0, limits[firm] - 1), 0)
    places = sum(programme.room)
    solver.add_arc_with_capacity_and_unit_cost(source, sink, places, 0)
    solver.set_node_supply(source, places)
    solver.set_node_supply(sink, -places)
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise RuntimeError(f"minimum-cost flow ended with status {status}")
    flows: Ints = solver.flows(arcs)
    return [bool(flow) for flow in flows]
