"""Bytes of engine values: canonical, so that equal results are byte-identical and can be hashed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TypeVar

import msgspec

from matching.engine.conditions import as_text, from_text, gating_failures
from matching.engine.types import Candidate, ConditionKind, NearMiss, NeedResult

T = TypeVar("T")

_ENCODER = msgspec.json.Encoder(order="deterministic", decimal_format="string")


def encode(value: object) -> bytes:
    """Canonical JSON of an engine value or a tuple of them."""
    return _ENCODER.encode(value)


def decode(data: bytes | memoryview, type_: type[T]) -> T:
    """The value of ``type_`` that ``encode`` wrote; raises msgspec.ValidationError where it does not fit."""
    return msgspec.json.decode(data, type=type_)


def digest(*parts: bytes) -> str:
    """SHA-256 in hex over the parts; where one part ends and the next begins changes it."""
    state = hashlib.sha256()
    for part in parts:
        state.update(len(part).to_bytes(8, "big"))
        state.update(part)
    return state.hexdigest()


class _Pair(msgspec.Struct, array_like=True, frozen=True, gc=False):
    offer: str
    position: int
    score: int
    verdicts: str
    values: tuple[int | None, ...]
    confirmed: bool


class _Result(msgspec.Struct, array_like=True, frozen=True, gc=False):
    need: str
    matches: tuple[_Pair, ...]
    near_misses: tuple[_Pair, ...]
    retrieved: int
    excluded: tuple[tuple[ConditionKind, int], ...]
    cut: int


_PACKER = msgspec.msgpack.Encoder(order="deterministic")
_UNPACKER = msgspec.msgpack.Decoder(_Result)
_SPLITTER = msgspec.msgpack.Decoder(list[bytes])


def pack(results: Iterable[NeedResult]) -> bytes:
    """Results as a run stores them: short, canonical, one piece a need (``pieces``)."""
    return _PACKER.encode([_PACKER.encode(_packed(result)) for result in results])


def pieces(packed: bytes) -> list[bytes]:
    """The bytes of each need's result, which do not depend on how needs were cut into shards."""
    return _SPLITTER.decode(packed)


def unpack(piece: bytes) -> NeedResult:
    """The result that became one of ``pieces``."""
    held = _UNPACKER.decode(piece)
    misses = (_candidate(held.need, pair, feasible=False) for pair in held.near_misses)
    return NeedResult(
        held.need,
        tuple(_candidate(held.need, pair, feasible=True) for pair in held.matches),
        tuple(NearMiss(miss, gating_failures(miss.conditions)[0]) for miss in misses),
        held.retrieved,
        held.excluded,
        held.cut,
    )


def _packed(result: NeedResult) -> _Result:
    return _Result(
        result.need,
        tuple(map(_pair, result.matches)),
        tuple(_pair(miss.candidate) for miss in result.near_misses),
        result.retrieved,
        result.excluded,
        result.cut,
    )


def _pair(found: Candidate) -> _Pair:
    verdicts = as_text(found.conditions)
    return _Pair(found.offer, found.position, found.score, verdicts, found.criteria, found.confirmed)


def _candidate(need: str, pair: _Pair, *, feasible: bool) -> Candidate:
    conditions = from_text(pair.verdicts)
    return Candidate(
        need, pair.offer, pair.score, feasible, conditions, pair.values, pair.confirmed, pair.position
    )
