"""Files that several processes share: written whole behind Django's storage, mapped into memory to be read.

From a storage without files a process takes a copy once. Whoever has a file open keeps reading it when it
is deleted.
"""

from __future__ import annotations

import mmap
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, storages


def save(name: str, pieces: Iterable[bytes | memoryview]) -> None:
    """Write a file whole; one of that name is replaced."""
    with tempfile.TemporaryDirectory(dir=_scratch()) as folder:
        path = Path(folder) / "whole"
        with path.open("wb") as written:
            written.writelines(pieces)
        # What is there already would make the storage take another name.
        delete(name)
        with path.open("rb") as whole:
            _storage().save(name, _Moved(whole))


def mapped(name: str) -> memoryview:
    """The bytes of a file where they lie, empty for an empty one. Raises FileNotFoundError."""
    with _local(name) as held:
        if os.fstat(held.fileno()).st_size == 0:
            return memoryview(b"")
        return memoryview(mmap.mmap(held.fileno(), 0, access=mmap.ACCESS_READ))


def exists(name: str) -> bool:
    """Whether there is a file of that name."""
    return _storage().exists(name)


def delete(name: str) -> None:
    """Remove a file, if it is there."""
    _storage().delete(name)


def names(folder: str = "") -> list[str]:
    """Names of the files in a folder."""
    try:
        return _storage().listdir(folder)[1]
    except FileNotFoundError:
        return []


def _storage() -> Storage:
    return storages["artefacts"]


class _Moved(File[bytes]):
    """A file that a storage of files takes as it is, so that nobody ever sees half of it."""

    def temporary_file_path(self) -> str:
        """Where it lies until then."""
        return str(self.name)


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
