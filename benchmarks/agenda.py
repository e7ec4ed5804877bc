"""Plans of meetings beside plainer ways, in one run: ``python -m benchmarks.agenda [--seconds 15]``.

Generated meetings (the same for the same seed): buyers and sellers at random, values from 1 to 10,000, some
parties away for a part of the day. Peers get the same programme and the same time: the greedy rule (the most
valuable pair first, in its first free slot), slot-by-slot assignment (in each slot the best matching of those
still waiting, ``scipy.optimize.linear_sum_assignment``), and CP-SAT as its manual shows it (one Boolean a
pair and slot, ``add_at_most_one``, maximise), without hints. An independent checker looks at every plan. Then
one buyer is away for a third of the day and the plan is made anew.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from matching.engine.agenda import (
    Agenda,
    Pairing,
    Programme,
    Seat,
    check_agenda,
    plan,
    replan,
    worth_of,
)
from matching.engine.agenda.seating import seats

SlotOf = dict[str, int]


@dataclass(frozen=True)
class Size:
    """A meeting to generate; ``away`` is the share of parties that miss a part of the day, ``gap`` how many
    slots a party rests."""

    name: str
    pairs: int
    tables: int
    slots: int
    buyers: int
    sellers: int
    away: float = 0.0
    gap: int = 0


SIZES = (
    Size("200 pairs", 200, 14, 16, 15, 60),
    Size("200 pairs, some away", 200, 14, 16, 15, 60, 0.5),
    Size("2,000 pairs, loose", 2_000, 60, 40, 60, 900),
    Size("2,000 pairs, tight", 2_000, 50, 40, 60, 500),
    Size("2,000 pairs, some away", 2_000, 60, 40, 60, 500, 0.5),
    Size("2,000 pairs, rests", 2_000, 60, 40, 60, 500, gap=1),
    Size("2,000 pairs, rests, tight", 2_000, 30, 40, 60, 500, gap=1),
    Size("2,000 pairs, rests of two", 2_000, 45, 40, 60, 500, gap=2),
    Size("2,000 pairs, rests, away", 2_000, 60, 40, 60, 500, 0.5, gap=1),
    Size("2,000 pairs, 100 buyers", 2_000, 50, 40, 100, 500, 0.3, gap=1),
)


def programme(size: Size, seed: int) -> Programme:
    """A generated meeting."""
    rng = np.random.default_rng(seed)
    cells = rng.choice(size.buyers * size.sellers, size.pairs, replace=False)
    values = rng.integers(1, 10_001, size.pairs)
    held = tuple(
        Pairing(f"p{at:05}", f"d{cell // size.sellers}", f"s{cell % size.sellers}", int(value))
        for at, (cell, value) in enumerate(zip(cells, values, strict=True))
    )
    away = {}
    for who in (*(f"d{at}" for at in range(size.buyers)), *(f"s{at}" for at in range(size.sellers))):
        if rng.random() < size.away:
            length = int(rng.integers(1, size.slots // 2))
            first = int(rng.integers(size.slots - length + 1))
            away[who] = frozenset(range(first, first + length))
    return Programme(held, size.tables, size.slots, away=away, gap=size.gap)


def greedy(meeting: Programme, _seconds: float) -> SlotOf:
    """The most valuable pair first, in the first slot that is free for both."""
    busy: set[tuple[str, int]] = set()
    load = [0] * meeting.slots
    placed: SlotOf = {}
    for pairing in sorted(meeting.pairings, key=lambda pairing: (-pairing.value, pairing.key)):
        for slot in meeting.allowed(pairing):
            rest = range(slot - meeting.gap, slot + meeting.gap + 1)
            both = {(who, near) for who in pairing.attendees for near in rest}
            if load[slot] < meeting.room[slot] and not any((who, slot) in busy for who in pairing.attendees):
                busy |= both
                load[slot] += 1
                placed[pairing.key] = slot
                break
    return placed


def slot_by_slot(meeting: Programme, _seconds: float) -> SlotOf:
    """In each slot the best matching of those that still wait, cut to the tables by value."""
    from scipy.optimize import linear_sum_assignment

    buyers = {firm: at for at, firm in enumerate(sorted({p.demand_party for p in meeting.pairings}))}
    sellers = {firm: at for at, firm in enumerate(sorted({p.supply_party for p in meeting.pairings}))}
    allowed = {pairing.key: set(meeting.allowed(pairing)) for pairing in meeting.pairings}
    placed: SlotOf = {}
    for slot in range(meeting.slots):
        gain = np.zeros((len(buyers), len(sellers)))
        resting = {
            who
            for key, held in placed.items()
            if slot - held <= meeting.gap
            for who in meeting.by_key[key].attendees
        }
        waiting: dict[tuple[int, int], Pairing] = {}
        for pairing in meeting.pairings:
            if pairing.key not in placed and slot in allowed[pairing.key] and not pairing.attendees & resting:
                cell = buyers[pairing.demand_party], sellers[pairing.supply_party]
                if gain[cell] < pairing.value:
                    gain[cell], waiting[cell] = pairing.value, pairing
        cells = zip(*linear_sum_assignment(gain, maximize=True), strict=True)
        held = sorted((waiting[cell] for cell in cells if cell in waiting), key=lambda each: -each.value)
        placed.update({pairing.key: slot for pairing in held[: meeting.room[slot]]})
    return placed


def cp_sat(meeting: Programme, seconds: float) -> SlotOf:
    """One Boolean a pair and slot; the value is maximised until the time is over."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    taken = {
        (pairing.key, slot): model.new_bool_var("")
        for pairing in meeting.pairings
        for slot in meeting.allowed(pairing)
    }
    once, together, room = defaultdict(list), defaultdict(list), defaultdict(list)
    for (key, slot), chosen in taken.items():
        once[key].append(chosen)
        room[slot].append(chosen)
        for who in meeting.by_key[key].attendees:
            for first in range(slot - meeting.gap, slot + 1):
                together[who, first].append(chosen)
    for group in (*once.values(), *together.values()):
        model.add_at_most_one(group)
    for slot, group in room.items():
        model.add(sum(group) <= meeting.room[slot])
    model.maximize(sum(meeting.by_key[key].value * chosen for (key, _slot), chosen in taken.items()))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return {}
    return {key: slot for (key, slot), chosen in taken.items() if solver.boolean_value(chosen)}


