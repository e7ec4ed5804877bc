"""Frozen lines put together again: what the database froze in plain, and what it copied without reading it.

A sealed value is bound to the line that it was copied from, so it opens beside that line's id alone.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Sequence
from typing import Any

import msgspec
from django.db.models import QuerySet

from accounts.sealing import keys
from accounts.sealing.fields import open_row
from matching.engine import wire
from matching.engine.types import Need, Offer
from matching.lists.models import DemandLine, SupplyLine
from matching.runs.models import FrozenLine

NEED = ("price_ceiling",)
OFFER = ("free_capacity", "committed", "price_low", "price_high")
"""Columns whose sealed values are copied, in the order of ``FrozenLine.sealed``."""
_NEED_FIELDS: list[Any] = [DemandLine._meta.get_field(name) for name in NEED]
_OFFER_FIELDS: list[Any] = [SupplyLine._meta.get_field(name) for name in OFFER]
Copied = Sequence[bytes | memoryview | None]


class _Held(msgspec.Struct):
    line: uuid.UUID
    sealed: list[bytes | None]


_HELD = msgspec.json.Decoder(_Held)


def need_of(line: FrozenLine) -> Need:
    """A frozen demand line. Raises ``accounts.keyring.Undecryptable``."""
    return wire.decode(whole(line.line_id, line.payload, line.sealed), Need)


def offer_of(line: FrozenLine) -> Offer:
    """A frozen supply line. Raises as ``need_of``."""
    return wire.decode(whole(line.line_id, line.payload, line.sealed), Offer)


def needs_in(lines: QuerySet[FrozenLine]) -> list[Need]:
    """The needs of these lines, in their order. Raises as ``need_of``."""
    rows = lines.values_list("line_id", "payload", "sealed")
    return [wire.decode(whole(*row), Need) for row in rows.iterator()]


def whole(line: uuid.UUID, payload: str, sealed: Copied) -> bytes:
    """Everything that was frozen of a line, as ``wire`` reads it. Raises as ``need_of``."""
    return _joined(payload.encode(), secrets(line, sealed))


def secrets(line: uuid.UUID, sealed: Copied) -> bytes:
    """The secrets of a frozen line as JSON; what agreements had taken is off the free capacity."""
    if len(sealed) == len(NEED):
        [ceiling] = open_row(_NEED_FIELDS, sealed, line)
        return _json({"price_ceiling": ceiling})
    if not sealed:
        return b"{}"
    free, committed, low, high = open_row(_OFFER_FIELDS, sealed, line)
    left = None if free is None else free - (committed or 0)
    return _json({"free_capacity": left, "price_low": low, "price_high": high})


def renewed_copies(sealed: Copied, line: uuid.UUID) -> list[bytes | None]:
    """The same secrets under the newest data key; what stands under it already keeps its bytes."""
    fields = _NEED_FIELDS if len(sealed) == len(NEED) else _OFFER_FIELDS
    pairs = zip(fields, sealed, strict=False)
    return [None if token is None else field.renewed(bytes(token), line) for field, token in pairs]


def entry(line: uuid.UUID, payload: str, sealed: Copied) -> bytes:
    """A frozen line as an index file holds it: the secrets are still sealed."""
    tokens = [None if token is None else base64.b64encode(token).decode() for token in sealed]
    return _joined(payload.encode(), msgspec.json.encode({"line": str(line), "sealed": tokens}))


def is_outdated(entry_: memoryview) -> bool:
    """Whether an ``entry`` holds secrets under an older data key."""
    return not all(keys.is_newest(token) for token in _HELD.decode(entry_).sealed if token is not None)


def opened(entry_: memoryview) -> bytes:
    """The line of an ``entry``, as ``wire`` reads it. Raises as ``need_of``."""
    held = _HELD.decode(entry_)
    return _joined(bytes(entry_), secrets(held.line, held.sealed))


def _joined(first: bytes, second: bytes) -> bytes:
    """One JSON object of two; of a name that stands in both the second counts."""
    return first if second == b"{}" else first[:-1] + b"," + second[1:]


_json = msgspec.json.Encoder(decimal_format="string").encode
