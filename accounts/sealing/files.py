"""Files that stand sealed in a storage: what firms hand in.

A file is cut into chunks, each sealed with AES-256-GCM under a key of its own file and its number as nonce,
the last one marked (the STREAM construction of https://eprint.iacr.org/2015/189). So files of any size are
read from any place without being held in memory, and one that is cut short, put together from others or moved
to another name does not open. Files that an older release left in plain are read as they are.
"""

from __future__ import annotations

import fcntl
import io
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.files import File
from django.core.files.storage import FileSystemStorage

from accounts.keyring import Undecryptable
from accounts.sealing import keys

MAGIC = b"CMsealed1"
CHUNK = 64 * 1024
_TAG = 16
_SALT = 16
_NUMBER = 2
_HEAD = len(MAGIC) + _NUMBER + _SALT
_IN_MEMORY = 4 * 1024 * 1024


def sealed(plain: IO[bytes], name: str) -> Iterator[bytes]:
    """The bytes to store for a file of that name. Raises as ``keys.seal``."""
    key, salt = keys.newest(), secrets.token_bytes(_SALT)
    yield MAGIC + key.head + salt
    cipher, number, chunk = _cipher(key.number, salt), 0, plain.read(CHUNK)
    while True:
        following = plain.read(CHUNK)
        yield cipher.encrypt(_nonce(number, last=not following), chunk, name.encode())
        if not following:
            return
        number, chunk = number + 1, following


class SealedReader(io.RawIOBase):
    """The plain bytes of a sealed file, from any place of it. Raises ``Undecryptable`` when it is read."""

    def __init__(self, stored: IO[bytes], name: str) -> None:
        super().__init__()
        self._stored, self._name = stored, name.encode()
        head = stored.read(_HEAD)[len(MAGIC) :]
        self._cipher = _cipher(int.from_bytes(head[:_NUMBER], "big"), head[_NUMBER:])
        body = stored.seek(0, io.SEEK_END) - _HEAD
        self._chunks = max(1, -(-body // (CHUNK + _TAG)))
        self._size = body - self._chunks * _TAG
        self._at = 0
        self._open: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place of the plain file."""
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Read up to the end of a chunk."""
        # An empty file has one chunk too, which says that nothing was cut off.
        number = min(self._at // CHUNK, self._chunks - 1)
        piece = self._chunk(number)[self._at - number * CHUNK :][: len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def _chunk(self, number: int) -> bytes:
        if self._open[0] != number:
            self._stored.seek(_HEAD + number * (CHUNK + _TAG))
            held = self._stored.read(CHUNK + _TAG)
            nonce = _nonce(number, last=number == self._chunks - 1)
            try:
                self._open = number, self._cipher.decrypt(nonce, held, self._name)
            except InvalidTag:
                raise Undecryptable(f"the file {self._name.decode()} is damaged or another one") from None
        return self._open[1]

    def close(self) -> None:
        """Close the stored file as well."""
        self._stored.close()
        super().close()


class SealingMixin:
    """For a storage of Django's: what it stores is sealed under the file's name, what it opens is plain."""

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        stored = super()._open(name, "rb")  # type: ignore[misc]
        is_sealed = stored.read(len(MAGIC)) == MAGIC
        stored.seek(0)
        if not is_sealed:
            return stored  # type: ignore[no-any-return]
        return File(io.BufferedReader(SealedReader(stored, name), CHUNK), name)

    def _save(self, name: str, content: File[Any]) -> str:
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as held:
            content.seek(0)
            plain: Any = content.file
            held.writelines(sealed(plain, name))
            held.seek(0)
            stored: str = super()._save(name, File(held, name))  # type: ignore[misc]
        if stored != name:
            # Another file took the name meanwhile; sealed under it, this one would not open.
            self.delete(stored)  # type: ignore[attr-defined]
            return self.save(name, content)  # type: ignore[attr-defined, no-any-return]
        return stored


class SealedFileSystemStorage(SealingMixin, FileSystemStorage):
    """Files on disk."""

    def renew(self, name: str) -> bool:
        """Seal a file under the newest data key; whether anything was to be done.

        Whoever reads it meanwhile reads the old one to its end; killed in the middle, it stays the old one.
        Whoever deletes it waits for the end, so that it does not come back.
        """
        path = Path(self.path(name))
        with _held(path) as held:
            if held is None:
                return False
            head = held.read(_HEAD)
            if head.startswith(MAGIC) and keys.is_newest(head[len(MAGIC) :]):
                return False
            made = _beside(path)
            try:
                with self.open(name) as plain, made.open("wb") as written:
                    written.writelines(sealed(plain, name))
                    written.flush()
                    os.fsync(written.fileno())
                shutil.copystat(path, made)
                made.replace(path)
            finally:
                made.unlink(missing_ok=True)
        return True

    def delete(self, name: str) -> None:
        """Remove a file, and what a killed ``renew`` has left of it."""
        if not name:
            raise ValueError("The name must be given to delete().")
        path = Path(self.path(name))
        with _held(path):
            _beside(path).unlink(missing_ok=True)
            super().delete(name)


def _beside(path: Path) -> Path:
    """Where a file is sealed anew before it takes the place of the old one."""
    return path.with_name(f".{path.name}.renewed")


@contextmanager
def _held(path: Path) -> Iterator[IO[bytes] | None]:
    """The file, which nobody else renews or deletes meanwhile; None where there is none, or a folder."""
    while True:
        try:
            held = path.open("r+b")
        except (FileNotFoundError, IsADirectoryError):
            yield None
            return
        with held:
            fcntl.flock(held, fcntl.LOCK_EX)
            # Whoever had it before may have put another one in its place.
            if _is_there(path, held):
                yield held
                return


def _is_there(path: Path, held: IO[bytes]) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(held.fileno()))
    except FileNotFoundError:
        return False


def _cipher(number: int, salt: bytes) -> AESGCM:
    return AESGCM(keys.numbered(number).derive(b"file", salt, 32))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
