"""Server time and queries of the portal's list pages over long lists, as people of every role.

::

    python -m benchmarks.pages [--lines 200000] [--small 2000] [--only /overview/] [--json]

Each size gets a database of its own that is thrown away: generated lines in every state, a computed and
published run, decisions, notices and confirmations. ``DATABASE_URL`` and ``REDIS_URL`` are used where they
are set, one size a process then; a database that is filled already is measured as it is. Pages are asked
for through Django's whole stack, without a network.
"""

from __future__ import annotations

import argparse
import json
import logging
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

REPEATED = 7
LIMIT_MS = 200.0
PAGES = (
    *("/", "/chains/", "/chains/province/", "/rounds/", "/meetings/", "/appointments/", "/notices/"),
    *("/lists/demand/", "/lists/demand/?page=200", "/lists/demand/?q=轴承", "/lists/demand/?q=GB/T"),
    *("/lists/supply/", "/lists/supply/?page=3000", "/lists/supply/?q=轴承", "/lists/supply/?q=不锈钢板"),
    *("/lists/supply/?state=returned", "/lists/supply/?city=1401"),
    *("/verification/?side=demand", "/verification/?side=supply", "/verification/?side=supply&page=400"),
    *("/runs/", "/runs/{run}/", "/runs/{run}/matches/", "/runs/{run}/matches/?page=200"),
    *("/runs/{run}/matches/?q=轴承", "/runs/{run}/matches/?band=B", "/runs/{run}/matches/?state=accepted"),
    *("/runs/{run}/near-misses/", "/runs/{run}/near-misses/?page=100", "/runs/{run}/gaps/"),
    *("/published/", "/published/{list}/", "/memory/", "/memory/?q=轴承"),
    *("/matches/", "/matches/?show=waiting", "/matches/?show=answered", "/matches/?show=published"),
    *("/overview/", "/overview/?chain=province", "/overview/?chain=province&city=1401", "/overview/wall/"),
    *("/overview/rows/?side=supply", "/overview/rows/?show=matched", "/overview/rows/?show=uncovered"),
    *("/overview/rows/?show=gaps", "/statistics/"),
)
FIGURES = tuple[float, float, int]
"""Shortest and median milliseconds, and the number of queries; the shortest is of the machine at rest."""


def measure(lines: int, folder: Path, only: str = "") -> dict[str, FIGURES]:
    """Fill a database where it is empty, and measure pages of ``PAGES`` as everybody who may open them."""
    from benchmarks.published import migrate, services

    with services():
        import django

        django.setup()
        # A page that somebody may not open is passed over.
        logging.disable(logging.ERROR)
        from benchmarks.programme import fill_programme, found_programme
        from matching.chains.models import Chain

        migrate()
        if not Chain.objects.exists():
            fill_programme(lines, folder)
        programme = found_programme()
        return {
            f"{role} {template}": figures
            for role, person in programme.people.items()
            for template in PAGES
            if template.startswith(only)
            if (figures := _measured(person, template.format(**programme.names))) is not None
        }


def _measured(person: Any, address: str) -> FIGURES | None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="localhost")
    client.force_login(person)
    if client.get(address).status_code != 200:
        return None
    spent = []
    for _ in range(REPEATED):
        began = time.perf_counter()
        client.get(address)
        spent.append((time.perf_counter() - began) * 1000)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(address)
    return round(min(spent), 1), round(statistics.median(spent), 1), len(queries)


def _rows(large: dict[str, FIGURES], small: dict[str, FIGURES]) -> Iterator[str]:
    yield f"{'page':60} {'best ms':>9} {'median':>9} {'queries':>7} {'small':>7}"
    for name, (best, median, queries) in sorted(large.items(), key=lambda item: -item[1][0]):
        few = small[name][2] if name in small else ""
        mark = "  SLOW" if best > LIMIT_MS else ""
        yield f"{name:60} {best:9} {median:9} {queries:7} {few:>7}{mark}"


def _in_another_process(lines: int, only: str) -> dict[str, FIGURES]:
    options = ("--lines", str(lines), "--small", "0", "--only", only, "--json")
    command = (sys.executable, "-m", "benchmarks.pages", *options)
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, FIGURES] = json.loads(answer.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Print the figures, the slowest page first."""
    import tempfile

    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--lines", type=int, default=200_000, help="lines of both lists together")
    parser.add_argument("--small", type=int, default=2_000, help="size to compare queries with; 0: none")
    parser.add_argument("--only", default="", help="what the addresses begin with")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    options = parser.parse_args()
    small = _in_another_process(options.small, options.only) if options.small else {}
    with tempfile.TemporaryDirectory(prefix="chainmatch-") as folder:
        large = measure(options.lines, Path(folder), options.only)
    if options.json:
        print(json.dumps(large, ensure_ascii=False))
        return
    print("\n".join(_rows(large, small)))


if __name__ == "__main__":
    main()
