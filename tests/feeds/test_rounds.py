"""After much was written at once the clock takes it over in shares: the feed stays the same and whole."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import connection

from accounts.audit.services import seal
from matching.feeds import services, tasks
from matching.feeds.models import Change, Gathering
from matching.lists.models import DemandLine
from tests import factories, world
from tests.api.parallel import at_once
from tests.feeds.feeding import ask

pytestmark = pytest.mark.django_db(transaction=True)
LINES = 9


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> world.World:
    """Sealed lines that wait, in a house that reads three entries a batch and takes two batches a tick."""
    monkeypatch.setattr(services, "gather", partial(services.gather, limit=3))
    monkeypatch.setattr(services, "BATCH", 3)
    monkeypatch.setattr(tasks, "SHARE", 2)
    built = world.build()
    _seal_and_tick(100)
    for number in range(LINES):
        factories.make_demand(built.leader, built.chain, key=f"L{number}")
    seal()
    return built


def _seal_and_tick(times: int) -> None:
    seal()
    for _ in range(times):
        tasks.gather()


def _feed() -> list[tuple[str, str]]:
    rows = Change.objects.order_by("position").values_list("event", "object_id")
    return [(event, str(object_id)) for event, object_id in rows]


def _gathered_at_once() -> list[tuple[str, str]]:
    """The feed that all of the audit gives in one go."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE matching_change")
    Gathering.objects.update(sealed=0, head=0)
    services.gather(limit=100_000)
    return _feed()


def test_a_tick_takes_its_share_and_readers_miss_nothing(here: world.World) -> None:
    since, seen = ask(here.leader, "now").json()["next"], []
    shares: list[int] = []
    while not shares or shares[-1]:
        tasks.gather()
        body = ask(here.leader, since).json()
        since = body["next"]
        seen += [(one["type"], one["id"]) for one in body["changes"]]
        shares.append(len(body["changes"]))
    assert len(shares) > 2
    assert max(shares) <= 6
    lines = DemandLine.objects.filter(key__startswith="L").values_list("pk", flat=True)
    assert {id_ for kind, id_ in seen if kind == "demand_line.changed"} == set(map(str, lines))
    assert len(seen) == len(set(seen))
    assert seen == [one for one in _gathered_at_once() if one in set(seen)]


def test_the_control_a_tick_without_a_share_takes_all(
    here: world.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    since = ask(here.leader, "now").json()["next"]
    monkeypatch.setattr(tasks, "SHARE", 100)
    tasks.gather()
    assert len(ask(here.leader, since).json()["changes"]) >= LINES


def test_ticks_at_once_tell_nothing_twice(here: world.World) -> None:
    at_once(6, lambda _number: tasks.gather())
    _seal_and_tick(10)
    found = _feed()
    assert len(found) == len(set(found)) >= LINES
    assert found == _gathered_at_once()