PEERS: dict[str, Callable[[Programme, float], SlotOf]] = {
    "greedy": greedy,
    "slot by slot": slot_by_slot,
    "CP-SAT, untuned": cp_sat,
}


def _report(meeting: Programme, agenda: Agenda, took: float, **more: object) -> dict[str, object]:
    faults = check_agenda(meeting, agenda)
    assert not faults, faults[:3]
    return {
        "seconds": round(took, 2),
        "meetings": agenda.worth.meetings,
        "firms": agenda.worth.firms,
        "value": agenda.worth.value,
        **more,
    }


def measure(size: Size, seed: int, seconds: float) -> Iterator[tuple[str, dict[str, object]]]:
    """Reports of our plan, the new plan, and the peers."""
    meeting = programme(size, seed)
    began = time.perf_counter()
    ours = plan(meeting, seconds=seconds)
    yield "plan", _report(meeting, ours, time.perf_counter() - began, gap=round(ours.gap, 5))
    for name, peer in PEERS.items():
        began = time.perf_counter()
        placed = peer(meeting, seconds)
        took = time.perf_counter() - began
        left = tuple(pairing.key for pairing in meeting.pairings if pairing.key not in placed)
        worth = worth_of(meeting.by_key[key] for key in placed)
        yield name, _report(meeting, Agenda(seats(meeting, placed), left, worth), took)
    yield "plan anew", _anew(meeting, ours.seats, seconds)


def _anew(meeting: Programme, current: tuple[Seat, ...], seconds: float) -> dict[str, object]:
    buyers = [pairing.demand_party for pairing in meeting.pairings]
    busiest = max(sorted(set(buyers)), key=buyers.count)
    gone = meeting.away.get(busiest, frozenset()) | frozenset(range(meeting.slots // 3))
    changed = replace(meeting, away={**meeting.away, busiest: gone})
    began = time.perf_counter()
    new = replan(changed, current, seconds=seconds)
    took = time.perf_counter() - began
    return _report(
        changed,
        new.agenda,
        took,
        moved=new.moved,
        given_up=sum(move.now is None for move in new.moves),
        fewest=new.fewest,
    )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.agenda", description=__doc__)
    parser.add_argument("--seconds", type=float, default=15.0, help="for our search and for CP-SAT alike")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="what the names of sizes begin with")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args()
    for size in (size for size in SIZES if size.name.startswith(options.only)):
        for name, report in measure(size, options.seed, options.seconds):
            if options.json:
                print(json.dumps({"size": size.name, "what": name, **report}), flush=True)
            else:
                figures = "  ".join(f"{key} {value}" for key, value in report.items())
                print(f"{size.name:26} {name:16} {figures}", flush=True)


if __name__ == "__main__":
    main()
