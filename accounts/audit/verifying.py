"""Does the audit still say what it said? The hashes are computed anew, outside of the database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from accounts.audit.install import missing, rewritten
from accounts.audit.models import AuditCut
from accounts.audit.services import is_ours

CHUNK = 2_000
_CHAIN = """
SELECT s.position, s.hash, s.entry_id, e.id, e.at, e.transaction, e.request_id, e.actor, e.via, e.credential,
       e.action, e."table", e.object_id, e.before::text, e.after::text
FROM accounts_auditseal s LEFT JOIN accounts_auditentry e ON e.id = s.entry_id ORDER BY s.position
"""
_SLIPPED_IN = """
SELECT e.id FROM accounts_auditentry e LEFT JOIN accounts_auditseal s ON s.entry_id = e.id
WHERE s.entry_id IS NULL AND e.id <= (SELECT coalesce(max(floor), 0) FROM accounts_auditprogress)
ORDER BY e.id
"""


@dataclass(frozen=True, slots=True)
class Head:
    """A place of the chain and its hash, as it was written down somewhere else."""

    position: int
    hash: str

    @classmethod
    def parse(cls, text: str) -> Head:
        """From ``position:hash``. Raises ``ValueError``."""
        position, _, digest = text.strip().partition(":")
        if len(bytes.fromhex(digest)) != hashlib.sha256().digest_size:
            raise ValueError(text)
        return cls(int(position), digest)

    def __str__(self) -> str:
        return f"{self.position}:{self.hash}"


@dataclass(slots=True)
class Verified:
    """What was found: the newest place, how many entries were read, and what is wrong, one line each."""

    head: Head
    entries: int = 0
    problems: list[str] = field(default_factory=list)


@transaction.atomic
def verify(anchors: Sequence[Head] = ()) -> Verified:
    """Read the whole chain. ``anchors`` are heads that were kept elsewhere: without one, nobody can tell that
    the newest entries were cut off, or that the whole chain was computed anew."""
    start, problems = _start()
    found = Verified(start, problems=problems)
    wanted = {anchor.position: anchor for anchor in anchors}
    _compare(found, wanted, start)
    for row in _rows():
        _follow(found, row)
        _compare(found, wanted, found.head)
    # What was written down of entries that were removed in order, says nothing any more.
    lost = sorted(position for position in wanted if position > start.position)
    found.problems += [f"place {position} was written down and is gone" for position in lost]
    found.problems += [f"entry {number} was slipped in past the chain" for number in _slipped_in()]
    found.problems += [f"table {table} has lost its triggers" for table in missing()]
    found.problems += [f"function {name} is not this release's" for name in rewritten()]
    return found


def _start() -> tuple[Head, list[str]]:
    cut = AuditCut.objects.order_by("position").last()
    if cut is None:
        return Head(0, ""), []
    start = Head(cut.position, bytes(cut.hash).hex())
    return start, [] if is_ours(cut) else [f"the record of what was removed up to {cut.position} is forged"]


def _rows() -> Iterator[tuple[Any, ...]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(_CHAIN)
        while rows := cursor.fetchmany(CHUNK):
            yield from rows


def _follow(found: Verified, row: tuple[Any, ...]) -> None:
    position, stored, entry, present, *values = row
    expected = found.head.position + 1
    if position != expected:
        found.problems.append(f"places {expected} to {position - 1} were removed")
    if present is None:
        found.problems.append(f"entry {entry} at place {position} was removed")
    elif position == expected and _digest(found.head, position, present, values) != bytes(stored):
        found.problems.append(f"entry {entry} at place {position} was changed or moved")
    found.head = Head(position, bytes(stored).hex())
    found.entries += 1


def _digest(before: Head, position: int, entry: int, values: list[Any]) -> bytes:
    at: datetime = values[0]
    moment = f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
    text = json.dumps([position, entry, moment, *values[1:]], ensure_ascii=False)
    return hashlib.sha256(bytes.fromhex(before.hash) + text.encode()).digest()


def _compare(found: Verified, wanted: dict[int, Head], place: Head) -> None:
    anchor = wanted.pop(place.position, None)
    if anchor is not None and anchor.hash != place.hash:
        found.problems.append(f"place {place.position} has another hash than was written down")


def _slipped_in() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_SLIPPED_IN)
        return [number for (number,) in cursor.fetchall()]
