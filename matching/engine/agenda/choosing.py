"""Which pairings are best held, whatever their slots: a maximum-weight b-matching by minimum-cost flow.

Between buyers and sellers a choice that gives nobody more appointments than slots, and all together no more
than there are places, always fits into the slots (Kőnig 1916, edge colouring of bipartite graphs; the load of
the slots can be levelled). Where somebody is away, rests or travels it is what no plan can exceed.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from matching.engine.agenda.model import Pairing, Programme, Worth, firms_of, worth_of
from matching.engine.agenda.pinning import Held

Ints = NDArray[np.int64]


def best_choice(programme: Programme, pins: Held) -> tuple[list[Pairing], Worth]:
    """The pairings of the best choice beside the pins that hold, and a worth that no plan exceeds.

    Raises RuntimeError where the solver refuses, which would be a fault of the numbers.
    """
    held = [programme.by_key[key] for key in pins.slot_of]
    open_ = [p for p in programme.ordered if pins.slots[p.key] and p.key not in pins.slot_of]
    chosen = _flow(programme, open_, held, _limits(programme, open_, pins)) if open_ else []
    picked = [pairing for pairing, taken in zip(open_, chosen, strict=True) if taken]
    return picked, _bound([*held, *picked], [*held, *open_])


def _bound(chosen: list[Pairing], asked: list[Pairing]) -> Worth:
    """A firm that buys and sells is two in the flow: it may seem to meet somebody twice."""
    worth = worth_of(chosen)
    buyers, sellers = {p.demand_party for p in chosen}, {p.supply_party for p in chosen}
    firms = min(len(buyers) + len(sellers), len(firms_of(asked)))
    return Worth(worth.meetings, firms, worth.value)


def _limits(programme: Programme, pairings: list[Pairing], pins: Held) -> dict[str, int]:
    """How many more appointments each firm can have at most, with its rests between them."""
    taken: dict[str, set[int]] = defaultdict(set)
    for key, slot in pins.slot_of.items():
        for who in programme.by_key[key].attendees:
            taken[who].update(range(slot - programme.gap, slot + programme.gap + 1))
    open_slots: dict[str, set[int]] = defaultdict(set)
    for pairing in pairings:
        for firm in {pairing.demand_party, pairing.supply_party}:
            open_slots[firm].update(set(pins.slots[pairing.key]) - taken[firm])
    return {firm: _most(sorted(found), programme.gap) for firm, found in open_slots.items()}


def _most(slots: list[int], gap: int) -> int:
    number, free_from = 0, 0
    for slot in slots:
        if slot >= free_from:
            number, free_from = number + 1, slot + gap + 1
    return number


def _flow(
    programme: Programme, pairings: list[Pairing], held: list[Pairing], limits: dict[str, int]
) -> list[bool]:
    # OR-Tools is large; importing it here keeps it out of the web processes.
    from ortools.graph.python import min_cost_flow

    buyers = {firm: at for at, firm in enumerate(sorted({p.demand_party for p in pairings}))}
    sellers = {firm: at + len(buyers) for at, firm in enumerate(sorted({p.supply_party for p in pairings}))}
    firms = len(buyers) + len(sellers)
    source, sink = firms, firms + 1
    met = {firm for pairing in held for firm in (pairing.demand_party, pairing.supply_party)}
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
            first_one = min(1, limits[firm])
            solver.add_arc_with_capacity_and_unit_cost(*ends, first_one, 0 if firm in met else -firm_worth)
            solver.add_arc_with_capacity_and_unit_cost(*ends, limits[firm] - first_one, 0)
    places = sum(programme.room) - len(held)
    solver.add_arc_with_capacity_and_unit_cost(source, sink, places, 0)
    solver.set_node_supply(source, places)
    solver.set_node_supply(sink, -places)
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise RuntimeError(f"minimum-cost flow ended with status {status}")
    flows: Ints = solver.flows(arcs)
    return [bool(flow) for flow in flows]
