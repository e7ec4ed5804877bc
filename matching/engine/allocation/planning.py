"""From the solved market to the plan that a run keeps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_FLOOR, Context, Decimal
from types import MappingProxyType

import numpy as np

from matching.engine import units
from matching.engine.allocation.market import Agreed, Market, open_market
from matching.engine.allocation.pool import Ints
from matching.engine.allocation.solving import solve
from matching.engine.exclusions import NOTHING_EXCLUDED, Excluded, without
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

NOTHING_AGREED: Agreed = MappingProxyType({})
_NO_GLOSSARY = Glossary()
_ROUNDED = 1_000
_SHOWN = Context(prec=15, rounding=ROUND_FLOOR)


def allocate(
    needs: Iterable[Need],
    offers: Iterable[Offer],
    results: Iterable[NeedResult],
    policy: Policy,
    agreed: Agreed = NOTHING_AGREED,
    glossary: Glossary = _NO_GLOSSARY,
    excluded: Excluded = NOTHING_EXCLUDED,
) -> AllocationPlan:
    """Give the offers' free capacity to the needs that they match.

    Quantities and free capacities are what is left after agreements; ``agreed`` tells with which firms each
    need has one, as these count among its suppliers. ``excluded`` pairs count as no matches. The order of the
    arguments' items changes nothing. A need without a quantity counts as covered once it has a match.
    """
    held, found = tuple(needs), without(results, excluded)
    aliases = index_glossary(glossary).units
    market = open_market(held, offers, found, policy, agreed, aliases)
    solved = solve(market)
    covered = _covered_without_quantity(held, found) | _coverage(market, solved.amounts)
    return AllocationPlan(
        allocations=tuple(sorted(_allocations(market, solved.amounts, aliases), key=_pair)),
        covered=tuple(sorted(covered.items())),
        objective=_in_base_units(market, solved.worth),
        bound=_in_base_units(market, solved.bound),
        gap=solved.gap,
        methods=solved.methods,
    )


def _pair(allocation: Allocation) -> tuple[str, str]:
    return allocation.need, allocation.offer


def _covered_without_quantity(needs: Sequence[Need], results: Sequence[NeedResult]) -> dict[str, int]:
    matched = {result.need for result in results if result.matches}
    return {need.key: 0 if need.quantity or need.key not in matched else FULL_SCORE for need in needs}


def _in_base_units(market: Market, steps: dict[int, int]) -> int:
    return int(sum((market.steps[group] * worth for group, worth in steps.items()), Decimal(0)))


def _allocations(market: Market, amounts: Ints, aliases: units.UnitAliases) -> Iterable[Allocation]:
    pool = market.pool
    for at in np.flatnonzero(amounts).tolist():
        need, asked = market.needs[pool.need[at]], market.asked[pool.need[at]]
        offer = market.offers[pool.offer[at]]
        amount, step = int(amounts[at]), market.steps[market.group[pool.need[at]]]
        given = min(amount * step, asked)
        quantity = _SHOWN.plus(units.measure(offer.unit, aliases).from_base(given))
        yield Allocation(need.key, offer.key, _plain(quantity), _share(amount, step, asked))


def _coverage(market: Market, amounts: Ints) -> dict[str, int]:
    received = market.pool.received(amounts).tolist()
    return {
        need.key: _share(received[at], market.steps[market.group[at]], market.asked[at])
        for at, need in enumerate(market.needs)
    }


def _share(amount: int, step: Decimal, asked: Decimal) -> int:
    """Basis points; less than a step is missing where a third of a quantity was rounded."""
    missing = asked - amount * step
    if missing < step and missing * _ROUNDED < asked:
        return FULL_SCORE
    return int(amount * step * FULL_SCORE / asked)


def _plain(value: Decimal) -> Decimal:
    """The same number with one written form: no trailing zeros, no exponent."""
    text = f"{value:f}"
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)
