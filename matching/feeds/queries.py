"""What has changed since, as one reader may know it now."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from matching.feeds.access import sees_inner
from matching.feeds.models import Change, Gathering, WebhookDelivery, WebhookEndpoint
from matching.feeds.sources import BY_EVENT, Source
from matching.feeds.states import DeliveryState


@dataclass(frozen=True, slots=True)
class Told:
    """A change as a reader is told it: the state is that of now."""

    event: str
    object_id: uuid.UUID
    href: str
    state: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """Changes in order, the position to read on from, and whether there are more already."""

    changes: Sequence[Told]
    position: int
    more: bool


def head() -> int:
    """The last position that was given."""
    return Gathering.objects.values_list("head", flat=True).first() or 0


def changes(reader: User, *, since: int, events: Collection[str] = (), limit: int) -> Page:
    """At most ``limit`` changes after a position, of objects that the reader may see now.

    The number of queries depends on the kinds of objects alone. Positions of what is not visible are
    passed over, so that nobody is stopped where others have written much.
    """
    end = head()
    sources = [source for event, source in BY_EVENT.items() if not events or event in events]
    after = Change.objects.filter(position__gt=since, position__lte=end)
    # Each kind is a query of its own: who sees a few of its objects begins at these, who sees most of them
    # at the position.
    kinds = [
        after.filter(seen).order_by("position")[: limit + 1]
        for source in sources
        for seen in (_open(source, reader), *_inner(source, reader))
    ]
    rows = kinds[0].union(*kinds[1:], all=True).order_by("position") if kinds[1:] else kinds[0]
    found = list(rows[: limit + 1])
    more = len(found) > limit
    shown = found[:limit]
    return Page(_told(reader, shown), shown[-1].position if more else max(end, since), more)


def _open(source: Source, reader: User) -> Q:
    return Q(event=source.event, inner=False, object_id__in=source.visible(reader).values("pk"))


def _inner(source: Source, reader: User) -> Iterator[Q]:
    if source.inner:
        yield Q(event=source.event, inner=True, object_id__in=sees_inner(source, reader).values("pk"))


def _told(reader: User, shown: Iterable[Change]) -> list[Told]:
    of_event = defaultdict(list)
    for change in shown:
        of_event[change.event].append(change.object_id)
    states = {event: states_of(BY_EVENT[event], reader, ids) for event, ids in of_event.items()}
    return [
        Told(
            change.event,
            change.object_id,
            BY_EVENT[change.event].href(change.object_id, reader),
            states[change.event][change.object_id],
            change.at,
        )
        for change in shown
        # Whatever has left the reader's sight since the first query.
        if change.object_id in states[change.event]
    ]


def states_of(source: Source, reader: User, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str | None]:
    """Present states of those objects that the reader may see."""
    rows = source.visible(reader).filter(pk__in=list(ids))
    if not source.state:
        return dict.fromkeys(rows.values_list("pk", flat=True))
    return dict(rows.values_list("pk", source.state))


def endpoints(user: User) -> QuerySet[WebhookEndpoint]:
    """Webhooks that the person manages."""
    return WebhookEndpoint.objects.visible_to(user).select_related("organisation", "created_by")


def deliveries(endpoint: WebhookEndpoint) -> QuerySet[WebhookDelivery]:
    """What was sent to a webhook and what waits, the newest first, with its attempts."""
    return endpoint.deliveries.prefetch_related("log").order_by("-created_at", "pk")


def all_deliveries(user: User) -> QuerySet[WebhookDelivery]:
    """Messages of all webhooks that the person manages."""
    return WebhookDelivery.objects.visible_to(user)


def figures(endpoint: WebhookEndpoint) -> dict[str, int]:
    """How many messages wait, and how many were given up within a week."""
    week = timezone.now() - timedelta(days=7)
    own = endpoint.deliveries.all()
    return {
        "waiting": own.filter(state=DeliveryState.WAITING).count(),
        "failed": own.filter(state=DeliveryState.FAILED, finished_at__gte=week).count(),
    }
