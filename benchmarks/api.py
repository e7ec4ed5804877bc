"""The API beside a bare Django view that returns the same bytes: lists, matches and a bulk request of lines.

::

    python -m benchmarks.api [--lines 20000] [--rows 10000] [--json]

Each operation is asked for through Django's whole stack, without a network, and right after it a view without
any framework that answers what the operation answered, behind the same middleware. The ratio is what a
client pays for permissions, queries and serializers. The bulk request is compared with reading its body and
answering its result; its rows are new, then the same again. Starts a PostgreSQL of its own that is thrown
away (``DATABASE_URL`` and ``REDIS_URL`` are used where they are set).
"""

from __future__ import annotations

import argparse
import json
import logging
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

REPEATED = 9
LISTS = (
    ("leader", "/api/v1/demand-lines/"),
    ("leader", "/api/v1/demand-lines/?q=轴承"),
    ("office", "/api/v1/demand-lines/?page_size=500"),
    ("office", "/api/v1/supply-lines/"),
    ("office", "/api/v1/supply-lines/?page_size=500"),
    ("office", "/api/v1/supply-lines/?fields=id,key,title,state&page_size=500"),
    ("office", "/api/v1/supply-lines/?q=不锈钢板"),
    ("office", "/api/v1/runs/{run}/matches/"),
    ("office", "/api/v1/runs/{run}/matches/?page_size=500"),
    ("member", "/api/v1/my-matches/"),
    ("office", "/api/v1/agreements/"),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """Median milliseconds of the operation and of the bare view, the queries, and the kilobytes of both."""

    name: str
    ours: float
    bare: float
    queries: int
    kilobytes: int

    @property
    def times(self) -> float:
        """How many times the bare view's time."""
        return round(self.ours / self.bare, 1)


def measure(lines: int, rows: int, folder: Path) -> list[Figure]:
    """Fill a database and measure. Django must not be set up yet in this process."""
    from benchmarks.published import migrate, services

    with services():
        import django

        django.setup()
        logging.disable(logging.ERROR)
        from benchmarks.programme import fill_programme, found_programme

        migrate()
        fill_programme(lines, folder)
        programme = found_programme()
        listed = [
            figure
            for role, template in LISTS
            if (figure := _listed(role, programme.people.get(role), template.format(**programme.names)))
        ]
        return [*listed, *_bulk(programme.people["leader"], rows)]


def _listed(role: str, person: Any, address: str) -> Figure | None:
    if person is None:
        return None
    client = _client(person)
    answer = client.get(address)
    if answer.status_code != 200:
        return None
    body = answer.content
    with _counted() as queries:
        client.get(address)
    spent = _side_by_side(lambda: client.get(address), _bare(person, body))
    return Figure(f"{role} {address}", *spent, len(queries), len(body) // 1024)


def _bulk(person: Any, rows: int) -> list[Figure]:
    from benchmarks.lines import CHAIN, generate

    needs, _offers = generate(rows, 0, 7)
    sent = b"\n".join(
        json.dumps(_row(number, need, CHAIN), ensure_ascii=False).encode()
        for number, need in enumerate(needs)
    )
    return [_written(person, sent, name) for name in (f"{rows} new lines", f"{rows} lines again")]


def _row(number: int, need: Any, chain: str) -> dict[str, Any]:
    return {
        "key": f"B{number:06}",
        "chain": chain,
        "title": need.title,
        "description": need.description,
        "quantity": None if need.quantity is None else str(need.quantity),
        "unit": need.unit,
        "requirements": [
            {
                "parameter": row.parameter,
                "operator": str(row.operator),
                "low": None if row.low is None else str(row.low),
                "high": None if row.high is None else str(row.high),
                "values": list(row.values),
                "unit": row.unit,
                "hard": row.hard,
            }
            for row in need.requirements
        ],
    }


def _written(person: Any, sent: bytes, name: str) -> Figure:
    client = _client(person)
    began = time.perf_counter()
    with _counted() as queries:
        answer = client.post("/api/v1/demand-lines/bulk/", sent, content_type="application/x-ndjson")
        body = b"".join(answer)
    ours = (time.perf_counter() - began) * 1000
    assert answer.status_code == 200, body[:500]
    ask = _bare(person, body, sent)
    bare = statistics.median(_milliseconds(ask) for _ in range(REPEATED))
    return Figure(name, round(ours, 1), round(bare, 1), len(queries), len(sent) // 1024)


@contextmanager
def _counted() -> Iterator[list[str]]:
    """Statements sent meanwhile. Django's own log of them is a bounded one, and full after the filling."""
    from django.db import connection

    sent: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        sent.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield sent


def _client(person: Any) -> Any:
    from rest_framework.test import APIClient

    client: Any = APIClient(SERVER_NAME="localhost")
    client.force_login(person)
    return client


def _side_by_side(ask: Callable[[], object], bare: Callable[[], object]) -> tuple[float, float]:
    """Median milliseconds of the operation and of the bare view, asked in turn."""
    spent = [(_milliseconds(ask), _milliseconds(bare)) for _ in range(REPEATED)]
    ours, others = zip(*spent, strict=True)
    return round(statistics.median(ours), 2), round(statistics.median(others), 2)


def _milliseconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return (time.perf_counter() - began) * 1000


def _bare(person: Any, body: bytes, sent: bytes | None = None) -> Callable[[], object]:
    """Asks a view that reads what is sent and returns these bytes, behind the same middleware."""
    from django.http import HttpRequest, HttpResponse
    from django.test import Client, override_settings
    from django.urls import path

    def view(request: HttpRequest) -> HttpResponse:
        # Whoever asks is looked up here, too: the operation can't do without.
        assert request.user.is_authenticated
        while sent is not None and request.read(65_536):
            pass
        return HttpResponse(body, content_type="application/json")

    urls = type(
        "Bare",
        (),
        {"urlpatterns": [path("bare", view)], "handler404": "django.views.defaults.page_not_found"},
    )
    client = Client(SERVER_NAME="localhost")
    client.force_login(person)

    def ask() -> None:
        with override_settings(ROOT_URLCONF=urls):
            if sent is None:
                client.get("/bare")
            else:
                client.post("/bare", sent, content_type="application/x-ndjson")

    ask()
    return ask


def _table(figures: Sequence[Figure]) -> str:
    rows = [
        f"| `{one.name}` | {one.ours} | {one.bare} | {one.times} | {one.queries} | {one.kilobytes} |"
        for one in figures
    ]
    head = "| operation | ms | bare view, ms | times | queries | KB |\n|---|---|---|---|---|---|"
    return "\n".join([head, *rows])


def main() -> None:
    """Print the figures as a table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.api",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--lines", type=int, default=20_000, help="lines of both lists together")
    parser.add_argument("--rows", type=int, default=10_000, help="rows of the bulk request")
    parser.add_argument("--json", action="store_true", help="one JSON array instead of a table")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="chainmatch-") as folder:
        figures = measure(options.lines, options.rows, Path(folder))
    print(
        json.dumps([asdict(one) for one in figures], ensure_ascii=False) if options.json else _table(figures)
    )


if __name__ == "__main__":
    main()
