"""Which offer gives how much to which need: minimum-cost flow over free capacity.

Each covered unit earns ``FULL_SCORE * (1 + priority) + score``, so coverage comes before score and an
urgent need before a patient one. Needs and offers are joined only where their units compare, so
each connected group is computed in the base unit of one dimension, in whole steps. Limits that a flow
cannot express (suppliers per need, minimum orders) are repaired by dropping the weakest offending
pairs and solving again. The greedy plan is always computed too, and the better one is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

from matching.engine import units
from matching.engine.demand import monthly_quantity, order_months
from matching.engine.text import index_glossary
from matching.engine.types import (
    FULL_SCORE,
    Allocation,
    AllocationPlan,
    ConditionKind,
    Glossary,
    Need,
    NeedResult,
    Offer,
    Outcome,
    Policy,
    Verdict,
)

_NO_GLOSSARY = Glossary()
_FINE = -3
_MOST_STEPS = 10**11
_REPAIRS = 12
_SHOWN = Context(prec=15, rounding=ROUND_FLOOR)
_TOLERANCE = Decimal("0.999999999")
_PRIORITIES = 9


@dataclass(frozen=True, slots=True)
class _Pair:
    need: str
    offer: str
    worth: int
    least: int


@dataclass(frozen=True, slots=True)
class _Problem:
    """One group in whole steps: what is wanted, what is free, which pairs may join them."""

    wanted: Mapping[str, int]
    free: Mapping[str, int]
    pairs: tuple[_Pair, ...]
    suppliers: Mapping[str, int]
    step: Decimal


_Flow = dict[int, int]


def allocate(
    needs: Iterable[Need],
    offers: Iterable[Offer],
    results: Iterable[NeedResult],
    policy: Policy,
    accepted: Mapping[str, Decimal],
    glossary: Glossary = _NO_GLOSSARY,
) -> AllocationPlan:
    """Give free capacity, less what is ``accepted`` (offer key → quantity per month in its unit), to needs.

    The order of the arguments' items changes nothing. A need without a quantity counts as covered
    once it has a match.
    """
    by_key = {offer.key: offer for offer in offers}
    needed = {need.key: need for need in needs}
    found = {result.need: result for result in results if result.need in needed}
    aliases = index_glossary(glossary).units
    allocations: list[Allocation] = []
    covered = {key: _covered_without_quantity(need, found.get(key)) for key, need in needed.items()}
    objective = 0
    methods: set[str] = set()
    for problem in _problems(needed, by_key, found, policy, accepted, aliases):
        flow, method = _solve(problem)
        objective += _worth(problem, flow)
        methods.add(method)
        allocations += _allocations(problem, flow, by_key, aliases)
        covered.update(_coverage(problem, flow))
    return AllocationPlan(
        tuple(sorted(allocations, key=lambda a: (a.need, a.offer))),
        tuple(sorted(covered.items())),
        objective,
        "+".join(sorted(methods)),
    )


def check_plan(
    needs: Iterable[Need],
    offers: Iterable[Offer],
    results: Iterable[NeedResult],
    policy: Policy,
    accepted: Mapping[str, Decimal],
    plan: AllocationPlan,
    glossary: Glossary = _NO_GLOSSARY,
) -> list[str]:
    """What is wrong with a plan, computed anew from the lists; empty where nothing is."""
    by_key = {offer.key: offer for offer in offers}
    needed = {need.key: need for need in needs}
    matched = {(c.need, c.offer) for result in results for c in result.matches}
    aliases = index_glossary(glossary).units
    problems: list[str] = []
    given: dict[str, Decimal] = {}
    received: dict[str, list[Allocation]] = {}
    for one in plan.allocations:
        pair = f"{one.need} ← {one.offer}"
        if (one.need, one.offer) not in matched or one.need not in needed or one.offer not in by_key:
            problems.append(f"{pair}: not a match")
            continue
        if one.quantity <= 0:
            problems.append(f"{pair}: quantity {one.quantity} is not positive")
        given[one.offer] = given.get(one.offer, Decimal(0)) + one.quantity
        received.setdefault(one.need, []).append(one)
        offer = by_key[one.offer]
        ordered = one.quantity * order_months(needed[one.need])
        if offer.minimum_order and ordered < offer.minimum_order * _TOLERANCE:
            problems.append(f"{pair}: below the minimum order")
    if len({(a.need, a.offer) for a in plan.allocations}) != len(plan.allocations):
        problems.append("a pair is allocated twice")
    for key, total in given.items():
        if total > _net_free(by_key[key], accepted):
            problems.append(f"{key}: {total} exceeds the free capacity")
    for key, held in received.items():
        problems += _check_need(needed[key], held, by_key, policy, aliases)
    return sorted(problems)


def _check_need(
    need: Need,
    held: Sequence[Allocation],
    offers: Mapping[str, Offer],
    policy: Policy,
    aliases: units.UnitAliases,
) -> list[str]:
    problems = []
    most = _most_suppliers(need, policy)
    if len(held) > most:
        problems.append(f"{need.key}: {len(held)} suppliers, at most {most}")
    monthly = monthly_quantity(need) or Decimal(0)
    total = Decimal(0)
    for one in held:
        converted = units.convert(one.quantity, offers[one.offer].unit, need.unit, aliases)
        if converted is None:
            problems.append(f"{need.key} ← {one.offer}: units do not compare")
        else:
            total += converted
    # Quantities are whole steps, so a need may be rounded up by less than one.
    if total > monthly * Decimal("1.001") + Decimal("0.01"):
        problems.append(f"{need.key}: receives {total} of {monthly}")
    return problems


def _covered_without_quantity(need: Need, result: NeedResult | None) -> int:
    if need.quantity is not None and need.quantity > 0:
        return 0
    return FULL_SCORE if result and result.matches else 0


def _most_suppliers(need: Need, policy: Policy) -> int:
    return max(1, need.max_suppliers if need.max_suppliers is not None else policy.max_suppliers)


def _net_free(offer: Offer, accepted: Mapping[str, Decimal]) -> Decimal:
    free = offer.free_capacity if offer.free_capacity is not None else Decimal(0)
    return max(Decimal(0), free - accepted.get(offer.key, Decimal(0)))


def _problems(
    needs: Mapping[str, Need],
    offers: Mapping[str, Offer],
    results: Mapping[str, NeedResult],
    policy: Policy,
    accepted: Mapping[str, Decimal],
    aliases: units.UnitAliases,
) -> list[_Problem]:
    """The connected groups of needs and offers, ordered by their first need."""
    worths: dict[tuple[str, str], int] = {}
    for key in sorted(results):
        need = needs[key]
        monthly = monthly_quantity(need)
        if monthly is None or monthly <= 0:
            continue
        for candidate in results[key].matches:
            offer = offers.get(candidate.offer)
            if offer is None or _net_free(offer, accepted) <= 0 or not _capacity_known(candidate.conditions):
                continue
            if units.measure(need.unit, aliases).base == units.measure(offer.unit, aliases).base:
                urgency = 1 + max(0, min(_PRIORITIES, need.priority))
                worths[key, offer.key] = FULL_SCORE * urgency + candidate.score
    return [
        _problem(group, worths, needs, offers, policy, accepted, aliases) for group in _groups(sorted(worths))
    ]


def _capacity_known(conditions: Iterable[Verdict]) -> bool:
    return not any(c.kind is ConditionKind.CAPACITY and c.outcome is not Outcome.MET for c in conditions)


def _groups(pairs: Sequence[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    parent: dict[tuple[str, str], tuple[str, str]] = {}

    def root(item: tuple[str, str]) -> tuple[str, str]:
        parent.setdefault(item, item)
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    for need, offer in pairs:
        first, second = sorted((root(("need", need)), root(("offer", offer))))
        parent[second] = first
    groups: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for need, offer in pairs:
        groups.setdefault(root(("need", need)), []).append((need, offer))
    return list(groups.values())


def _problem(
    group: Sequence[tuple[str, str]],
    worths: Mapping[tuple[str, str], int],
    needs: Mapping[str, Need],
    offers: Mapping[str, Offer],
    policy: Policy,
    accepted: Mapping[str, Decimal],
    aliases: units.UnitAliases,
) -> _Problem:
    wanted = {
        key: units.base(monthly_quantity(needs[key]) or Decimal(0), needs[key].unit, aliases)[0]
        for key in dict.fromkeys(need for need, _ in group)
    }
    free = {
        key: units.base(_net_free(offers[key], accepted), offers[key].unit, aliases)[0]
        for key in sorted({offer for _, offer in group})
    }
    step = _step((*wanted.values(), *free.values()))
    pairs = tuple(
        _Pair(need, offer, worths[need, offer], _least(needs[need], offers[offer], step, aliases))
        for need, offer in group
    )
    return _Problem(
        {key: max(1, _steps(value, step, ROUND_CEILING)) for key, value in wanted.items()},
        {key: _steps(value, step, ROUND_FLOOR) for key, value in free.items()},
        pairs,
        {key: _most_suppliers(needs[key], policy) for key in wanted},
        step,
    )


def _step(amounts: Sequence[Decimal]) -> Decimal:
    """A power of ten, fine against the smallest amount, yet with sums that the solver can hold."""
    finest = min((amount.adjusted() for amount in amounts if amount > 0), default=0) - 4
    step = Decimal(1).scaleb(min(_FINE, finest))
    while sum(amounts) / step > _MOST_STEPS:
        step *= 10
    return step


def _steps(value: Decimal, step: Decimal, rounding: str) -> int:
    return int((value / step).to_integral_value(rounding))


def _least(need: Need, offer: Offer, step: Decimal, aliases: units.UnitAliases) -> int:
    """Smallest monthly amount that still makes one order as large as the offer's minimum."""
    if offer.minimum_order is None or offer.minimum_order <= 0:
        return 1
    monthly = offer.minimum_order / order_months(need)
    return max(1, _steps(units.base(monthly, offer.unit, aliases)[0], step, ROUND_CEILING))


