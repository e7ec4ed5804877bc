"""Similar products while a line is being typed: how long an answer takes.

::

    python -m benchmarks.typing [--lines 200000] [--titles 1000] [--json]

Starts a PostgreSQL of its own that is thrown away (``DATABASE_URL`` and ``REDIS_URL`` are used where they
are set), fills one chain's supply list with generated lines, indexes it as the background task does, and
asks the page as a signed-in firm does: beginnings of demand titles, each of a random length. An answer is
everything from the request to the HTML (session, rights, search, rows, template) but the network; the
search alone is told beside it.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from random import Random
from statistics import quantiles
from typing import TypeVar
from uuid import uuid4

from benchmarks.lines import CHAIN
from benchmarks.published import migrate, services

SHORTEST = 2
OK = 200
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Report:
    """``answer`` and ``search`` in milliseconds; ``found`` counts titles for which something was shown."""

    lines: int
    titles: int
    found: int
    answer: dict[str, float]
    search: dict[str, float]
    index_seconds: float
    unchanged_seconds: float
    open_seconds: float


def measure(lines: int, titles: int, seed: int = 1) -> Report:
    """Fill a database, index, ask. Django must not be set up yet in this process."""
    from benchmarks.lines import generate

    with services():
        import django

        django.setup()
        from benchmarks.rows import fill

        migrate()
        needs, offers = generate(max(titles, 1), lines, seed)
        fill(needs, offers)
        return _ask(lines, _begun([need.title for need in needs], Random(seed)))


def _begun(titles: Sequence[str], random: Random) -> list[str]:
    return [title[: random.randint(min(SHORTEST, len(title)), len(title))] for title in titles]


def _ask(lines: int, begun: Sequence[str]) -> Report:
    from matching import kinds
    from matching.engine.retrieval.warm import warm
    from matching.engine.similar import Typed
    from matching.lists.live import IndexedSide
    from matching.lists.queries.similar import Listed, open_titles
    from matching.lists.services import refresh_live_indexes

    warm()
    indexing, _ = _timed(refresh_live_indexes)
    unchanged, _ = _timed(refresh_live_indexes)
    opening, titles = _timed(lambda: open_titles(Listed(CHAIN, "product", IndexedSide.SUPPLY)))
    if titles is None:
        raise RuntimeError("there is no index")
    policy = kinds.get("product").policy
    searches = [_timed(partial(titles.closest, Typed(title, "", ()), policy))[0] for title in begun]
    ask = _page(len(begun))
    ask(begun[0])
    answers = [_timed(partial(ask, title)) for title in begun]
    seconds = [taken for taken, _found in answers]
    return Report(
        lines=lines,
        titles=len(begun),
        found=sum(found for _taken, found in answers),
        answer=_milliseconds(seconds),
        search=_milliseconds(searches),
        index_seconds=round(indexing, 2),
        unchanged_seconds=round(unchanged, 2),
        open_seconds=round(opening, 2),
    )


def _page(questions: int) -> Callable[[str], bool]:
    """Asks the page as a person who has signed in; tells whether anything was found."""
    from django.test import Client
    from django.urls import reverse

    from accounts.models import Organisation
    from accounts.roles import OrganisationKind, Role
    from accounts.services import open_account
    from matching.lists.queries import pace

    # Nobody types as many titles in a minute as are measured here.
    pace.MOST_A_MINUTE = questions + 1
    leader = Organisation.objects.filter(kind=OrganisationKind.LEADER_FIRM)[0]
    client, address = Client(SERVER_NAME="localhost"), reverse("demand_similar")
    client.force_login(
        open_account(
            username="typist", password=uuid4().hex, name="typist", organisation=leader, role=Role.LEADER_FIRM
        )
    )

    def ask(title: str) -> bool:
        response = client.post(address, {"chain": CHAIN, "title": title})
        if response.status_code != OK:
            raise RuntimeError(f"the page answers {response.status_code}")
        return b"<li>" in response.content

    return ask


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def _milliseconds(seconds: Sequence[float]) -> dict[str, float]:
    shares = quantiles(seconds, n=100, method="inclusive")
    found = {"p50": shares[49], "p95": shares[94], "p99": shares[98], "slowest": max(seconds)}
    return {name: round(value * 1000, 1) for name, value in found.items()}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.typing", description=__doc__)
    parser.add_argument("--lines", type=int, default=200_000)
    parser.add_argument("--titles", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    options = parser.parse_args()
    report = asdict(measure(options.lines, options.titles, options.seed))
    if options.json:
        print(json.dumps(report))
        return
    for name, value in report.items():
        print(f"{name:20} {value}")


if __name__ == "__main__":
    main()
