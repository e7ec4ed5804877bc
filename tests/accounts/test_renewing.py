"""A newer data key in the middle of work: every sealed value moves to it, and none is lost."""

from __future__ import annotations

import base64
import io
import json
import os
import random
import signal
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.test import override_settings

from accounts.audit.context import acting
from accounts.audit.models import AuditEntry
from accounts.keyring import Undecryptable
from accounts.sealing import files, keys, renewing
from accounts.sealing.files import MAGIC, SealedFileSystemStorage
from accounts.sealing.models import DataKey
from matching import artefacts
from matching.engine import artefact
from matching.feeds.models import Change
from matching.lists.models import DemandLine
from matching.lists.states import LineState
from matching.runs.models import FrozenLine, Match, Shard
from matching.runs.queries import frozen
from matching.runs.services import artefacts as index_files
from matching.runs.services import run_shard, start_run
from matching.runs.states import ShardStage
from tests import factories, world
from tests.accounts.test_keyring import NEW, OLD
from tests.feeds.feeding import catch_up
from tests.torture import times

LINES, KILLS = times(8, 60), times(4, 60)


@pytest.fixture
def keyed() -> Iterator[None]:
    """An installation with a field key and its first data key."""
    with override_settings(FIELD_KEYS=[OLD]):
        keys.forget()
        keys.ensure()
        yield
    keys.forget()


def _lines() -> world.World:
    here = world.build()
    for number in range(LINES):
        factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED, price_ceiling=number)
    return here


def _stored() -> dict[tuple[str, Any], list[bytes]]:
    """What stands in every sealed column, by row."""
    found = {}
    for column in renewing.sealed_columns():
        for pk, held in column.rows.values_list("pk", column.name):
            tokens = held if isinstance(held, list) else [held]
            found[str(column), pk] = [bytes(token) for token in tokens if token is not None]
    return found


def _numbers() -> set[bytes]:
    return {token[:2] for tokens in _stored().values() for token in tokens}


def _ceilings() -> list[Decimal | None]:
    return [line.price_ceiling for line in DemandLine.objects.order_by("pk")]


def _reseal(*options: str) -> dict[str, str]:
    out = io.StringIO()
    call_command("reseal", *options, stdout=out)
    return dict(line.split(": ") for line in out.getvalue().splitlines() if ": " in line)


@pytest.mark.django_db
def test_every_column_and_every_copy_is_renewed_and_stays_what_it_is(keyed: None) -> None:
    here = world.build()
    run = world.finished_run(here, demands=2, supplies=3)
    before = _stored()
    lines = FrozenLine.objects.order_by("pk")
    secrets = [frozen.secrets(line.line_id, line.sealed) for line in lines]
    matches = [(one.verdicts, one.values) for one in Match.objects.filter(run=run).order_by("pk")]
    assert {name for name, _pk in before} >= {
        "matching.SupplyLine.free_capacity",
        "matching.Match.verdicts",
        "matching.FrozenLine.sealed",
    }
    told = _reseal("--new-key")
    after = _stored()
    assert _numbers() == {b"\0\2"}
    assert {place: len(tokens) for place, tokens in after.items()} == {
        place: len(tokens) for place, tokens in before.items()
    }
    assert told["matching.SupplyLine.free_capacity"] == "3"
    assert [frozen.secrets(line.line_id, line.sealed) for line in lines.all()] == secrets
    assert [(one.verdicts, one.values) for one in Match.objects.filter(run=run).order_by("pk")] == matches
    assert set(_reseal().values()) == {"0"}


