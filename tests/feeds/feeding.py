"""What has been written becomes news at once: for tests that stay in one transaction."""

from __future__ import annotations

from typing import Any

from accounts.audit.models import AuditEntry
from accounts.audit.services import seal
from accounts.models import User
from matching.feeds.services import gather
from matching.feeds.services.gathering import Sealed
from tests.api.story import client_of

ADDRESS = "/api/v1/changes/"


def by_id(position: int, limit: int) -> Sealed:
    """Entries as they are numbered, whoever of them may still come to stand between."""
    found = AuditEntry.objects.filter(id__gt=position).order_by("id")[:limit]
    return [(entry.pk, entry) for entry in found]


def catch_up() -> None:
    """Gather all that this transaction has written."""
    while gather(entries=by_id):
        pass


def seal_and_gather() -> None:
    """What the clock does, on committed data."""
    seal()
    while gather():
        pass


def ask(person: User | None, since: str = "", **wanted: Any) -> Any:
    """The answer to a reader."""
    query = {"since": since, **wanted} if since else wanted
    return client_of(person).get(ADDRESS, query)


def told(person: User | None, since: str = "", **wanted: Any) -> list[tuple[str, str, str | None]]:
    """Types, ids and states that a reader is told."""
    body = ask(person, since, **wanted).json()
    return [(one["type"], one["id"], one["state"]) for one in body["changes"]]
