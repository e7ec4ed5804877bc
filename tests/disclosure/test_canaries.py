"""Secrets that stand nowhere else are looked for wherever something comes out (RELIABILITY 19 and 34)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from redis import Redis

from matching import artefacts
from matching.lists import access
from matching.notices.services import tell
from matching.notices.tasks import deliver_outbox
from matching.runs.models import Shard
from matching.uploads.models import Side
from matching.uploads.services import receive, work
from tests.api.matrix import PARTS
from tests.api.story import Story
from tests.disclosure.crawling import crawl, firm
from tests.disclosure.rivals import OWNERS, SECRETS, match_and_publish, pattern_of, tell_rivals
from tests.torture import times

pytestmark = pytest.mark.django_db
ANYBODYS = re.compile("|".join(pattern_of(part).pattern for part in SECRETS))
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


def test_no_secret_stands_in_plain_anywhere(story: Story, caplog: Any) -> None:
    deliver_outbox()
    _hand_in_a_file(story)
    assert _tables_with(ANYBODYS) == set()
    assert _files_with(ANYBODYS) == set()
    assert not ANYBODYS.search(_broker())
    assert not ANYBODYS.search(caplog.text)
    assert not any(ANYBODYS.search(f"{letter.subject}{letter.body}") for letter in mail.outbox)


def test_a_secret_in_a_table_a_file_or_the_broker_is_found(story: Story) -> None:
    price = SECRETS["other_member"]["price_low"]
    tell(users=[story.world.leader], key="leak", zh=price, en=price)
    Shard.objects.filter(pk=Shard.objects.earliest("pk").pk).update(result=price.encode())
    assert _tables_with(ANYBODYS) == {"matching_notice", "matching_shard"}
    default_storage.save("leak.txt", ContentFile(price.encode()))
    assert _files_with(ANYBODYS) == set()
    artefacts.save("leak.index", [price.encode()])
    try:
        assert _files_with(ANYBODYS) == {"leak.index"}
    finally:
        artefacts.delete("leak.index")
    _redis().set("leak", price)
    try:
        assert ANYBODYS.search(_broker())
    finally:
        _redis().delete("leak")


def _hand_in_a_file(story: Story) -> None:
    """A list with prices in it, one of them in a cell that can't be read; it is read and not applied."""
    member = story.people["member"]
    assert member is not None
    price, amount = SECRETS["member"]["price_low"], SECRETS["member"]["free_capacity"]
    rows = (f"X1,硅片,{price},{price},{amount}", f"X2,硅片,{price}元或面议,,{amount}")
    data = "\n".join(("行号,产品名称,最低报价,最高报价,富余月产能", *rows)).encode()
    side, file = Side.SUPPLY, SimpleUploadedFile("list.csv", data)
    upload = receive(actor=member, organisation=firm(story, "member"), side=side, kind="product", file=file)
    work(upload_id=upload.pk)
    upload.refresh_from_db()
    told = [*upload.problems, *upload.notices, *((row.values, row.problems) for row in upload.rows.all())]
    assert ANYBODYS.search(str(told))
    assert upload.file.open().read() == data


def _files_with(pattern: re.Pattern[str]) -> set[str]:
    folders = (Path(settings.MEDIA_ROOT), Path(storages["artefacts"].path("")))
    held = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return {path.name for path in held if pattern.search(path.read_bytes().decode(errors="replace"))}


def _tables_with(pattern: re.Pattern[str]) -> set[str]:
    plain = pattern.pattern.replace(r"(?<![\w.])", "").replace("(?:", "(")
    # Bytes are told in hexadecimal.
    numbers = (text for told in SECRETS.values() for text in told.values())
    plain = "|".join((plain, *(text.encode().hex() for text in numbers)))
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
