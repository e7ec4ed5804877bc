"""Secrets that stand nowhere else are looked for wherever something comes out (RELIABILITY 19 and 34)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from redis import Redis

from matching.lists import access
from matching.notices.services import tell
from matching.notices.tasks import deliver_outbox
from tests.api.matrix import PARTS
from tests.api.story import Story
from tests.disclosure.crawling import crawl
from tests.disclosure.rivals import OWNERS, SECRETS, match_and_publish, pattern_of, tell_rivals
from tests.torture import times

pytestmark = pytest.mark.django_db
ANYBODYS = re.compile("|".join(pattern_of(part).pattern for part in SECRETS))
KEPT_IN = {"matching_demandline", "matching_supplyline", "matching_frozenline"}
"""Tables that hold prices: the lists, and the input of runs."""
SAMPLE = ("member", "department")
FULL = tuple(part for part in PARTS if part != "office")


@pytest.fixture
def story() -> Story:
    """The rivals' story, matched and published."""
    told = tell_rivals()
    match_and_publish(told)
    return told


def _leaks(story: Story, part: str, **asked: Any) -> set[tuple[str, str]]:
    """Doors at which that part finds a secret that is not its own, and whose."""
    foreign = [owner for owner in SECRETS if owner != OWNERS.get(part)]
    return {
        (answer.door, owner)
        for answer in crawl(story, part, **asked)
        for owner in foreign
        if pattern_of(owner).search(answer.text)
    }


@pytest.mark.parametrize("part", (SAMPLE, FULL)[times(0, 1)])
def test_nobody_finds_a_secret_of_another_firm(story: Story, part: str, caplog: Any) -> None:
    assert _leaks(story, part, writes=bool(times(0, 1))) == set()
    assert not ANYBODYS.search(caplog.text)


def test_the_crawl_reads_what_it_is_given(story: Story) -> None:
    [own] = crawl(story, "member", only=("/supply-lines/",))
    assert pattern_of("member").search(own.text)
    seen = _leaks(story, "office", only=("/supply-lines/", "demand_export"))
    assert seen == {
        *(("/supply-lines/", owner) for owner in ("member", "other_member")),
        *(("demand_export", owner) for owner in ("leader", "other_leader")),
    }


def test_a_door_without_its_guard_is_found(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "sees_secrets", lambda *_: True)
    doors = ("/supply-lines/", "demand_export", "supply_detail")
    found = {door for door, _owner in _leaks(story, "department", only=doors)}
    assert found == set(doors)


def test_no_secret_leaves_its_tables(story: Story) -> None:
    deliver_outbox()
    assert _tables_with(ANYBODYS) == KEPT_IN
    assert not ANYBODYS.search(_broker())
    assert not any(ANYBODYS.search(f"{letter.subject}{letter.body}") for letter in mail.outbox)


def test_a_secret_in_a_notice_or_in_the_broker_is_found(story: Story) -> None:
    price = SECRETS["other_member"]["price_low"]
    tell(users=[story.world.leader], key="leak", zh=price, en=price)
    assert _tables_with(ANYBODYS) == {*KEPT_IN, "matching_notice"}
    _redis().set("leak", price)
    try:
        assert ANYBODYS.search(_broker())
    finally:
        _redis().delete("leak")


def _tables_with(pattern: re.Pattern[str]) -> set[str]:
    plain = pattern.pattern.replace(r"(?<![\w.])", "").replace("(?:", "(")
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = [name for (name,) in cursor.fetchall()]
        found = set()
        for name in names:
            cursor.execute(f'SELECT 1 FROM "{name}" row WHERE row::text ~ %s LIMIT 1', [plain])
            found |= {name for _ in cursor.fetchall()}
    return found


def _redis() -> Redis:
    path = settings.CELERY_BROKER_URL.removeprefix("redis+socket://").partition("?")[0]
    return Redis(unix_socket_path=path)


def _broker() -> str:
    """All that the broker holds."""
    server: Any = _redis()
    held: list[bytes] = []
    for key in server.scan_iter():
        kind = server.type(key)
        held.append(server.get(key) if kind == b"string" else server.dump(key))
    return b"\n".join(one for one in held if one).decode(errors="replace")