def _solve(problem: _Problem) -> tuple[_Flow, str]:
    greedy = _fill(problem, {})
    if len(problem.pairs) == 1:
        return greedy, "direct"
    solved = _flow_within_limits(problem)
    if solved is None or _worth(problem, solved) < _worth(problem, greedy):
        return greedy, "greedy"
    return solved, "flow"


def _worth(problem: _Problem, flow: _Flow) -> int:
    return sum(problem.pairs[at].worth * amount for at, amount in flow.items())


def _fill(problem: _Problem, start: _Flow) -> _Flow:
    """Give what is left to the best pairs first, within all limits."""
    flow = dict(start)
    left = dict(problem.wanted)
    free = dict(problem.free)
    suppliers = dict.fromkeys(problem.wanted, 0)
    for at, amount in start.items():
        pair = problem.pairs[at]
        left[pair.need] -= amount
        free[pair.offer] -= amount
        suppliers[pair.need] += 1
    order = sorted(range(len(problem.pairs)), key=lambda at: (-problem.pairs[at].worth, at))
    for at in order:
        pair = problem.pairs[at]
        amount = min(left[pair.need], free[pair.offer])
        new = at not in flow
        if amount <= 0 or (new and amount < pair.least):
            continue
        if new and suppliers[pair.need] >= problem.suppliers[pair.need]:
            continue
        flow[at] = flow.get(at, 0) + amount
        left[pair.need] -= amount
        free[pair.offer] -= amount
        suppliers[pair.need] += new
    return flow


