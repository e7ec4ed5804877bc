"""One attempt after the other, under leases: at least once, with an id that stays the same.

A worker holds a delivery until its lease runs out; the next one gets a higher token, and what the first one
then still has to say is refused.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import random

from django.db import transaction
from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from matching.feeds import queries
from matching.feeds.access import people_of, reader_of
from matching.feeds.backoff import pause
from matching.feeds.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from matching.feeds.sending import WHOLE_SECONDS, Answer
from matching.feeds.services.endpoints import target_of
from matching.feeds.services.messages import TEST, headers
from matching.feeds.sources import BY_EVENT
from matching.feeds.states import (
    DELIVERY,
    ENDPOINT,
    DeliveryAction,
    DeliveryState,
    EndpointAction,
    EndpointState,
)
from matching.feeds.targets import BadTarget, Target
from matching.notices.services import tell

LEASE = timedelta(seconds=3 * WHOLE_SECONDS)
AT_ONCE = 4
"""Requests under way to one webhook; to one that fails there is one at a time."""

DISABLE_AFTER = timedelta(days=3)
GONE = 410


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to send a delivery and to store what came of it."""

    delivery: WebhookDelivery
    token: int
    target: Target | None
    headers: Mapping[str, str]


def claim(*, limit: int) -> list[Lease]:
    """Take deliveries that are due, the oldest first, few of each webhook.

    Side effects: a lease each; what its webhook may not know any more is dropped.
    """
    now = timezone.now()
    leases = []
    with transaction.atomic():
        chosen = _chosen(now, limit)
        free = _due(now).filter(pk__in=chosen).select_for_update(of=("self",), skip_locked=True)
        for delivery in free.select_related("endpoint__organisation").order_by("due_at", "pk"):
            if not _still_visible(delivery):
                _finish(delivery, DeliveryAction.DROP, now)
                delivery.save()
                continue
            delivery.token += 1
            delivery.leased_until = now + LEASE
            delivery.save(update_fields=["token", "leased_until"])
            leases.append(_lease(delivery, now))
    return leases


def _due(now: datetime) -> QuerySet[WebhookDelivery]:
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    return WebhookDelivery.objects.filter(
        free, state=DeliveryState.WAITING, due_at__lte=now, endpoint__state=EndpointState.ACTIVE
    )


def _chosen(now: datetime, limit: int) -> list[uuid.UUID]:
    turn = Window(RowNumber(), partition_by=F("endpoint_id"), order_by=[F("due_at"), F("pk")])
    first = _due(now).annotate(turn=turn).filter(turn__lte=AT_ONCE).order_by("due_at", "pk")
    busy = Counter(
        WebhookDelivery.objects.filter(
            state=DeliveryState.WAITING, leased_until__gte=now, endpoint__state=EndpointState.ACTIVE
        ).values_list("endpoint_id", flat=True)
    )
    chosen: list[uuid.UUID] = []
    for pk, endpoint, failing in first.values_list("pk", "endpoint_id", "endpoint__failing_since"):
        if len(chosen) < limit and busy[endpoint] < (1 if failing else AT_ONCE):
            busy[endpoint] += 1
            chosen.append(pk)
    return chosen


def _still_visible(delivery: WebhookDelivery) -> bool:
    if delivery.event == TEST:
        return True
    reader = reader_of(delivery.endpoint)
    source = BY_EVENT.get(delivery.event)
    if reader is None or source is None or delivery.object_id is None:
        return False
    return delivery.object_id in queries.states_of(source, reader, [delivery.object_id])


def _lease(delivery: WebhookDelivery, now: datetime) -> Lease:
    try:
        target = target_of(delivery.endpoint.url)
    except BadTarget:
        # The installation's rules have become stricter since the address was entered.
        target = None
    return Lease(delivery, delivery.token, target, headers(delivery.endpoint, delivery, now=now))


@transaction.atomic
def settle(*, held: Lease, answer: Answer) -> bool:
    """Store what came of an attempt; False where another worker has taken over.

    Side effects: a row of the log; the next try, or the end of the delivery; a webhook that has failed for
    ``DISABLE_AFTER``, or says that it is gone, is switched off and its people are told.
    """
    now = timezone.now()
    endpoint = (
        WebhookEndpoint.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .filter(pk=held.delivery.endpoint_id)
        .first()
    )
    delivery = (
        WebhookDelivery.objects.select_for_update()
        .filter(pk=held.delivery.pk, token=held.token, state=DeliveryState.WAITING)
        .first()
    )
    if endpoint is None or delivery is None:
        return False
    _log(delivery, answer, now)
    delivery.attempts += 1
    delivery.leased_until = None
    if answer.taken:
        _finish(delivery, DeliveryAction.TAKE, now)
        endpoint.failing_since = None
    else:
        _failed(endpoint, delivery, answer, now)
    delivery.save()
    endpoint.save(update_fields=["failing_since", "state"])
    return True


def _log(delivery: WebhookDelivery, answer: Answer, now: datetime) -> None:
    WebhookAttempt.objects.create(
        delivery=delivery,
        at=now,
        status=answer.status,
        error=answer.error,
        milliseconds=answer.milliseconds,
        answer=answer.body,
    )


def _failed(endpoint: WebhookEndpoint, delivery: WebhookDelivery, answer: Answer, now: datetime) -> None:
    endpoint.failing_since = endpoint.failing_since or now
    luck = random()  # nosec B311 # spreads retries, guards nothing
    wait = pause(delivery.attempts, luck=luck, asked=answer.retry_after)
    if wait is None:
        _finish(delivery, DeliveryAction.GIVE_UP, now)
    else:
        delivery.due_at = now + wait
    lasting = now - endpoint.failing_since >= DISABLE_AFTER
    if endpoint.state == EndpointState.ACTIVE and (lasting or answer.status == GONE):
        endpoint.state = ENDPOINT.target(endpoint.state, EndpointAction.DISABLE)
        _tell(endpoint, now)


def _finish(delivery: WebhookDelivery, action: DeliveryAction, now: datetime) -> None:
    delivery.state = DELIVERY.target(delivery.state, action)
    delivery.finished_at, delivery.leased_until = now, None


def _tell(endpoint: WebhookEndpoint, now: datetime) -> None:
    name = str(endpoint)[:100]
    tell(
        users=people_of(endpoint),
        key=f"webhook-disabled:{endpoint.pk}:{now:%Y-%m-%d}",
        zh=f"Webhook“{name}”长时间无法送达，已停用；修复后请重新启用，期间的变化会补发。",
        en=f"The webhook “{name}” could not be reached for long and was switched off. Switch it on when it "
        "is mended: what it has missed is sent then.",
        link=f"/webhooks/{endpoint.pk}/",
    )


def forget(*, before: datetime) -> int:
    """Delete deliveries with their log that ended before then; returns how many."""
    old = WebhookDelivery.objects.filter(finished_at__lt=before).values_list("pk", flat=True)[:10_000]
    return WebhookDelivery.objects.filter(pk__in=list(old)).delete()[1].get("matching.WebhookDelivery", 0)
