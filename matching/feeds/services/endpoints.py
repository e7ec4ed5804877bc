"""What people do with webhooks: set up, change, rotate the secret, switch off and on, try, send again."""

from __future__ import annotations

import base64
import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, Organisation, User
from matching.errors import Conflict, Forbidden, Invalid
from matching.feeds import access
from matching.feeds.models import WebhookDelivery, WebhookEndpoint
from matching.feeds.queries import head
from matching.feeds.services.messages import TEST, message
from matching.feeds.sources import BY_EVENT
from matching.feeds.states import (
    DELIVERY,
    ENDPOINT,
    DeliveryAction,
    DeliveryState,
    EndpointAction,
    EndpointState,
)
from matching.feeds.targets import BadTarget, Target, parse

MOST = 20
"""Webhooks that one organisation may have."""

OVERLAP = timedelta(days=1)
"""How long messages are signed with the secret before as well."""

SECRET_BYTES = 32
REPLAYED_AT_ONCE = 1000


class Issued(NamedTuple):
    """A webhook with its secret, which nobody is shown again."""

    endpoint: WebhookEndpoint
    secret: str


def target_of(url: str) -> Target:
    """The address under the installation's rules. Raises ``BadTarget``."""
    return parse(url, ports=settings.WEBHOOK_PORTS, listed=settings.WEBHOOK_LISTED_ORIGINS)


@transaction.atomic
def create(
    *, actor: User, organisation_id: uuid.UUID, url: str, events: Sequence[str], description: str = ""
) -> Issued:
    """Set up a webhook that sees what the actor's membership sees, from now on.

    Raises ``Forbidden`` where the person does not act for the organisation, ``Invalid`` for address and
    events, ``Conflict`` where the organisation has ``MOST`` webhooks.
    """
    held = _membership(actor, organisation_id)
    # Locked, so that two at once don't exceed the number.
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation_id)
    if WebhookEndpoint.objects.filter(organisation=organisation_id).count() >= MOST:
        raise Conflict(
            _("Your organisation has %(most)d webhooks, more are not possible.") % {"most": MOST},
            code="too_many_webhooks",
        )
    endpoint = WebhookEndpoint(
        organisation=held.organisation,
        role=held.role,
        chains=held.chains,
        regions=held.regions,
        position=head(),
        secret=_new_secret(),
        created_by=actor,
    )
    _set(endpoint, url=url, events=events, description=description)
    endpoint.save()
    return Issued(endpoint, str(endpoint.secret))


def _membership(actor: User, organisation_id: uuid.UUID) -> Membership:
    for held in access.owners(actor):
        if held.organisation_id == organisation_id:
            return held
    raise Forbidden(_("You do not act for this organisation."), code="not_your_organisation")


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def _set(endpoint: WebhookEndpoint, *, url: str, events: Sequence[str], description: str) -> None:
    problems: dict[str, list[str]] = {}
    try:
        target_of(url)
    except BadTarget as bad:
        problems["url"] = [str(bad)]
    unknown = sorted(set(events) - BY_EVENT.keys())
    if unknown or not events:
        problems["events"] = [_("Choose at least one of the events that there are.")]
    if problems:
        raise Invalid(problems)
    endpoint.url, endpoint.description = url, description
    endpoint.events = sorted(set(events))


@transaction.atomic
def change(
    *,
    actor: User,
    endpoint_id: uuid.UUID,
    url: str | None = None,
    events: Sequence[str] | None = None,
    description: str | None = None,
) -> WebhookEndpoint:
    """Change what is given. Messages that wait go to the new address. Raises as ``create``."""
    endpoint = _locked(actor, endpoint_id)
    _set(
        endpoint,
        url=endpoint.url if url is None else url,
        events=endpoint.events if events is None else events,
        description=endpoint.description if description is None else description,
    )
    endpoint.save()
    return endpoint


@transaction.atomic
def remove(*, actor: User, endpoint_id: uuid.UUID) -> None:
    """Remove a webhook with its deliveries and their log."""
    _locked(actor, endpoint_id).delete()


