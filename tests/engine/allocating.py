"""What tests of the allocation share: results, markets with limits, and other ways to allocate."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from itertools import product

from hypothesis import strategies as st

from matching.engine.allocation import check_plan
from matching.engine.exclusions import NOTHING_EXCLUDED, Excluded
from matching.engine.types import (
    FULL_SCORE,
    AllocationPlan,
    Candidate,
    Glossary,
    Need,
    NeedResult,
    Offer,
    Policy,
)
from tests.engine.values_of import need, offer

POLICY = Policy(minimum_score=0, minimum_text=0)
KG_PER_TONNE = 1_000
Lists = tuple[list[Need], list[Offer], list[NeedResult]]


def results_of(scores: Mapping[tuple[str, str], int]) -> list[NeedResult]:
    """Results in which these pairs match."""
    by_need: dict[str, list[Candidate]] = {}
    for (wanted, given), points in scores.items():
        by_need.setdefault(wanted, []).append(Candidate(wanted, given, points, True, (), ()))
    return [NeedResult(key, tuple(sorted(held, key=lambda c: -c.score))) for key, held in by_need.items()]


def check(
    needs: Sequence[Need],
    offers: Sequence[Offer],
    results: Sequence[NeedResult],
    plan: AllocationPlan,
    agreed: Mapping[str, Collection[str]] | None = None,
    excluded: Excluded = NOTHING_EXCLUDED,
) -> list[str]:
    """What the checker finds under the tests' policy."""
    return check_plan(needs, offers, results, POLICY, plan, agreed or {}, Glossary(), excluded)


@st.composite
def pools(draw: st.DrawFn, most: int = 5, limits: bool = True) -> Lists:
    """Whole tonnes; where ``limits``, orders have a minimum and needs a number of suppliers."""
    amounts = st.integers(1, 60).map(Decimal)
    wanted = [
        need(
            f"D{at}",
            quantity=draw(amounts),
            priority=draw(st.integers(0, 2)),
            max_suppliers=draw(st.integers(1, 3)) if limits else 99,
        )
        for at in range(draw(st.integers(1, most)))
    ]
    given = [
        offer(
            f"S{at}",
            firm=draw(st.sampled_from(("firm-a", "firm-b", f"firm-{at}"))),
            free_capacity=draw(amounts),
            minimum_order=draw(st.none() | st.integers(1, 40).map(Decimal)) if limits else None,
        )
        for at in range(draw(st.integers(1, most)))
    ]
    keys = [(a.key, b.key) for a in wanted for b in given]
    chosen = draw(st.lists(st.sampled_from(keys), unique=True, min_size=1))
    points = st.integers(0, FULL_SCORE) | st.sampled_from((5_000, 8_000))
    return wanted, given, results_of({pair: draw(points) for pair in sorted(chosen)})


def worths(needs: Sequence[Need], results: Sequence[NeedResult]) -> dict[tuple[str, str], int]:
    """Worth of a tonne by pair, as the plan counts it: in kg."""
    urgency = {each.key: 2 * FULL_SCORE * (1 + each.priority) for each in needs}
    return {(c.need, c.offer): KG_PER_TONNE * (urgency[c.need] + c.score) for r in results for c in r.matches}


def greedy_worth(needs: Sequence[Need], offers: Sequence[Offer], results: Sequence[NeedResult]) -> int:
    """The best pairs first, each as much as it can within all limits."""
    left = {each.key: int(each.quantity or 0) for each in needs}
    free = {each.key: int(each.free_capacity or 0) for each in offers}
    slots = {each.key: each.max_suppliers or 0 for each in needs}
    of = {each.key: each for each in offers}
    firms: dict[str, set[str]] = {each.key: set() for each in needs}
    total = 0
    for (wanted, given), worth in sorted(worths(needs, results).items(), key=lambda row: (-row[1], row[0])):
        amount = min(left[wanted], free[given])
        joined = firms[wanted] | {of[given].firm}
        if amount < max(1, int(of[given].minimum_order or 0)) or len(joined) > slots[wanted]:
            continue
        firms[wanted] = joined
        left[wanted] -= amount
        free[given] -= amount
        total += worth * amount
    return total


def best_worth(needs: Sequence[Need], offers: Sequence[Offer], results: Sequence[NeedResult]) -> int:
    """The optimum by trying every amount of every pair; for very small lists."""
    worth = worths(needs, results)
    pairs = sorted(worth)
    of, wants = {each.key: each for each in offers}, {each.key: each for each in needs}
    choices = []
    for wanted, given in pairs:
        most = int(min(wants[wanted].quantity or 0, of[given].free_capacity or 0))
        least = max(1, int(of[given].minimum_order or 0))
        choices.append((0, *range(least, most + 1)))
    best = 0
    for amounts in product(*choices):
        if _fits(dict(zip(pairs, amounts, strict=True)), wants, of):
            best = max(best, sum(worth[pair] * n for pair, n in zip(pairs, amounts, strict=True)))
    return best


def _fits(
    plan: Mapping[tuple[str, str], int], needs: Mapping[str, Need], offers: Mapping[str, Offer]
) -> bool:
    used = {pair: amount for pair, amount in plan.items() if amount}
    for key, each in needs.items():
        if sum(amount for (wanted, _), amount in used.items() if wanted == key) > (each.quantity or 0):
            return False
        if len({offers[given].firm for wanted, given in used if wanted == key}) > (each.max_suppliers or 0):
            return False
    return all(
        sum(amount for (_, given), amount in used.items() if given == key) <= (each.free_capacity or 0)
        for key, each in offers.items()
    )