@pytest.mark.django_db
def test_a_column_that_is_left_out_is_found(keyed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: copies that nobody registered keep the old key."""
    world.finished_run(world.build())
    columns = list(renewing.sealed_columns())
    with monkeypatch.context() as patched:
        patched.setattr(renewing, "_copies", [])
        _reseal("--new-key")
    assert {str(column) for column in columns} >= {"matching.FrozenLine.sealed"}
    assert _numbers() == {b"\0\1", b"\0\2"}


@pytest.mark.django_db
def test_the_field_key_can_be_changed_in_the_same_call(keyed: None) -> None:
    _lines()
    before = _ceilings()
    with override_settings(FIELD_KEYS=[NEW, OLD]):
        keys.forget()
        assert _reseal("--new-key")["accounts.DataKey.secret"] == "1"
    with override_settings(FIELD_KEYS=[NEW]):
        keys.forget()
        assert (DataKey.objects.count(), _ceilings()) == (2, before)


@pytest.mark.django_db
def test_processes_seal_under_the_newer_key_a_minute_later(
    keyed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 6000.0
    monkeypatch.setattr("accounts.sealing.keys.time.monotonic", lambda: now)
    assert keys.seal(b"1", b"")[:2] == b"\0\1"
    DataKey.objects.create(number=2, secret=keys._made())
    assert keys.seal(b"1", b"")[:2] == b"\0\1"
    now += keys._ASKED_AGAIN
    assert keys.seal(b"1", b"")[:2] == b"\0\2"


@pytest.mark.django_db
def test_integrators_are_told_of_nothing_and_the_audit_has_it(
    keyed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    _lines()
    catch_up()
    told = list(Change.objects.order_by("position").values_list("position", flat=True))
    _reseal("--new-key")
    catch_up()
    assert list(Change.objects.order_by("position").values_list("position", flat=True)) == told
    entries = AuditEntry.objects.filter(credential="reseal", table="matching_demandline")
    assert entries.values_list("object_id").distinct().count() == LINES
    monkeypatch.setattr("matching.feeds.services.gathering.is_renewal", lambda _entry: False)
    _reseal("--new-key")
    catch_up()
    assert list(Change.objects.order_by("position").values_list("position", flat=True)) != told


@pytest.mark.django_db
def test_what_somebody_else_writes_is_no_renewal(keyed: None) -> None:
    _lines()
    with acting(via="command", credential="other"):
        DemandLine.objects.update(title="电池片")
    assert not any(map(renewing.is_renewal, AuditEntry.objects.exclude(credential="reseal")))


@pytest.mark.django_db
def test_a_value_from_another_row_is_named_and_left(keyed: None) -> None:
    _lines()
    first, second = DemandLine.objects.order_by("pk")[:2]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE matching_demandline SET price_ceiling = (SELECT price_ceiling FROM matching_demandline "
            "WHERE id = %s) WHERE id = %s",
            [first.pk, second.pk],
        )
    with pytest.raises(Undecryptable, match=f"matching.DemandLine.price_ceiling {second.pk}"):
        _reseal("--new-key")


@pytest.mark.django_db
def test_files_are_renewed_and_a_failure_leaves_the_old_one(
    keyed: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = SealedFileSystemStorage(location=tmp_path)
    name = storage.save("a.csv", ContentFile(b"price,8173.4192"))
    (tmp_path / "old.csv").write_bytes(b"price,1")
    keys.add()
    with monkeypatch.context() as patched:
        patched.delattr(os, "replace")
        with pytest.raises(AttributeError, match="replace"):
            storage.renew(name)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.csv", "old.csv"]
    assert storage.open(name).read() == b"price,8173.4192"
    assert [storage.renew(one) for one in (name, "old.csv", name, "gone.csv")] == [True, True, False, False]
    assert [storage.open(one).read() for one in (name, "old.csv")] == [b"price,8173.4192", b"price,1"]
    for one in (name, "old.csv"):
        assert (tmp_path / one).read_bytes().startswith(MAGIC + b"\0\2")


@pytest.mark.django_db
def test_files_that_rows_name_are_found(keyed: None) -> None:
    here = world.build()
    line = factories.make_demand(here.leader, here.chain)
    made = line.attachments.create(name="a.pdf", size=1)
    made.file.save("a.pdf", ContentFile(b"x"))
    try:
        assert _reseal("--new-key")["files"] == "1"
        assert made.file.open().read() == b"x"
    finally:
        made.file.delete(save=False)


@pytest.mark.django_db
@pytest.mark.parametrize("is_locked", [True, False])
def test_a_file_that_is_erased_meanwhile_does_not_come_back(
    keyed: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_locked: bool
) -> None:
    storage = SealedFileSystemStorage(location=tmp_path)
    name = storage.save("a.csv", ContentFile(b"price,8173.4192"))
    keys.add()
    erasing = Thread(target=storage.delete, args=[name])

    def erase(*_files: Path) -> None:
        erasing.start()
        if not is_locked:  # the negative control: nobody waits for anybody
            erasing.join()

    if not is_locked:
        monkeypatch.setattr("accounts.sealing.files.fcntl.flock", lambda *_: None)
        monkeypatch.setattr(files, "_beside", lambda path: path.with_name(uuid4().hex))
    monkeypatch.setattr("accounts.sealing.files.shutil.copystat", erase)
    assert storage.renew(name)
    erasing.join()
    assert [one.name for one in tmp_path.iterdir()] == ([] if is_locked else [name])


@pytest.mark.django_db
def test_what_a_killed_renewal_left_goes_with_the_file(keyed: None, tmp_path: Path) -> None:
    storage = SealedFileSystemStorage(location=tmp_path)
    name = storage.save("a.csv", ContentFile(b"price,8173.4192"))
    (tmp_path / ".a.csv.renewed").write_bytes(b"half")
    keys.add()
    assert storage.renew(name)
    assert [one.name for one in tmp_path.iterdir()] == [name]
    (tmp_path / ".a.csv.renewed").write_bytes(b"half")
    storage.delete(name)
    assert list(tmp_path.iterdir()) == []


def _tokens_of_index() -> set[bytes]:
    """The data keys under which secrets stand in index files."""
    found = set()
    for name in artefacts.names():
        for payload in artefact.payloads(artefacts.mapped(name)):
            tokens = json.loads(bytes(payload))["sealed"]
            found |= {base64.b64decode(token)[:2] for token in tokens if token is not None}
    return found


@pytest.mark.django_db
def test_a_run_goes_on_where_its_index_and_results_are_renewed(
    keyed: None, tmp_path: Path, settings: LazySettings
) -> None:
    where = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "artefacts": where}
    here = world.build()
    for _ in range(3):
        factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED, price_ceiling=15)
        factories.make_supply(here.member, here.chain, state=LineState.VERIFIED, price_low=10, price_high=14)
    undisturbed = world.compute(start_run(actor=here.office, round_id=here.round.pk)).result_hash
    index_files._open.cache_clear()
    run = world.indexed(start_run(actor=here.office, round_id=here.round.pk))
    first = Shard.objects.filter(run=run, stage=ShardStage.MATCH).order_by("number")[0]
    run_shard(shard_id=first.pk)
    assert _tokens_of_index() == {b"\0\1"}
    told = _reseal("--new-key")
    assert (told["matching.Shard.result"], told["index files"]) == ("1", "1")
    assert (artefacts.names(), _numbers()) == ([], {b"\0\2"})
    index_files._open.cache_clear()
    assert world.compute(run).result_hash == undisturbed
    assert _tokens_of_index() == {b"\0\2"}
    assert set(_reseal().values()) == {"0"}


def test_without_field_keys_there_is_no_newer_data_key() -> None:
    with pytest.raises(ImproperlyConfigured, match="CHAINMATCH_FIELD_KEYS"):
        keys.add()


def _statements() -> int:
    sent = 0

    def count(execute: Callable[..., Any], *asked: Any) -> Any:
        nonlocal sent
        sent += 1
        return execute(*asked)

    with connection.execute_wrapper(count):
        _reseal("--new-key")
    return sent


def _killed(place: int) -> None:
    """Reseal in a process that is killed before that statement."""
    connections.close_all()
    child = os.fork()
    if child:
        _pid, status = os.waitpid(child, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL
        return
    del connections[DEFAULT_DB_ALIAS]
    left = place

    def kill_in_time(execute: Callable[..., Any], *asked: Any) -> Any:
        nonlocal left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*asked)

    try:
        with connection.execute_wrapper(kill_in_time):
            _reseal()
    finally:
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.django_db(transaction=True)
def test_killed_anywhere_it_loses_nothing_and_a_repeat_completes(
    keyed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewing.renew_column, "__kwdefaults__", {"batch": 3})
    _lines()
    before, last = _ceilings(), _statements()
    half_done = 0
    for place in random.Random(7).sample(range(last), k=min(KILLS, last)):
        newest = keys.add().to_bytes(2, "big")
        _killed(place)
        keys.forget()
        half_done += len(_numbers()) == 2
        assert _ceilings() == before
        _reseal()
        assert (_numbers(), _ceilings()) == ({newest}, before)
    assert half_done
