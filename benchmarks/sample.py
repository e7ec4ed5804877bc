"""Precision and recall of the engine on the sample's own truth: ``python -m benchmarks.sample``.

Builds the sample in memory (no database), matches every chain with the default policy and glossary, and
compares the feasible matches with what the generator knows. Options: ``--seed``, ``--today``, ``--json``.
"""

from __future__ import annotations

import argparse
import json
import time
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from chainmatch.sample.generate import SEED, generate
from chainmatch.sample.records import Demand, Firm, LineId, Outcome, Sample, State, Supply
from matching.engine.pipeline import match_shard, prepare
from matching.engine.types import Glossary, Need, NeedResult, Offer, Policy

DATA = Path(__file__).resolve().parent.parent / "matching" / "chains" / "data"
DAYS = {"day": 1, "week": 7, "month": 30}
POSITIVE = (Outcome.MET, Outcome.PARTIAL)


def paths(chain: str) -> dict[str, tuple[str, ...]]:
    """Path of every product node of a chain by code."""
    tree = tomllib.loads((DATA / f"{chain}.toml").read_text())
    return {
        product["code"]: (segment["stream"], segment["code"], product["code"])
        for segment in tree["segments"]
        for product in segment["products"]
    }


def glossary(chain: str) -> Glossary:
    """The shipped glossary as a run of that chain sees it."""
    data: dict[str, list[dict[str, Any]]] = tomllib.loads((DATA / "glossary.toml").read_text())
    return Glossary(
        synonyms=tuple(
            sorted(tuple(row["words"]) for row in data["synonyms"] if row.get("chain") in (None, chain))
        ),
        grades=tuple(sorted(tuple(row["words"]) for row in data["grades"])),
        units=tuple(
            sorted(
                (
                    row["written"],
                    row["unit"] if row.get("factor", 1) == 1 else f"{row['factor']} {row['unit']}",
                )
                for row in data["units"]
            )
        ),
    )


def as_need(line: Demand, nodes: Mapping[str, tuple[str, ...]]) -> Need:
    """A sample demand line as the engine sees it."""
    head = line.header
    return Need(
        key=f"{head.uscc}/{head.key}",
        firm=head.uscc,
        chain=head.chain,
        node=nodes.get(head.node, ()),
        title=head.title,
        description=head.description,
        category_code=head.category_code,
        standards=head.standards,
        requirements=line.requirements,
        quantity=line.quantity,
        unit=head.unit,
        period=line.period,
        deliver_from=line.deliver_from,
        deliver_until=line.deliver_until,
        price_ceiling=line.price_ceiling,
        certificates=line.certificates,
        regions=line.regions,
        region_required=line.region_required,
        max_suppliers=line.max_suppliers,
        priority=line.priority,
    )


def as_offer(line: Supply, firm: Firm, nodes: Mapping[str, tuple[str, ...]], today: date) -> Offer:
    """A sample supply line as the engine sees it."""
    head = line.header
    return Offer(
        key=f"{head.uscc}/{head.key}",
        firm=head.uscc,
        chain=head.chain,
        node=nodes.get(head.node, ()),
        title=head.title,
        description=head.description,
        standards=head.standards,
        properties=line.properties,
        capacity=line.capacity,
        free_capacity=line.free_capacity,
        unit=head.unit,
        minimum_order=line.minimum_order,
        lead_time_days=None if line.lead_time is None else line.lead_time * DAYS[line.lead_time_unit],
        price_low=line.price_low,
        price_high=line.price_high,
        certificates=line.certificates,
        region=firm.region,
        grades=tuple(sorted(grade for grade, expires in firm.grades if expires is None or expires >= today)),
        first_of_kind=bool(line.first_of_kind),
    )


@dataclass
class Tally:
    """Counts of pairs; ``unknown`` are matches that rest on an open question, as the truth says too."""

    found: int = 0
    missed: int = 0
    unknown: int = 0
    wrong: int = 0
    first_right: int = 0
    demands: int = 0
    wrong_by: Counter[str] = field(default_factory=Counter)
    seen_by: Counter[str] = field(default_factory=Counter)
    missed_by: Counter[str] = field(default_factory=Counter)

    def report(self) -> dict[str, float | int]:
        """Figures as shares."""
        return {
            "demands": self.demands,
            "precision": round(self.found / max(self.found + self.wrong, 1), 4),
            "recall": round(self.found / max(self.found + self.missed, 1), 4),
            "first_is_right": round(self.first_right / max(self.demands, 1), 4),
            "matches_on_open_questions": self.unknown,
            "wrong": self.wrong,
        }


def measure(sample: Sample) -> Tally:
    """Match every chain and count."""
    tally = Tally()
    firms = {firm.uscc: firm for firm in sample.firms}
    truth = {item.demand: item for item in sample.truth}
    policy = Policy()
    for chain in sorted({line.header.chain for line in sample.demands}):
        nodes, words = paths(chain), glossary(chain)
        offers = [
            as_offer(line, firms[line.header.uscc], nodes, sample.today)
            for line in sample.supplies
            if line.header.chain == chain and line.header.state == State.VERIFIED
        ]
        needs = [
            as_need(line, nodes)
            for line in sample.demands
            if line.header.chain == chain and line.header.state == State.VERIFIED
        ]
        index = prepare(offers, policy, words)
        for result in match_shard(needs, offers, policy, words, sample.today, index):
            _count(tally, result, truth)
    return tally


def _line_id(key: str) -> LineId:
    firm, _, number = key.partition("/")
    return firm, number


def _count(tally: Tally, result: NeedResult, truth: Mapping[LineId, Any]) -> None:
    known = truth[_line_id(result.need)]
    outcomes = {offer.supply: offer for offer in known.offers}
    right = known.having(*POSITIVE)
    matched = [_line_id(candidate.offer) for candidate in result.matches]
    tally.demands += bool(right)
    tally.found += len(right.intersection(matched))
    for line in right - set(matched):
        tally.missed += 1
        tally.missed_by.update(outcomes[line].difficulties or ("none",))
    for line in matched:
        offer = outcomes.get(line)
        if offer is not None and offer.outcome == Outcome.UNKNOWN:
            tally.unknown += 1
        elif line not in right:
            tally.wrong += 1
            tally.wrong_by.update(offer.difficulties if offer else ("other product",))
    tally.first_right += bool(right and matched and matched[0] in right)
    for offer in known.offers:
        tally.seen_by.update(offer.difficulties or ("none",))


def _by_difficulty(tally: Tally) -> Iterable[tuple[str, int, int, int]]:
    names = sorted({*tally.seen_by, *tally.wrong_by, *tally.missed_by})
    for name in names:
        yield str(name), tally.seen_by[name], tally.missed_by[name], tally.wrong_by[name]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sample", description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--today", type=date.fromisoformat, default=date(2026, 11, 22))
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    options = parser.parse_args()
    sample = generate(options.seed, today=options.today)
    began = time.perf_counter()
    tally = measure(sample)
    seconds = time.perf_counter() - began
    lines = {"demands": len(sample.demands), "supplies": len(sample.supplies)}
    report = {**tally.report(), "lines": lines, "seconds": round(seconds, 2)}
    if options.json:
        print(json.dumps(report))
        return
    for name, value in report.items():
        print(f"{name:28} {value}")
    print(f"\n{'difficulty':22}{'pairs':>8}{'missed':>8}{'wrong':>8}")
    for name, pairs, missed, wrong in _by_difficulty(tally):
        print(f"{name:22}{pairs:8}{missed:8}{wrong:8}")


if __name__ == "__main__":
    main()
