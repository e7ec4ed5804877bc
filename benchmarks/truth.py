"""Precision and recall of whole matching on the sample's own truth, by kind of difficulty.

Builds the sample in memory (no database), matches every chain with the default policy and glossary, and
compares the feasible matches with what the generator knows.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from chainmatch.sample.records import Demand, Firm, LineId, Outcome, Sample, State, Supply
from matching.engine.pipeline import match_shard, prepare
from matching.engine.types import Glossary, Need, NeedResult, Offer, Policy

DATA = Path(__file__).resolve().parent.parent / "matching" / "chains" / "data"
DAYS = {"day": 1, "week": 7, "month": 30}
POSITIVE = (Outcome.MET, Outcome.PARTIAL)
ALL, NONE, OTHER = "(all)", "(none)", "(other product)"
"""All pairs; those without any difficulty; matches that the truth does not know as related."""


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


@dataclass(frozen=True, slots=True)
class Share:
    """Counts of pairs of one kind: matched rightly, missed, matched wrongly."""

    found: int
    missed: int
    wrong: int

    @property
    def precision(self) -> float | None:
        """The right share of what was matched; None where nothing was."""
        matched = self.found + self.wrong
        return self.found / matched if matched else None

    @property
    def recall(self) -> float | None:
        """The matched share of what is right; None where nothing is."""
        right = self.found + self.missed
        return self.found / right if right else None


@dataclass
class Tally:
    """Counts of pairs; ``unknown`` are matches that rest on an open question, as the truth says too."""

    unknown: int = 0
    first_right: int = 0
    demands: int = 0
    found: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of difficulty that occur, ``ALL`` first."""
        return tuple(sorted({*self.found, *self.missed, *self.wrong}))

    def share(self, kind: str) -> Share:
        """The counts of one kind; a pair with several difficulties counts in each."""
        return Share(self.found[kind], self.missed[kind], self.wrong[kind])


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
    tally.first_right += bool(right and matched and matched[0] in right)
    for line in sorted(right):
        counted = tally.found if line in matched else tally.missed
        counted.update((ALL, *(outcomes[line].difficulties or (NONE,))))
    for line in matched:
        offer = outcomes.get(line)
        if offer is not None and offer.outcome == Outcome.UNKNOWN:
            tally.unknown += 1
        elif line not in right:
            tally.wrong.update((ALL, *((offer.difficulties or (NONE,)) if offer else (OTHER,))))
