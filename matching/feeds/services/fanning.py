"""From changes to messages: each webhook reads the feed with its own eyes and keeps its own place."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone

from matching.feeds import queries
from matching.feeds.access import reader_of
from matching.feeds.models import WebhookDelivery, WebhookEndpoint
from matching.feeds.services.messages import message_of
from matching.feeds.states import DeliveryState, EndpointState

MOST_WAITING = 1000
"""Messages that may wait for one webhook. Beyond, it lags behind in the feed, where an object stands once."""

AT_ONCE = 200


def fan_out() -> int:
    """Write messages for every active webhook that lags behind; returns how many.

    Side effects: those of ``fan_out_to``, one transaction a webhook.
    """
    behind = WebhookEndpoint.objects.filter(state=EndpointState.ACTIVE, position__lt=queries.head())
    return sum(fan_out_to(endpoint_id=pk) for pk in behind.order_by("position").values_list("pk", flat=True))


@transaction.atomic
def fan_out_to(*, endpoint_id: uuid.UUID) -> int:
    """Write the next messages for one webhook; returns how many.

    Side effects: deliveries that are due now, and the webhook's place, in one transaction: each change
    becomes one message. A webhook that nobody in its organisation could manage stays where it is.
    """
    endpoint = (
        WebhookEndpoint.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("organisation")
        .filter(pk=endpoint_id, state=EndpointState.ACTIVE)
        .first()
    )
    if endpoint is None or (reader := reader_of(endpoint)) is None:
        return 0
    room = MOST_WAITING - endpoint.deliveries.filter(state=DeliveryState.WAITING).count()
    if room <= 0:
        return 0
    page = queries.changes(reader, since=endpoint.position, events=endpoint.events, limit=min(room, AT_ONCE))
    now = timezone.now()
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(
            endpoint=endpoint, event=told.event, object_id=told.object_id, body=message_of(told), due_at=now
        )
        for told in page.changes
    )
    endpoint.position = page.position
    endpoint.save(update_fields=["position"])
    return len(page.changes)