def _flow_within_limits(problem: _Problem) -> _Flow | None:
    allowed = set(range(len(problem.pairs)))
    flow: _Flow | None = None
    for _ in range(_REPAIRS):
        flow = _min_cost_flow(problem, sorted(allowed))
        if flow is None:
            return None
        offending = _offending(problem, flow)
        if not offending:
            break
        allowed -= offending
    if flow is None:
        return None
    dropped = _offending(problem, flow)
    return _fill(problem, {at: amount for at, amount in flow.items() if at not in dropped})


def _offending(problem: _Problem, flow: _Flow) -> set[int]:
    """Pairs below their minimum order, and those beyond a need's number of suppliers.

    The suppliers kept are those that could give most, with the capacity that nobody else uses.
    """
    offending = {at for at, amount in flow.items() if amount < problem.pairs[at].least}
    unused = dict(problem.free)
    held: dict[str, list[int]] = {}
    for at, amount in sorted(flow.items()):
        unused[problem.pairs[at].offer] -= amount
        if at not in offending:
            held.setdefault(problem.pairs[at].need, []).append(at)

    def promise(at: int) -> int:
        pair = problem.pairs[at]
        return min(problem.wanted[pair.need], flow[at] + unused[pair.offer]) * pair.worth

    for need, pairs in held.items():
        strongest = sorted(pairs, key=lambda at: (-promise(at), at))
        offending.update(strongest[problem.suppliers[need] :])
    return offending


