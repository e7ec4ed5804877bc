"""The best plan as a mixed-integer programme, for what no order by hand can settle.

One variable a pairing and slot, and one for all of a presentation that somebody attends; tables are given
afterwards, since any of a slot's will do. Solved in turns,
each with what the turn before has reached as a condition: most meetings, most firms that meet somebody, the
highest value, the fewest appointments that move (HiGHS through SciPy).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from matching.engine.agenda.model import Pairing, Programme, Worth, presentations
from matching.engine.agenda.pinning import Held

Row = tuple[dict[int, float], float, float]
Floats = NDArray[np.float64]


@dataclass(slots=True)
class Solution:
    """Slots by pairing, what no plan can exceed, and whether fewer moves were proven impossible."""

    slot_of: dict[str, int]
    bound: Worth
    nearest: bool = False


@dataclass(slots=True)
class _Model:
    """Columns: one a pairing and slot, then one for several of a presentation in a slot that says whether any
    of them is, then one a firm that says whether it meets somebody. ``fixed`` are those of pins."""

    pairs: list[tuple[Pairing, int]] = field(default_factory=list)
    column: dict[tuple[str, int], int] = field(default_factory=dict)
    any_of: dict[tuple[int, ...], int] = field(default_factory=dict)
    firms: dict[str, int] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    fixed: list[int] = field(default_factory=list)

    @property
    def size(self) -> int:
        return len(self.pairs) + len(self.any_of) + len(self.firms)

    def whether_any(self, columns: tuple[int, ...]) -> int:
        """A column that is at least as much as each of these."""
        if len(columns) == 1:
            return columns[0]
        if columns not in self.any_of:
            self.any_of[columns] = self.size
            for column in columns:
                self.rows.append(({column: 1.0, self.any_of[columns]: -1.0}, -np.inf, 0.0))
        return self.any_of[columns]

    def at_most(self, columns: list[int], most: float) -> None:
        if len(columns) > most:
            self.rows.append((dict.fromkeys(columns, 1.0), -np.inf, most))


def solve(
    programme: Programme,
    pins: Held,
    *,
    bound: Worth,
    known: Worth,
    before: Mapping[str, int],
    seconds: float,
) -> Solution | None:
    """The best plan that is found in time; None where nothing better than ``known`` is.

    Pins that hold are conditions. ``bound`` is a worth that no plan exceeds, ``known`` one that some plan
    has, ``before`` the slots that appointments had. With ``before`` a plan as good as ``known`` that moves
    fewer is better.
    """
    model = _model(programme, pins)
    goals = (*bound.parts, len(before))
    given = _given(known, bound)
    turns = range(given, len(goals) if before else len(bound.parts))
    weights = _weights(model, before)
    for turn in range(given):
        model.rows.append((weights[turn], goals[turn], np.inf))
    best: Floats | None = None
    proven = list(goals[:given])
    for turn in turns:
        found, most = _turn(model, weights[turn], seconds / len(turns))
        if found is None:
            break
        best = found
        value = round(sum(each * found[at] for at, each in weights[turn].items()))
        proven.append(most)
        model.rows.append((weights[turn], value, np.inf))
        if most > value:
            break
    else:
        return None if best is None else _solution(model, best, proven, bound, nearest=bool(before))
    return None if best is None else _solution(model, best, proven, bound, nearest=False)


def _given(known: Worth, bound: Worth) -> int:
    """How many parts of the bound, from the first on, are known to be within reach."""
    same = [one == most for one, most in zip(known.parts, bound.parts, strict=True)]
    return same.index(False) if False in same else len(same)


def _solution(model: _Model, best: Floats, proven: list[int], bound: Worth, *, nearest: bool) -> Solution:
    chosen = {pairing.key: slot for at, (pairing, slot) in enumerate(model.pairs) if best[at] > 0.5}
    parts = [*proven, *bound.parts[len(proven) :]][:3]
    return Solution(chosen, Worth(*parts), nearest)


def _weights(model: _Model, before: Mapping[str, int]) -> list[dict[int, float]]:
    pairs = range(len(model.pairs))
    return [
        dict.fromkeys(pairs, 1.0),
        dict.fromkeys(model.firms.values(), 1.0),
        {at: float(model.pairs[at][0].value) for at in pairs if model.pairs[at][0].value},
        {at: 1.0 for at in pairs if before.get(model.pairs[at][0].key) == model.pairs[at][1]},
    ]


def _turn(model: _Model, weight: Mapping[int, float], seconds: float) -> tuple[Floats | None, int]:
    """The best solution in the time that is left, and what none exceeds."""
    # SciPy's optimisers are large; importing them here keeps them out of the web processes.
    from scipy import sparse
    from scipy.optimize import Bounds, LinearConstraint, milp

    cost = np.zeros(model.size)
    cost[list(weight)] = [-each for each in weight.values()]
    lows, highs = (np.array([row[at] for row in model.rows]) for at in (1, 2))
    entries = [(at, column, each) for at, row in enumerate(model.rows) for column, each in row[0].items()]
    at, columns, values = zip(*entries, strict=True) if entries else ((), (), ())
    matrix = sparse.csr_array((values, (at, columns)), shape=(len(model.rows), model.size))
    least = np.zeros(model.size)
    least[model.fixed] = 1
    integral = np.zeros(model.size)
    integral[: len(model.pairs)] = 1
    found = milp(
        cost,
        constraints=LinearConstraint(matrix, lows, highs),
        bounds=Bounds(least, 1),
        integrality=integral,
        options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )
    if found.x is None:
        return None, 0
    most = found.mip_dual_bound if found.mip_dual_bound is not None else found.fun
    solution: Floats = np.round(found.x, 6)
    return solution, int(np.floor(-most + 1e-4))


def _model(programme: Programme, pins: Held) -> _Model:
    model, slots = _Model(), pins.slots
    for pairing in programme.ordered:
        for slot in slots[pairing.key]:
            model.column[pairing.key, slot] = len(model.pairs)
            model.pairs.append((pairing, slot))
    held = [pairing for pairing in programme.ordered if slots[pairing.key]]
    for together in presentations(held).values():
        model.at_most(_columns(model, together, range(programme.slots)), 1)
    model.fixed = [model.column[place] for place in pins.slot_of.items()]
    _rooms(model, programme, held)
    _diaries(model, programme, held, slots)
    _firms(model, held, slots)
    return model


def _rooms(model: _Model, programme: Programme, held: list[Pairing]) -> None:
    """Tables a slot, and interpreters a language and slot."""
    spoken: dict[str, list[Pairing]] = defaultdict(list)
    for pairing in held:
        if pairing.language:
            spoken[pairing.language].append(pairing)
    for slot in range(programme.slots):
        model.at_most(_columns(model, held, (slot,)), programme.room[slot])
        for language, pairings in spoken.items():
            most = programme.interpreters.get(language, 0)
            model.at_most(_columns(model, pairings, (slot,)), most)


def _diaries(
    model: _Model, programme: Programme, held: list[Pairing], slots: Mapping[str, tuple[int, ...]]
) -> None:
    """At most one appointment an attendee within a rest, none on the way between two cities."""
    of_attendee: dict[str, list[Pairing]] = defaultdict(list)
    for pairing in held:
        for who in pairing.attendees:
            of_attendee[who].append(pairing)
    for pairings in of_attendee.values():
        if len(presentations(pairings)) == 1:
            continue
        window = programme.gap + 1
        for first in range(max(1, programme.slots - programme.gap)):
            within = range(first, min(first + window, programme.slots))
            model.at_most(_columns(model, pairings, within), 1)
        cities: dict[str, list[Pairing]] = defaultdict(list)
        for pairing in pairings:
            cities[pairing.city].append(pairing)
        for one, other in combinations(sorted(cities), 2):
            far = programme.travel.get(frozenset((one, other)), 0)
            if far > programme.gap:
                _travels(model, programme, cities[one], cities[other], far)


def _travels(
    model: _Model, programme: Programme, here: list[Pairing], there: list[Pairing], far: int
) -> None:
    for slot in range(programme.slots):
        leaving = _columns(model, here, (slot,))
        for later in range(max(0, slot - far), min(programme.slots, slot + far + 1)):
            arriving = _columns(model, there, (later,))
            if leaving and arriving:
                model.at_most([*leaving, *arriving], 1)


def _columns(model: _Model, pairings: list[Pairing], slots: range | tuple[int, ...]) -> list[int]:
    """One a slot and presentation: whether any of these pairings of it is held then."""
    found = []
    for together in presentations(pairings).values():
        for slot in slots:
            keys = ((pairing.key, slot) for pairing in together)
            columns = tuple(model.column[key] for key in keys if key in model.column)
            if columns:
                found.append(model.whether_any(columns))
    return found


def _firms(model: _Model, held: list[Pairing], slots: Mapping[str, tuple[int, ...]]) -> None:
    meetings: dict[str, list[int]] = defaultdict(list)
    for pairing in held:
        for firm in {pairing.demand_party, pairing.supply_party}:
            meetings[firm] += [model.column[pairing.key, slot] for slot in slots[pairing.key]]
    for firm in sorted(meetings):
        model.firms[firm] = model.size
        row = dict.fromkeys(meetings[firm], -1.0)
        row[model.firms[firm]] = 1.0
        model.rows.append((row, -np.inf, 0.0))
