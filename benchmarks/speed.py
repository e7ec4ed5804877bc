"""How fast matching is, beside the search libraries: ``python -m benchmarks.speed [--json]``.

In one run, on the same lines: tokens to index to the 50 best lines for every need, ours beside bm25s,
tantivy and sparse_dot_topn on two threads; the engine from lines to allocated matches in one process; the
whole path from rows in PostgreSQL through two Celery workers to a published list; one changed line beside
all of them; and how cost grows when either side doubles. ``--only`` chooses parts, ``--needs`` and
``--offers`` the size. Ratios are the point: seconds are those of the machine it ran on.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from importlib.util import find_spec
from typing import Any

from benchmarks import candidates, incremental, published
from benchmarks.lines import AS_OF, NO_GLOSSARY, generate
from matching.engine import pipeline
from matching.engine.types import Policy

Row = dict[str, Any]
LIBRARIES = ("bm25s", "tantivy", "sparse_dot_topn")
PARTS = ("candidates", "engine", "published", "incremental", "scaling")
_STEPS = (8, 4, 2, 1)
_SIDE_SHARE = 4
"""While one side doubles, the other stays at a quarter of its full size."""


def measure_candidates(needs: int, offers: int) -> Iterator[Row]:
    """One row for each engine, then the ratios; the last row is the one to look at."""
    began = time.perf_counter()
    lines = generate(needs, offers)
    generated = time.perf_counter()
    work = candidates.tokenise(*lines)
    tokenised = time.perf_counter() - generated
    rows = needs + offers
    yield {
        "part": "tokens",
        "needs": needs,
        "offers": offers,
        "generate_seconds": round(generated - began, 2),
        "seconds": round(tokenised, 2),
        "rows_a_second": round(rows / tokenised),
        "postings_a_need": candidates.postings_touched(work) // max(1, needs),
    }
    seconds = {}
    for timing in candidates.timings(work):
        seconds[timing.engine] = timing.seconds
        yield {
            "part": "candidates",
            **asdict(timing),
            "seconds": timing.seconds,
            "rows_a_second": round(rows / timing.seconds),
        }
    ours = seconds.pop("chainmatch")
    fastest = min(seconds, key=lambda engine: seconds[engine])
    yield {
        "part": "ratio",
        "fastest_peer": fastest,
        "ratio_to_fastest_peer": round(seconds[fastest] / ours, 2),
        **{f"ratio_to_{engine}": round(spent / ours, 2) for engine, spent in seconds.items()},
        "bm25s_seconds": round(seconds["bm25s"], 2),
        "share_of_exact_best": round(candidates.found_share(work), 4),
    }


def measure_engine(needs: int, offers: int) -> Iterator[Row]:
    """From lines to allocated matches in one process."""
    asked, offered = generate(needs, offers)
    policy = Policy()
    before = candidates.fresh_peak()
    began = time.perf_counter()
    index = pipeline.prepare(offered, policy, NO_GLOSSARY)
    prepared = time.perf_counter()
    results = pipeline.match_shard(asked, (), policy, NO_GLOSSARY, AS_OF, index)
    matched = time.perf_counter()
    plan, gaps = pipeline.finish(asked, offered, results, policy, {}, AS_OF, NO_GLOSSARY)
    ended = time.perf_counter()
    yield {
        "part": "engine",
        "needs": needs,
        "offers": offers,
        "index_seconds": round(prepared - began, 2),
        "match_seconds": round(matched - prepared, 2),
        "allocate_seconds": round(ended - matched, 2),
        "seconds": round(ended - began, 2),
        "rows_a_second": round((needs + offers) / (ended - began)),
        "matches": sum(len(result.matches) for result in results),
        "allocations": len(plan.allocations),
        "gaps": len(gaps),
        "megabytes": (candidates.peak() - before) // 1024,
    }


def measure_published(needs: int, offers: int) -> Iterator[Row]:
    """The whole path, with PostgreSQL, a broker and two workers of its own."""
    report = published.measure(needs, offers)
    yield {"part": "published", **asdict(report)}


def measure_incremental(needs: int, offers: int) -> Iterator[Row]:
    """One changed offer and one changed need against index and matching of all lines."""
    yield {"part": "incremental", **asdict(incremental.measure(needs, offers))}


def measure_scaling(needs: int, offers: int) -> Iterator[Row]:
    """Four sizes of either side, the other side a quarter of its full size."""
    sizes = [(needs // _SIDE_SHARE, offers // step) for step in _STEPS]
    sizes += [(needs // step, offers // _SIDE_SHARE) for step in _STEPS]
    for size in sizes:
        work = candidates.tokenise(*generate(*size))
        timing = next(candidates.timings(work, ("chainmatch",)))
        (engine,) = apart(measure_engine, *size)
        yield {
            "part": "scaling",
            "needs": size[0],
            "offers": size[1],
            "candidates_seconds": round(timing.seconds, 2),
            "engine_seconds": engine["seconds"],
            "matches": engine["matches"],
            "megabytes": engine["megabytes"],
        }


def apart(measure: Callable[[int, int], Iterator[Row]], needs: int, offers: int) -> Iterator[Row]:
    """The rows of a measurement that runs in a new process, so that its memory is its own."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(measure, needs, offers, sender))
    process.start()
    sender.close()
    try:
        while (row := receiver.recv()) is not None:
            yield row
    except EOFError:
        raise SystemExit(f"{measure.__name__} ended early; see above") from None
    finally:
        process.join()


def _send(measure: Callable[[int, int], Iterator[Row]], needs: int, offers: int, sender: Any) -> None:
    for row in measure(needs, offers):
        sender.send(row)
    sender.send(None)


MEASURES: dict[str, Callable[[int, int], Iterator[Row]]] = {
    "candidates": measure_candidates,
    "engine": measure_engine,
    "published": measure_published,
    "incremental": measure_incremental,
    "scaling": measure_scaling,
}


def rows(parts: list[str], needs: int, offers: int) -> Iterator[Row]:
    """All rows of these parts; the published list is also held against bm25s' index and retrieval."""
    bm25s = None
    for part in parts:
        found = measure_scaling(needs, offers) if part == "scaling" else apart(MEASURES[part], needs, offers)
        for row in found:
            bm25s = row.get("bm25s_seconds", bm25s)
            if part == "published" and bm25s:
                row["ratio_to_bm25s"] = round(bm25s / row["seconds"], 2)
            yield row


def main() -> None:
    """Print a line of words for each measurement, or of JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[2])
    parser.add_argument("--needs", type=int, default=10_000)
    parser.add_argument("--offers", type=int, default=200_000)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--json", action="store_true", help="JSON lines")
    chosen = parser.parse_args()
    if min(chosen.needs, chosen.offers) < _SIDE_SHARE * _STEPS[0]:
        sys.exit(f"--needs and --offers: {_SIDE_SHARE * _STEPS[0]} at least")
    missing = [name for name in LIBRARIES if find_spec(name) is None]
    if missing and "candidates" in chosen.only:
        sys.exit(
            f"not installed: {', '.join(missing)}; `make setup-dev` brings them, or leave out candidates"
        )
    for row in rows(chosen.only, chosen.needs, chosen.offers):
        if chosen.json:
            print(json.dumps(row, ensure_ascii=False), flush=True)
        else:
            print(
                f"{row.pop('part'):<11}", "  ".join(f"{name} {_shown(row[name])}" for name in row), flush=True
            )


def _shown(value: object) -> str:
    return (
        f"{value:,.2f}"
        if isinstance(value, float)
        else f"{value:,}"
        if isinstance(value, int)
        else str(value)
    )


if __name__ == "__main__":
    main()
