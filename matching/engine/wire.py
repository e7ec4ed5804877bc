"""Bytes of engine values: canonical, so that equal results are byte-identical and can be hashed."""

from __future__ import annotations

import hashlib
from typing import TypeVar

import msgspec

T = TypeVar("T")

_ENCODER = msgspec.json.Encoder(order="deterministic", decimal_format="string")


def encode(value: object) -> bytes:
    """Canonical JSON of an engine value or a tuple of them."""
    return _ENCODER.encode(value)


def decode(data: bytes, type_: type[T]) -> T:
    """The value of ``type_`` that ``encode`` wrote; raises msgspec.ValidationError where it does not fit."""
    return msgspec.json.decode(data, type=type_)


def digest(*parts: bytes) -> str:
    """SHA-256 in hex over the parts; where one part ends and the next begins changes it."""
    state = hashlib.sha256()
    for part in parts:
        state.update(len(part).to_bytes(8, "big"))
        state.update(part)
    return state.hexdigest()
