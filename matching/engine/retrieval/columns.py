"""Arrays in one run of bytes: written once, read without copying (memory-mapped, say)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

Columns = Mapping[str, NDArray[Any]]
_ALIGNMENT = 64
_MAGIC = b"columns1"


class _Column(msgspec.Struct, frozen=True):
    name: str
    type: str
    size: int


def pack(columns: Columns) -> Iterator[bytes | memoryview]:
    """The pieces of a run of bytes that holds these one-dimensional arrays; little-endian, aligned."""
    arrays = {name: np.ascontiguousarray(column) for name, column in columns.items()}
    head = msgspec.json.encode([_Column(name, array.dtype.str, array.size) for name, array in arrays.items()])
    start = _MAGIC + len(head).to_bytes(8, "little") + head
    yield start
    yield b"\0" * _padding(len(start))
    for array in arrays.values():
        yield array.view(np.uint8).data if array.size else b""
        yield b"\0" * _padding(array.nbytes)


def unpack(data: memoryview) -> dict[str, NDArray[Any]]:
    """Views of the arrays that ``pack`` wrote. Raises ValueError where the bytes are not whole."""
    if bytes(data[:8]) != _MAGIC:
        raise ValueError("not an index, or one of another release")
    length = int.from_bytes(data[8:16], "little")
    held = msgspec.json.decode(data[16 : 16 + length], type=list[_Column])
    at = 16 + length
    at += _padding(at)
    found: dict[str, NDArray[Any]] = {}
    for column in held:
        type_ = np.dtype(column.type)
        if at + type_.itemsize * column.size > len(data):
            raise ValueError(f"cut short in {column.name}")
        found[column.name] = np.frombuffer(data, type_, column.size, at)
        at += type_.itemsize * column.size
        at += _padding(at)
    return found


def strings_at(texts: Iterable[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Texts as one run of UTF-8, and where each begins (one more entry than there are texts)."""
    encoded = [text.encode() for text in texts]
    at = np.zeros(len(encoded) + 1, np.int64)
    np.cumsum([len(text) for text in encoded], out=at[1:])
    return np.frombuffer(b"".join(encoded), np.uint8), at


def strings(blob: NDArray[np.uint8], at: NDArray[np.int64]) -> list[str]:
    """All texts of ``strings_at``."""
    data = blob.tobytes()
    ends = at.tolist()
    return [data[begin:end].decode() for begin, end in pairwise(ends)]


def string(blob: NDArray[np.uint8], at: NDArray[np.int64], position: int) -> str:
    """One text of ``strings_at``."""
    return blob[at[position] : at[position + 1]].tobytes().decode()


def _padding(size: int) -> int:
    return -size % _ALIGNMENT
