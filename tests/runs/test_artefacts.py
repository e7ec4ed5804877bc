"""One index for all shards: stored once, mapped by every worker, made again where it is lost or damaged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from django.conf import LazySettings
from django.core.files import File
from django.core.files.storage import InMemoryStorage, Storage, storages

from matching.engine import pipeline
from matching.lists.states import LineState
from matching.runs.models import MatchingRun, Shard
from matching.runs.services import artefacts, cancel_run, lease, publish, remove_idle, start_run
from matching.runs.states import RunState, ShardStage
from tests import factories, world

pytestmark = pytest.mark.django_db
FILES = "django.core.files.storage.FileSystemStorage"


class Remote(Storage):
    """A storage that several machines reach and that has no files of its own."""

    held: ClassVar = InMemoryStorage()

    def _open(self, name: str, mode: str) -> File[bytes]:
        found: File[bytes] = self.held.open(name, mode)
        return found

    def _save(self, name: str, content: File[bytes]) -> str:
        return self.held.save(name, content)

    def exists(self, name: str) -> bool:
        """Whether it is kept."""
        return self.held.exists(name)

    def delete(self, name: str) -> None:
        """Forget it."""
        self.held.delete(name)


@pytest.fixture(autouse=True)
def folder(settings: LazySettings, tmp_path: Path) -> Iterator[Path]:
    _store_in(settings, FILES, location=tmp_path / "artefacts")
    yield tmp_path / "artefacts"
    artefacts._open.cache_clear()


def _store_in(settings: LazySettings, backend: str, **options: object) -> None:
    settings.STORAGES = {**settings.STORAGES, "artefacts": {"BACKEND": backend, "OPTIONS": options}}
    artefacts._open.cache_clear()


def _indexed() -> tuple[world.World, MatchingRun]:
    here = world.build()
    for _ in range(3):
        factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED)
        factories.make_supply(here.member, here.chain, state=LineState.VERIFIED)
    return here, world.indexed(start_run(actor=here.office, round_id=here.round.pk))


def _result(run: MatchingRun) -> str:
    run = world.compute(run)
    assert run.state == RunState.FINISHED, run.error
    return run.result_hash


def _again(here: world.World) -> MatchingRun:
    return world.indexed(start_run(actor=here.office, round_id=here.round.pk))


def test_runs_of_the_same_offers_share_one_index(folder: Path) -> None:
    here, run = _indexed()
    cancel_run(actor=here.office, run_id=run.pk)
    (held,) = folder.iterdir()
    before = held.stat().st_mtime_ns
    again = _again(here)
    assert again.index_hash == run.index_hash
    assert [(one, one.stat().st_mtime_ns) for one in folder.iterdir()] == [(held, before)]


@pytest.mark.parametrize("harm", ["missing", "empty", "short", "changed"])
def test_a_lost_or_damaged_index_is_made_again(folder: Path, harm: str) -> None:
    here, run = _indexed()
    expected = _result(run)
    run = _again(here)
    (held,) = folder.iterdir()
    whole = held.read_bytes()
    match harm:
        case "missing":
            held.unlink()
        case "empty":
            held.write_bytes(b"")
        case "short":
            held.write_bytes(whole[:-100])
        case _:
            held.write_bytes(whole[:500] + bytes([whole[500] ^ 1]) + whole[501:])
    artefacts._open.cache_clear()
    assert _result(run) == expected
    assert held.read_bytes() == whole


def test_a_storage_without_files_serves_as_well(settings: LazySettings) -> None:
    here, run = _indexed()
    expected = _result(run)
    _store_in(settings, f"{__name__}.Remote")
    run = _again(here)
    assert storages["artefacts"].exists(f"{run.index_hash}.index")
    assert _result(run) == expected
    storages["artefacts"].delete(f"{run.index_hash}.index")
    artefacts._open.cache_clear()
    assert artefacts.index_of(run).chains.keys() == {here.chain.pk}


def test_an_index_stays_while_a_live_run_uses_it(folder: Path) -> None:
    here, run = _indexed()
    assert remove_idle() == 0
    cancel_run(actor=here.office, run_id=run.pk)
    assert remove_idle() == 1
    assert list(folder.iterdir()) == []


def test_the_newest_finished_run_keeps_its_index_for_questions(folder: Path) -> None:
    here = world.build()
    old = world.finished_run(here)
    factories.make_supply(here.member, here.chain, state=LineState.VERIFIED)
    new = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    assert remove_idle() == 1
    assert [path.name for path in folder.iterdir()] == [f"{new.index_hash}.index"]
    assert old.index_hash != new.index_hash


def test_the_newest_published_run_keeps_its_index_for_questions(folder: Path) -> None:
    here = world.build()
    first = world.finished_run(here)
    publish(actor=here.office, run_id=first.pk)
    runs = [first]
    for _ in range(3):
        factories.make_supply(here.member, here.chain, state=LineState.VERIFIED)
        runs.append(world.compute(start_run(actor=here.office, round_id=here.round.pk)))
    publish(actor=here.office, run_id=runs[1].pk)
    assert len({run.index_hash for run in runs}) == 4
    assert remove_idle() == 2
    kept = {f"{run.index_hash}.index" for run in (runs[1], runs[3])}
    assert {path.name for path in folder.iterdir()} == kept


def test_a_run_without_an_index_names_no_file(folder: Path) -> None:
    run = world.finished_run(world.build())
    MatchingRun.objects.filter(pk=run.pk).update(index_hash="")
    run.refresh_from_db()
    with pytest.raises(ValueError, match="none yet"):
        artefacts.index_of(run)
    assert remove_idle() == 1
    assert list(folder.iterdir()) == []


def test_no_index_at_all_is_no_trouble() -> None:
    assert remove_idle() == 0


def test_a_worker_of_an_older_release_leaves_a_newer_run_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    _, run = _indexed()
    shard = Shard.objects.get(run=run, stage=ShardStage.MATCH)
    monkeypatch.setattr(pipeline, "VERSION", run.engine - 1)
    assert lease(shard_id=shard.pk) is None
    run.refresh_from_db()
    assert run.state == RunState.RUNNING


def test_a_worker_of_a_newer_release_ends_an_older_run(monkeypatch: pytest.MonkeyPatch) -> None:
    _, run = _indexed()
    shard = Shard.objects.get(run=run, stage=ShardStage.MATCH)
    monkeypatch.setattr(pipeline, "VERSION", run.engine + 1)
    assert lease(shard_id=shard.pk) is None
    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert "旧版" in run.error or "older release" in run.error
