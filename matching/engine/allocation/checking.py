"""Whether a plan keeps all rules, computed anew from the lists: shares nothing with what made the plan."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal

from matching.engine import units
from matching.engine.demand import monthly_quantity, order_months
from matching.engine.exclusions import NOTHING_EXCLUDED, Excluded
from matching.engine.text import index_glossary
from matching.engine.types import (
    FULL_SCORE,
    Allocation,
    AllocationPlan,
    Glossary,
    Need,
    NeedResult,
    Offer,
    Policy,
)

_WRITTEN = Decimal("0.999999999")
_STEP = Decimal("1.0001")
_ROUNDED = FULL_SCORE // 1_000
_TOLD = 5


class PlanFault(Exception):
    """A plan that must not be kept."""


def refuse_faults(problems: Sequence[str]) -> None:
    """Raise ``PlanFault`` where ``check_plan`` found something."""
    if problems:
        told = "; ".join(problems[:_TOLD])
        raise PlanFault(f"the allocation breaks its rules in {len(problems)} places: {told}")


def check_plan(
    needs: Iterable[Need],
    offers: Iterable[Offer],
    results: Iterable[NeedResult],
    policy: Policy,
    plan: AllocationPlan,
    agreed: Mapping[str, Collection[str]],
    glossary: Glossary,
    excluded: Excluded = NOTHING_EXCLUDED,
) -> list[str]:
    """What is wrong with a plan, in a fixed order; empty where nothing is. Takes what ``allocate`` took."""
    by_key = {offer.key: offer for offer in offers}
    needed = {need.key: need for need in needs}
    found = tuple(results)
    matched = {(match.need, match.offer) for result in found for match in result.matches} - excluded
    aliases = index_glossary(glossary).units
    problems: list[str] = []
    received: dict[str, list[Allocation]] = {}
    given: dict[str, Decimal] = {}
    for one in plan.allocations:
        if (one.need, one.offer) in excluded:
            problems.append(f"{one.need} ← {one.offer}: excluded")
            continue
        if (one.need, one.offer) not in matched or one.need not in needed or one.offer not in by_key:
            problems.append(f"{one.need} ← {one.offer}: not a match")
            continue
        problems += _check_order(one, needed[one.need], by_key[one.offer])
        received.setdefault(one.need, []).append(one)
        given[one.offer] = given.get(one.offer, Decimal(0)) + one.quantity
    if len({(one.need, one.offer) for one in plan.allocations}) != len(plan.allocations):
        problems.append("a pair is allocated twice")
    for key, total in given.items():
        if total > (by_key[key].free_capacity or 0):
            problems.append(f"{key}: {total} exceeds the free capacity")
    covered = dict(plan.covered)
    if covered.keys() != needed.keys() or len(covered) != len(plan.covered):
        problems.append("the covered parts are not told of each need once")
    open_matches = {need for need, _offer in matched}
    for key, need in needed.items():
        held = received.get(key, ())
        problems += _check_suppliers(need, held, by_key, policy, agreed.get(key, ()))
        problems += _check_covered(need, held, by_key, aliases, covered.get(key, 0), key in open_matches)
    if not plan.objective <= plan.bound or not 0 <= plan.gap <= FULL_SCORE:
        problems.append(f"the plan is worth {plan.objective} of at most {plan.bound}, gap {plan.gap}")
    return sorted(problems)


def _check_order(one: Allocation, need: Need, offer: Offer) -> list[str]:
    pair = f"{one.need} ← {one.offer}"
    if one.quantity <= 0:
        return [f"{pair}: quantity {one.quantity} is not positive"]
    # Quantities are written with 15 digits.
    if offer.minimum_order and one.quantity * order_months(need) < offer.minimum_order * _WRITTEN:
        return [f"{pair}: below the minimum order"]
    return []


def _check_suppliers(
    need: Need,
    held: Sequence[Allocation],
    offers: Mapping[str, Offer],
    policy: Policy,
    agreed: Collection[str],
) -> list[str]:
    most = max(1, policy.max_suppliers if need.max_suppliers is None else need.max_suppliers)
    new = {offers[one.offer].firm for one in held} - set(agreed)
    if new and len(new) + len(agreed) > most:
        return [f"{need.key}: {len(new)} suppliers beside {len(agreed)} agreed ones, at most {most}"]
    return []


def _check_covered(
    need: Need,
    held: Sequence[Allocation],
    offers: Mapping[str, Offer],
    aliases: units.UnitAliases,
    told: int,
    matched: bool,
) -> list[str]:
    monthly = monthly_quantity(need)
    if not monthly:
        right = told == (FULL_SCORE if matched else 0) and not held
        return [] if right else [f"{need.key}: wants no quantity, but is given one or told covered in part"]
    converted = [units.convert(one.quantity, offers[one.offer].unit, need.unit, aliases) for one in held]
    total = sum((amount for amount in converted if amount is not None), Decimal(0))
    problems = []
    if None in converted:
        problems.append(f"{need.key}: units do not compare")
    # Quantities are whole steps, so a need may be rounded up by less than one.
    if total > monthly * _STEP:
        problems.append(f"{need.key}: receives {total} of {monthly}")
    share = min(FULL_SCORE, int(total * FULL_SCORE / monthly))
    if abs(share - told) > (_ROUNDED if told == FULL_SCORE else 1):
        problems.append(f"{need.key}: told covered {told}, receives {share}")
    return problems