@transaction.atomic
def rotate(*, actor: User, endpoint_id: uuid.UUID) -> Issued:
    """Give the webhook a new secret; for ``OVERLAP`` messages are signed with both."""
    endpoint = _locked(actor, endpoint_id)
    endpoint.old_secret, endpoint.old_secret_until = endpoint.secret, timezone.now() + OVERLAP
    endpoint.secret = _new_secret()
    endpoint.save()
    return Issued(endpoint, endpoint.secret)


@transaction.atomic
def act(*, actor: User, endpoint_id: uuid.UUID, action: str) -> WebhookEndpoint:
    """Switch a webhook off or on. One that is switched on is told what it has missed.

    Raises ``Conflict`` for its state, and where nobody in the organisation sees what it sees any more.
    """
    endpoint = _locked(actor, endpoint_id)
    endpoint.state = ENDPOINT.target(endpoint.state, action)
    if action == EndpointAction.RESUME:
        endpoint.failing_since = None
        waiting = endpoint.deliveries.filter(state=DeliveryState.WAITING)
        waiting.update(due_at=timezone.now(), attempts=0)
    endpoint.save()
    return endpoint


@transaction.atomic
def send_test(*, actor: User, endpoint_id: uuid.UUID) -> WebhookDelivery:
    """Send a message of type ``webhook.test``. Raises ``Conflict`` while the webhook is switched off."""
    endpoint = _locked(actor, endpoint_id)
    _refuse_unless_active(endpoint)
    now = timezone.now()
    return WebhookDelivery.objects.create(
        endpoint=endpoint, event=TEST, body=message(TEST, at=now), due_at=now
    )


@transaction.atomic
def replay(*, actor: User, delivery_id: uuid.UUID) -> WebhookDelivery:
    """Send a message once more, with the same id and body. Raises ``Conflict`` while it waits anyway."""
    delivery = WebhookDelivery.objects.select_related("endpoint").get(pk=delivery_id)
    _refuse_unless_active(_locked(actor, delivery.endpoint_id))
    delivery = WebhookDelivery.objects.select_for_update().get(pk=delivery_id)
    delivery.state = DELIVERY.target(delivery.state, DeliveryAction.REPLAY)
    _wait(delivery, timezone.now())
    delivery.save()
    return delivery


def _wait(delivery: WebhookDelivery, now: datetime) -> None:
    delivery.attempts, delivery.due_at, delivery.finished_at, delivery.leased_until = 0, now, None, None


@transaction.atomic
def replay_since(*, actor: User, endpoint_id: uuid.UUID, since: datetime) -> int:
    """Send all messages since then once more, at most ``REPLAYED_AT_ONCE``, the oldest; returns how many."""
    endpoint = _locked(actor, endpoint_id)
    _refuse_unless_active(endpoint)
    ended = endpoint.deliveries.filter(
        created_at__gte=since, state__in=[DeliveryState.DELIVERED, DeliveryState.FAILED]
    )
    rows = list(ended.select_for_update().order_by("created_at", "pk")[:REPLAYED_AT_ONCE])
    now = timezone.now()
    for row in rows:
        row.state = DELIVERY.target(row.state, DeliveryAction.REPLAY)
        _wait(row, now)
    fields = ["state", "attempts", "due_at", "finished_at", "leased_until"]
    WebhookDelivery.objects.bulk_update(rows, fields)
    return len(rows)


def _refuse_unless_active(endpoint: WebhookEndpoint) -> None:
    if endpoint.state != EndpointState.ACTIVE:
        raise Conflict(_("The webhook is switched off."), code="switched_off")


def _locked(actor: User, endpoint_id: uuid.UUID) -> WebhookEndpoint:
    """The webhook, locked. Raises ``Forbidden`` where the person may not manage it."""
    endpoint = (
        WebhookEndpoint.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=endpoint_id)
    )
    if not any(access.covers(held, endpoint) for held in actor.active_memberships):
        raise Forbidden(_("You do not act for this organisation."), code="not_your_organisation")
    return endpoint
