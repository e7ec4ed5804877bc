"""From the audit to the changes feed: what was written becomes news, in the order of commits."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from accounts.audit.models import AuditEntry
from accounts.audit.queries import sealed_after
from accounts.sealing.renewing import is_renewal
from matching.feeds.models import Change, Gathering
from matching.feeds.sources import BY_TABLE, Source
from matching.meetings.models import Appointment, SigningMeeting

BATCH = 2000
Sealed = Sequence[tuple[int, AuditEntry]]


class News(NamedTuple):
    """One change to tell of."""

    event: str
    object_id: uuid.UUID
    inner: bool


def sealed(position: int, limit: int) -> Sealed:
    """Entries in the order in which no late committer comes between."""
    return [(entry.seal.position, entry) for entry in sealed_after(position)[:limit]]


def gather(*, entries: Callable[[int, int], Sealed] = sealed, limit: int = BATCH) -> int:
    """Take over what the audit has sealed since the last time; returns how many entries were read.

    Side effects: one row of ``Change`` an object, with a new position. Only one gathers at a time.
    """
    with transaction.atomic():
        Gathering.objects.get_or_create(pk=1)
        state = Gathering.objects.select_for_update(skip_locked=True).filter(pk=1).first()
        if state is None:
            return 0
        found = entries(state.sealed, limit)
        if not found:
            return 0
        state.head = _store(_latest(entry for _position, entry in found), state.head)
        state.sealed = found[-1][0]
        state.save()
    return len(found)


def _latest(entries: Iterable[AuditEntry]) -> dict[News, datetime]:
    """News in the order of their last change."""
    latest: dict[News, datetime] = {}
    for entry in entries:
        source = BY_TABLE.get(entry.table)
        if source is None or entry.action == "delete" or is_renewal(entry):
            continue
        object_id = uuid.UUID(entry.object_id)
        found = _of_entry(source, entry, object_id)
        if found:
            found += _brought_along(source, object_id)
        for news in found:
            latest.pop(news, None)
            latest[news] = entry.at
    return latest


def _of_entry(source: Source, entry: AuditEntry, object_id: uuid.UUID) -> list[News]:
    open_, inner = source.news(entry.after or {})
    if entry.action == "insert":
        open_, inner = True, False
    return [News(source.event, object_id, inner=not open_)] if open_ or inner else []


def _brought_along(source: Source, object_id: uuid.UUID) -> list[News]:
    """A firm sees its appointments from the approval of their meeting on, though they stay as they were."""
    if source.model is not SigningMeeting:
        return []
    event = BY_TABLE[Appointment._meta.db_table].event
    of_meeting = Appointment.objects.filter(meeting_id=object_id).order_by("pk").values_list("pk", flat=True)
    return [News(event, appointment, inner=False) for appointment in of_meeting]


def _store(latest: dict[News, datetime], head: int) -> int:
    if not latest:
        return head
    old = Change.objects.filter(object_id__in={news.object_id for news in latest})
    keys = {News(row.event, row.object_id, row.inner): row.pk for row in old}
    Change.objects.filter(pk__in=[keys[news] for news in latest if news in keys]).delete()
    stored = Change.objects.bulk_create(
        Change(event=news.event, object_id=news.object_id, inner=news.inner, at=at)
        for news, at in latest.items()
    )
    return max(change.position for change in stored)
