"""What a shard of the matching has found, sealed until the allocation reads it."""

from __future__ import annotations

from accounts.sealing import keys
from matching.runs.models import Shard


def sealed(packed: bytes, shard: Shard) -> bytes:
    """What to store of results as ``wire.pack`` wrote them."""
    return keys.seal(packed, _place(shard.pk))


def opened(shard: Shard) -> bytes:
    """What was packed. Raises ``accounts.keyring.Undecryptable``."""
    return keys.unseal(bytes(shard.result), _place(shard.pk))


def renewed(stored: bytes | memoryview, shard: int) -> bytes:
    """The same under the newest data key. Raises as ``opened``."""
    return keys.renewed(bytes(stored), _place(shard))


def _place(shard: int) -> bytes:
    return f"matching.shard.result {shard}".encode()
