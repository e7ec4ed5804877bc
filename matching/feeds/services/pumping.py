"""Sends what is due: many receivers at once, and whoever is slow holds up nobody else."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import partial

from django.db import connection

from matching.feeds.sending import Answer, post
from matching.feeds.services.delivering import Lease, claim, settle

THREADS = 32
LONGEST_SECONDS = 20.0
"""After this long no more is taken on, so that a worker gets back to other tasks."""

PUMP_LOCK = 0x7765_6268
"""Key of the advisory lock: however many workers there are, one of them sends."""

Send = Callable[[Lease], Answer]


def pump(*, send: Send | None = None, seconds: float = LONGEST_SECONDS) -> int:
    """Send all that is due and what becomes due meanwhile; returns how many attempts were stored.

    Threads only talk to receivers; this one alone talks to the database. Side effects: as ``claim`` and
    ``settle``.
    """
    chosen = send or partial(_send, tls=ssl.create_default_context())
    with _alone() as mine:
        return _run(chosen, time.monotonic() + seconds) if mine else 0


def _run(send: Send, until: float) -> int:
    stored = 0
    with ThreadPoolExecutor(THREADS) as pool:
        flying: dict[Future[Answer], Lease] = {}
        while True:
            if time.monotonic() < until:
                flying |= {pool.submit(send, held): held for held in claim(limit=THREADS - len(flying))}
            if not flying:
                return stored
            done, _rest = wait(flying, timeout=1.0, return_when=FIRST_COMPLETED)
            for future in done:
                stored += settle(held=flying.pop(future), answer=future.result())


def _send(held: Lease, *, tls: ssl.SSLContext) -> Answer:
    if held.target is None:
        return Answer(error="private")
    return post(held.target, held.delivery.body.encode(), held.headers, tls=tls)


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether nobody else sends; a killed worker's lock ends with its connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [PUMP_LOCK])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [PUMP_LOCK])