def _min_cost_flow(problem: _Problem, allowed: Sequence[int]) -> _Flow | None:
    # OR-Tools is large; importing it here keeps it out of the web processes.
    from ortools.graph.python import min_cost_flow

    needs = {key: at for at, key in enumerate(problem.wanted)}
    offers = {key: len(needs) + at for at, key in enumerate(problem.free)}
    sink = len(needs) + len(offers)
    solver = min_cost_flow.SimpleMinCostFlow()
    for at in allowed:
        pair = problem.pairs[at]
        most = min(problem.wanted[pair.need], problem.free[pair.offer])
        solver.add_arc_with_capacity_and_unit_cost(needs[pair.need], offers[pair.offer], most, -pair.worth)
    for key, node in offers.items():
        solver.add_arc_with_capacity_and_unit_cost(node, sink, problem.free[key], 0)
    for key, node in needs.items():
        # What nobody supplies leaves by this arc, at no gain.
        solver.add_arc_with_capacity_and_unit_cost(node, sink, problem.wanted[key], 0)
        solver.set_node_supply(node, problem.wanted[key])
    solver.set_node_supply(sink, -sum(problem.wanted.values()))
    if solver.solve() != solver.OPTIMAL:
        return None
    amounts = ((at, solver.flow(arc)) for arc, at in enumerate(allowed))
    return {at: amount for at, amount in amounts if amount > 0}


def _allocations(
    problem: _Problem, flow: _Flow, offers: Mapping[str, Offer], aliases: units.UnitAliases
) -> list[Allocation]:
    found = []
    for at, amount in flow.items():
        pair = problem.pairs[at]
        offer = offers[pair.offer]
        exact = units.measure(offer.unit, aliases).from_base(amount * problem.step)
        quantity = _SHOWN.plus(exact)
        if quantity > 0:
            share = min(FULL_SCORE, amount * FULL_SCORE // problem.wanted[pair.need])
            found.append(Allocation(pair.need, pair.offer, _plain(quantity), share))
    return found


def _plain(value: Decimal) -> Decimal:
    """The same number with one written form: no trailing zeros, no exponent."""
    text = f"{value:f}"
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


def _coverage(problem: _Problem, flow: _Flow) -> dict[str, int]:
    received = dict.fromkeys(problem.wanted, 0)
    for at, amount in flow.items():
        received[problem.pairs[at].need] += amount
    # One step may be missing where a third of a quantity had to be rounded up.
    full = {key: max(1, amount - 1) for key, amount in problem.wanted.items()}
    return {key: min(FULL_SCORE, amount * FULL_SCORE // full[key]) for key, amount in received.items()}
