"""What one changed line costs beside matching all of them: ``python -m benchmarks.incremental``.

Lines are those of ``benchmarks.lines``. Each change gives one offer, or one need, what another generated
line says, and is made to the base alone. Before that, on fewer lines, the results after a change are held
against those of a full matching under the same statistics. Options: ``--needs``, ``--offers``, ``--json``.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from statistics import mean, median
from typing import TypeVar

from benchmarks.lines import AS_OF, CHAIN, NO_GLOSSARY, generate
from matching.engine import pipeline, retrieval
from matching.engine.incremental import Base, Changes, hold, joined, rematch
from matching.engine.pipeline import ChainOffers, match_chain
from matching.engine.types import Need, NeedResult, Offer, Policy

T = TypeVar("T", Need, Offer)

TIMES = 20
POLICY = Policy()
_SMALL = (100, 1_000)


@dataclass(frozen=True, slots=True)
class Report:
    """Seconds; percents are of ``full``.

    ``full`` is index and matching in one process, ``keep`` what a base costs once on top. ``again`` is how
    many needs a changed offer makes to be matched anew, in the mean.
    """

    needs: int
    offers: int
    full: float
    keep: float
    offer_median: float
    offer_slowest: float
    offer_percent: float
    need_median: float
    need_slowest: float
    need_percent: float
    again: float


@dataclass(frozen=True, slots=True)
class _Full:
    base: Base
    results: tuple[NeedResult, ...]
    seconds: float
    keep: float


def measure(needs: int, offers: int, seed: int = 1) -> Report:
    """``TIMES`` changed offers and as many changed needs, one by one, against a full matching."""
    said = generate(TIMES, TIMES, seed + 1)
    # This also compiles what is compiled when first used.
    _verify(*generate(*_SMALL, seed), said[1])
    wanted, given = generate(needs, offers, seed)
    full = _match(wanted, given)
    changed_offers = [Changes(offers=(one,)) for one in _instead(given, said[1])]
    changed_needs = [Changes(needs=(one,)) for one in _instead(wanted, said[0])]
    by_offer, again = _timed(full.base, changed_offers)
    by_need, _ = _timed(full.base, changed_needs)
    return Report(
        needs=needs,
        offers=offers,
        full=round(full.seconds, 2),
        keep=round(full.keep, 2),
        offer_median=round(median(by_offer), 4),
        offer_slowest=round(max(by_offer), 4),
        offer_percent=round(100 * median(by_offer) / full.seconds, 3),
        need_median=round(median(by_need), 4),
        need_slowest=round(max(by_need), 4),
        need_percent=round(100 * median(by_need) / full.seconds, 3),
        again=mean(again),
    )


def _match(needs: Sequence[Need], offers: Sequence[Offer]) -> _Full:
    began = time.perf_counter()
    chain = pipeline.prepare(offers, POLICY, NO_GLOSSARY).chains[CHAIN]
    results = tuple(match_chain(needs, chain, chain.reader, POLICY, AS_OF))
    matched = time.perf_counter()
    base = hold(needs, [result.cut for result in results], chain, POLICY, AS_OF)
    return _Full(base, results, matched - began, time.perf_counter() - matched)


def _instead(lines: Sequence[T], others: Sequence[T]) -> Iterator[T]:
    """The others under the keys of lines from all over the list."""
    step = max(1, len(lines) // len(others))
    return (replace(other, key=line.key) for line, other in zip(lines[::step], others, strict=False))


def _timed(base: Base, changes: Sequence[Changes]) -> tuple[list[float], list[int]]:
    """Seconds of each change, and how many needs it made to be matched anew."""
    seconds, again = [], []
    for one in changes:
        began = time.perf_counter()
        found = rematch(base, one)
        seconds.append(time.perf_counter() - began)
        again.append(len(found.results))
    return seconds, again


def _verify(needs: Sequence[Need], offers: Sequence[Offer], others: Sequence[Offer]) -> None:
    """Raise ``AssertionError`` where changed offers give other results than a full matching."""
    full = _match(needs, offers)
    base = full.base
    changes = Changes(offers=tuple(_instead(offers, others)))
    present = {offer.key: offer for offer in (*offers, *changes.offers)}
    ordered = [present[key] for key in sorted(present)]
    text = retrieval.build(ordered, base.offers.reader.glossary, beside=base.offers.text)
    chain = ChainOffers(ordered, text, base.offers.reader)
    expected = tuple(match_chain(needs, chain, chain.reader, POLICY, AS_OF))
    if joined(full.results, changes, rematch(base, changes)) != expected:
        raise AssertionError("changed lines give other results than a full matching")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--needs", type=int, default=10_000)
    parser.add_argument("--offers", type=int, default=200_000)
    parser.add_argument("--json", action="store_true", help="print JSON lines")
    options = parser.parse_args()
    report = asdict(measure(options.needs, options.offers))
    if options.json:
        print(json.dumps(report))
        return
    for name, value in report.items():
        print(f"{name:14} {value:>10}")


if __name__ == "__main__":
    main()
