"""A killed bulk request stores all of its rows or none, and a repeat completes it (RELIABILITY 13)."""

from __future__ import annotations

import json
import os
import random
import signal
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections

from accounts.roles import Role
from matching.lists.models import DemandLine
from matching.lists.services import bulk, content
from tests import factories
from tests.api.matrix import NDJSON
from tests.api.parallel import client_with, token_of
from tests.api.story import API
from tests.torture import times

ROWS, KILLS = times(520, 9_999), times(3, 50)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def token() -> str:
    """A leader firm's, for a chain that exists."""
    factories.make_chain("photovoltaic")
    return token_of(factories.make_user(Role.LEADER_FIRM))


def _body(name: str) -> bytes:
    """``ROWS`` rows that can be stored, and one that can't."""
    row = {"chain": "photovoltaic", "title": "硅片", "unit": "片", "quantity": "5"}
    rows = [{**row, "key": f"{name}-{number}"} for number in range(ROWS)]
    return b"\n".join(json.dumps(one).encode() for one in [*rows, {**row, "key": name, "quantity": "-1"}])


def _send(token: str, name: str) -> Any:
    client = client_with(token, **{"idempotency-key": name})
    client.raise_request_exception = False
    return client.post(f"{API}/demand-lines/bulk/", _body(name), content_type=NDJSON)


def _statements(token: str) -> int:
    """How many an undisturbed request sends."""
    sent = 0

    def count(execute: Callable[..., Any], *asked: Any) -> Any:
        nonlocal sent
        sent += 1
        return execute(*asked)

    with connection.execute_wrapper(count):
        assert _send(token, "undisturbed").status_code == 200
    return sent


def _await_end(session: int) -> None:
    """The server ends the session of a killed client as soon as it notices."""
    running = True
    while running:
        with connection.cursor() as cursor:
            cursor.execute("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = %s)", [session])
            running = bool(cursor.fetchone()[0])


def _killed(token: str, name: str, place: int) -> None:
    """Send it from a process that is killed before that statement, or else before anybody has the answer."""
    connections.close_all()
    reader, writer = os.pipe()
    child = os.fork()
    if child:
        _pid, status = os.waitpid(child, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL
        _await_end(int(os.read(reader, 20)))
        os.close(reader)
        os.close(writer)
        return
    # A loop that ran before the fork had a connection of its own, which would be shared with the parent.
    del connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()
    os.write(writer, str(connection.connection.info.backend_pid).encode())
    left = place

    def kill_in_time(execute: Callable[..., Any], *asked: Any) -> Any:
        nonlocal left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*asked)

    try:
        with connection.execute_wrapper(kill_in_time):
            _send(token, name)
    finally:
        os.kill(os.getpid(), signal.SIGKILL)


def _stored(name: str) -> int:
    return DemandLine.objects.filter(key__startswith=f"{name}-").count()


def _torn(token: str, places: list[int]) -> list[str]:
    """Requests, killed at these places, that left some of their rows, or that a repeat does not complete."""
    found = []
    for number, place in enumerate(places):
        name = f"K{number}"
        _killed(token, name, place)
        left = _stored(name)
        again = _send(token, name)
        if again.status_code != 200:
            found.append(f"killed at statement {place}: {left} rows, then {again.status_code}")
            continue
        *rows, end = [json.loads(line) for line in b"".join(again).splitlines()]
        told = ([row["errors"][0]["code"] for row in rows if row["errors"]], end["summary"]["refused"])
        whole = _stored(name) == ROWS and told == (["min_value"], 1)
        replayed = again.headers.get("Idempotency-Replayed") == "true"
        if not whole or (left, replayed) not in ((0, False), (ROWS, True)):
            found.append(f"killed at statement {place}: {left} rows, then {end}")
    return found


def test_a_killed_request_leaves_all_or_nothing_and_a_repeat_completes_it(token: str) -> None:
    last = _statements(token)
    # The last place is after the commit: the answer is lost, the rows are not.
    places = [last + 1, *random.Random(13).choices(range(last), k=KILLS - 1)]
    assert _torn(token, places) == []


def test_a_request_that_commits_on_the_way_is_found(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    replace = content.replace_rows

    def commit_early(*asked: Any) -> None:
        replace(*asked)
        connection.connection.commit()

    last = _statements(token)
    monkeypatch.setattr(bulk, "replace_rows", commit_early)
    assert len(_torn(token, [last - 8])) == 1
