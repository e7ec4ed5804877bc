"""What a message says and how it is signed (Standard Webhooks 1.0)."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from django.conf import settings
from standardwebhooks import Webhook

from matching.feeds.models import WebhookDelivery, WebhookEndpoint
from matching.feeds.queries import Told

TEST = "webhook.test"


def message(event: str, *, at: datetime, data: dict[str, object] | None = None) -> str:
    """The body: type, time, and what the receiver then reads with a credential of its own."""
    told = {"type": event, "timestamp": at.astimezone(UTC).isoformat(), "data": data or {}}
    return json.dumps(told, separators=(",", ":"))


def message_of(told: Told) -> str:
    """The body for a change: never more than id, address and state."""
    href = f"{settings.SITE_URL}{told.href}"
    return message(
        told.event, at=told.at, data={"id": str(told.object_id), "href": href, "state": told.state}
    )


def headers(endpoint: WebhookEndpoint, delivery: WebhookDelivery, *, now: datetime) -> dict[str, str]:
    """Id, time and signatures: with the secret, and with the one before while that is still valid."""
    held = [str(endpoint.secret)]
    if endpoint.old_secret and endpoint.old_secret_until and endpoint.old_secret_until > now:
        held.append(endpoint.old_secret)
    # The library takes the clock's figures for UTC, whatever zone they are in.
    moment = now.astimezone(UTC)
    signed = [Webhook(secret).sign(delivery.message_id, moment, delivery.body) for secret in held]
    return {
        "Content-Type": "application/json",
        "User-Agent": "ChainMatch-Webhooks/1",
        "webhook-id": delivery.message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signed),
    }
