"""The index that all shards of a run share: one file behind Django's storage, named by its content.

A worker maps it into memory where it lies; from a storage without files it takes a copy once. A file that
is missing or damaged is made again from the frozen lines.
"""

from __future__ import annotations

import mmap
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, storages

from matching.engine import artefact, wire
from matching.engine.pipeline import Index
from matching.engine.types import Glossary, Offer
from matching.runs.models import FrozenLine, MatchingRun, Side
from matching.runs.states import LIVE, RunState

_CHUNK = 5000


def store_index(run: MatchingRun) -> None:
    """Build the run's index and store it, unless it is there whole."""
    try:
        _open(run.index_hash, run.round.chain_id, run.glossary)
    except (FileNotFoundError, artefact.Damaged):
        _build(run)


def index_of(run: MatchingRun) -> Index:
    """The run's index; built anew where it is missing or damaged."""
    try:
        return _open(run.index_hash, run.round.chain_id, run.glossary)
    except (FileNotFoundError, artefact.Damaged):
        _build(run)
        return _open(run.index_hash, run.round.chain_id, run.glossary)


def offers_of(run: MatchingRun, positions: Iterable[int]) -> list[Offer]:
    """The run's offers at these positions, ordered by key."""
    chain = index_of(run).chains[run.round.chain_id]
    return [chain.offer(position) for position in sorted(positions)]


def glossary_of(run: MatchingRun) -> Glossary:
    """The glossary that was frozen with the run."""
    return wire.decode(run.glossary.encode(), Glossary)


def remove_idle() -> int:
    """Delete indexes that no live run uses, nor the newest finished one of a chain; returns how many.

    Whoever still has one open keeps reading it.
    """
    used = [
        *MatchingRun.objects.filter(state__in=LIVE).values_list("index_hash", flat=True),
        *MatchingRun.objects.filter(state=RunState.FINISHED)
        .order_by("round__chain_id", "round__kind", "-created_at")
        .distinct("round__chain_id", "round__kind")
        .values_list("index_hash", flat=True),
    ]
    kept = {_name(name) for name in used}
    idle = [name for name in _names() if name not in kept]
    for name in idle:
        _storage().delete(name)
    return len(idle)


def _storage() -> Storage:
    return storages["artefacts"]


def _name(index_hash: str) -> str:
    return f"{index_hash}.index"


def _names() -> list[str]:
    try:
        return _storage().listdir("")[1]
    except FileNotFoundError:
        return []


def _build(run: MatchingRun) -> None:
    lines = FrozenLine.objects.filter(run=run, side=Side.OFFER).order_by("position")
    payloads = lines.values_list("payload", flat=True).iterator(chunk_size=_CHUNK)
    with tempfile.TemporaryDirectory(dir=_scratch()) as folder:
        path = Path(folder) / "index"
        with path.open("wb") as written:
            written.writelines(artefact.build((payload.encode() for payload in payloads), glossary_of(run)))
        name = _name(run.index_hash)
        # A damaged file would make the storage take another name.
        _storage().delete(name)
        with path.open("rb") as whole:
            _storage().save(name, _Moved(whole))


class _Moved(File[bytes]):
    """A file that a storage of files takes as it is, so that nobody ever sees half of it."""

    def temporary_file_path(self) -> str:
        """Where it lies until then."""
        return str(self.name)


@lru_cache(maxsize=1)
def _open(index_hash: str, chain: str, glossary: str) -> Index:
    with _local(_name(index_hash)) as held:
        if os.fstat(held.fileno()).st_size == 0:
            raise artefact.Damaged("empty")
        mapped = mmap.mmap(held.fileno(), 0, access=mmap.ACCESS_READ)
    return artefact.open_index(memoryview(mapped), chain, wire.decode(glossary.encode(), Glossary))


def _local(name: str) -> IO[bytes]:
    """The file itself, or a copy of it. Raises FileNotFoundError."""
    storage = _storage()
    with suppress(NotImplementedError):
        return Path(storage.path(name)).open("rb")
    if not storage.exists(name):
        raise FileNotFoundError(name)
    copy: IO[bytes] = tempfile.TemporaryFile(dir=_scratch())  # noqa: SIM115 (the caller closes it)
    with storage.open(name) as source:
        copy.writelines(source.chunks())
    copy.flush()
    return copy


def _scratch() -> Path:
    folder: Path = settings.ARTEFACT_SCRATCH
    folder.mkdir(parents=True, exist_ok=True)
    return folder
