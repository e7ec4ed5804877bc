"""How fast quantities are allocated and how far from the best at most: ``python -m benchmarks.allocation``.

Generates needs, offers and matches (the same for the same seed): products follow Zipf's law, most matches
are within a product and some beyond it, so that nearly all hang together; offers state minimum orders,
needs the firms that may share them. Reports seconds, worth against the greedy rule, and the gap to what no
plan can exceed. Options: ``--size NEEDS OFFERS MATCHES`` (again for several), ``--seed``, ``--json``.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Iterable, Sequence
from decimal import Decimal

import numpy as np

from matching.engine.allocation import allocate, check_plan
from matching.engine.allocation.greedy import fill
from matching.engine.allocation.market import open_market
from matching.engine.types import Candidate, Glossary, Need, NeedResult, Offer, Period, Policy

SIZES = ((2_000, 20_000, 200_000), (10_000, 200_000, 300_000))
POLICY = Policy()
UNITS, SCALE = ("吨", "kg"), (1, 1_000)
Lists = tuple[list[Need], list[Offer], list[NeedResult]]


def lists(needs: int, offers: int, matches: int, seed: int) -> Lists:
    """Needs, offers and results of about ``matches`` pairs."""
    rng = np.random.default_rng(seed)
    products = max(1, needs // 8)
    share = 1 / np.arange(1, products + 1)
    of_need = rng.choice(products, needs, p=share / share.sum())
    of_offer = rng.choice(products, offers, p=share / share.sum())
    by_product = [np.flatnonzero(of_offer == product) for product in range(products)]
    quantity = rng.lognormal(4, 1.2, needs).round(1) + 1
    wanted = [
        Need(
            f"D{at:06}",
            f"leader-{at % 97}",
            "c",
            (),
            "",
            quantity=Decimal(str(quantity[at])) * SCALE[at % 2],
            unit=UNITS[at % 2],
            period=(Period.MONTH, Period.MONTH, Period.QUARTER, Period.YEAR)[at % 4],
            max_suppliers=(None, None, None, 1, 2, 3)[int(rng.integers(6))],
            priority=int(rng.integers(10) == 0),
        )
        for at in range(needs)
    ]
    free = rng.lognormal(3, 1.2, offers).round(1) + 1
    least = free * rng.choice([0, 0.05, 0.1, 0.3], offers)
    given = [
        Offer(
            f"S{at:06}",
            f"firm-{at * 2 // 3}",
            "c",
            (),
            "",
            free_capacity=Decimal(str(free[at])) * SCALE[at % 2],
            unit=UNITS[at % 2],
            minimum_order=Decimal(str(least[at].round(1))) * SCALE[at % 2],
            grades=("专精特新",) if at % 9 == 0 else (),
        )
        for at in range(offers)
    ]
    each = matches // needs
    results = []
    for at, need in enumerate(wanted):
        near = by_product[of_need[at]]
        chosen = set(rng.choice(near, min(len(near), each), replace=False).tolist()) if len(near) else set()
        while len(chosen) < each:
            chosen.add(int(rng.integers(offers)))
        scores = rng.integers(3_500, 10_001, each).tolist()
        found = zip(sorted(chosen), scores, strict=True)
        results.append(
            NeedResult(
                need.key,
                tuple(Candidate(need.key, given[one].key, score, True, (), ()) for one, score in found),
            )
        )
    return wanted, given, results


def measure(sizes: Iterable[Sequence[int]], seed: int) -> Iterable[dict[str, float | int | str]]:
    """One report a size."""
    for needs, offers, matches in sizes:
        wanted, given, results = lists(needs, offers, matches, seed)
        began, worked = time.perf_counter(), time.process_time()
        plan = allocate(wanted, given, results, POLICY)
        seconds, cpu = time.perf_counter() - began, time.process_time() - worked
        faults = check_plan(wanted, given, results, POLICY, plan, {}, Glossary())
        checked = time.perf_counter() - began - seconds
        market = open_market(wanted, given, results, POLICY, {}, {})
        greedy = fill(market.pool, np.zeros(len(market.pool), dtype=np.int64))
        steps = [market.steps[group] for group in market.group[market.pool.need].tolist()]
        worth = sum(
            (
                int(amount) * int(each) * step
                for amount, each, step in zip(greedy, market.pool.worth, steps, strict=True)
            ),
            Decimal(0),
        )
        yield {
            "needs": needs,
            "offers": offers,
            "pairs": len(market.pool),
            "seconds": round(seconds, 2),
            "cpu_seconds": round(cpu, 2),
            "check_seconds": round(checked, 2),
            "faults": len(faults),
            "allocations": len(plan.allocations),
            "methods": " ".join(f"{method}:{count}" for method, count in plan.methods),
            "ratio_to_greedy": round(plan.objective / float(worth), 6),
            "gap_basis_points": plan.gap,
            "below_bound_basis_points": round((plan.bound - plan.objective) / plan.bound * 10_000, 2),
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.allocation", description=__doc__)
    parser.add_argument("--size", type=int, nargs=3, action="append", metavar=("NEEDS", "OFFERS", "MATCHES"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args()
    for report in measure(options.size or SIZES, options.seed):
        if options.json:
            print(json.dumps(report), flush=True)
            continue
        for name, value in report.items():
            print(f"{name:26} {value}")
        print(flush=True)


if __name__ == "__main__":
    main()
