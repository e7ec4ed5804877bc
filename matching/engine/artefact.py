"""One chain's offers and their text index as one run of bytes: written once, opened by every worker.

It is read where it lies (memory-mapped, say); an offer is decoded when it is first compared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any, overload

import msgspec
import numpy as np
from numpy.typing import NDArray

from matching.engine import retrieval, wire
from matching.engine.conditions import Reader
from matching.engine.pipeline import ChainOffers, Index
from matching.engine.retrieval import columns
from matching.engine.retrieval.columns import Columns
from matching.engine.retrieval.index import columns as columns_of
from matching.engine.retrieval.index import opened
from matching.engine.text import index_glossary
from matching.engine.types import Glossary, Offer

_SEAL = 32
Plain = Callable[[memoryview], bytes]


class _Worded(msgspec.Struct, frozen=True, gc=False):
    values: tuple[str, ...] = ()


class _Said(msgspec.Struct, frozen=True, gc=False):
    """As ``retrieval.Said``: most of an offer is numbers, and reading these takes ten times as long."""

    node: tuple[str, ...]
    title: str
    description: str = ""
    standards: tuple[str, ...] = ()
    properties: tuple[_Worded, ...] = ()
    aliases: tuple[str, ...] = ()
    meanings: tuple[bytes, ...] = ()


class Damaged(ValueError):
    """The bytes are not what was written, or another release wrote them."""


class StoredOffers(Sequence[Offer]):
    """Offers that are decoded one by one, when they are asked for."""

    def __init__(self, payloads: NDArray[np.uint8], at: NDArray[np.int64], plain: Plain) -> None:
        self._payloads, self._at, self._plain = payloads, at, plain

    def __len__(self) -> int:
        return len(self._at) - 1

    @overload
    def __getitem__(self, position: int) -> Offer: ...

    @overload
    def __getitem__(self, position: slice) -> Sequence[Offer]: ...

    def __getitem__(self, position: int | slice) -> Offer | Sequence[Offer]:
        if isinstance(position, slice):
            return [self[at] for at in range(*position.indices(len(self)))]
        if not 0 <= position < len(self):
            raise IndexError(position)
        begin, end = self._at[position], self._at[position + 1]
        return wire.decode(self._plain(self._payloads[begin:end].data), Offer)


def build(payloads: Iterable[bytes], glossary: Glossary) -> Iterator[bytes | memoryview]:
    """The bytes to write for offers of one chain, encoded by ``wire`` and ordered by key.

    What finding them does not need may be left out or stand there in another form; see ``open_index``.
    """
    held = list(payloads)
    text = retrieval.build([wire.decode(payload, _Said) for payload in held], index_glossary(glossary))
    at = np.zeros(len(held) + 1, np.int64)
    np.cumsum([len(payload) for payload in held], out=at[1:])
    return sealed(columns_of(text) | {"offers": np.frombuffer(b"".join(held), np.uint8), "offers_at": at})


def open_index(data: memoryview, chain: str, glossary: Glossary, plain: Plain = bytes) -> Index:
    """What ``build`` wrote, ready for ``pipeline.match_shard``. Raises ``Damaged``.

    ``plain`` makes what ``wire`` can read of an offer as it was given to ``build``.
    """
    reader = Reader(index_glossary(glossary))
    with reading():
        held = unsealed(data)
        offers = StoredOffers(held.pop("offers"), held.pop("offers_at"), plain)
        return Index({chain: ChainOffers(offers, opened(held), reader)}, reader)


def payloads(data: memoryview) -> Iterator[memoryview]:
    """The offers of what ``build`` wrote, as they were given to it. Raises ``Damaged``."""
    with reading():
        held = unsealed(data)
        offers, at = held["offers"], held["offers_at"]
    for begin, end in pairwise(at.tolist()):
        yield offers[begin:end].data


def sealed(held: Columns) -> Iterator[bytes | memoryview]:
    """The bytes of these columns, and a digest by which ``unsealed`` knows that they are whole."""
    seal = hashlib.sha256()
    for piece in columns.pack(held):
        seal.update(piece)
        yield piece
    yield seal.digest()


@contextmanager
def reading() -> Iterator[None]:
    """Columns that are missing, or hold something else, are raised as ``Damaged``."""
    try:
        yield
    except Damaged:
        raise
    except (LookupError, ValueError, TypeError, msgspec.MsgspecError) as error:
        raise Damaged(f"not an index of this release: {error}") from error


def unsealed(data: memoryview) -> dict[str, NDArray[Any]]:
    """The columns that ``sealed`` wrote. Raises ``Damaged``."""
    whole = data[:-_SEAL]
    if hashlib.sha256(whole).digest() != data[-_SEAL:]:
        raise Damaged("the index is cut short or changed")
    with reading():
        return columns.unpack(whole)
