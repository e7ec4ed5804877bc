"""Whose eyes a webhook has, and who sees changes of trade secrets."""

from __future__ import annotations

from typing import Any

from django.db import models

from accounts.models import Membership, User
from accounts.permits import Act
from accounts.roles import EVERYWHERE, FIRMS, OrganisationKind
from matching.feeds.models import WebhookEndpoint
from matching.feeds.permits import WEBHOOK
from matching.feeds.sources import Source
from matching.lists.permits import ListAct


def may_have_webhooks(user: User) -> bool:
    """People of firms and of offices; administrators of the installation see no business data."""
    return WEBHOOK.somewhere(user, Act.CREATE)


def owners(user: User) -> list[Membership]:
    """Memberships under which the person may set up a webhook, the oldest first, one an organisation."""
    found: dict[Any, Membership] = {}
    for held in sorted(WEBHOOK.memberships(user, Act.CREATE), key=lambda held: held.pk):
        found.setdefault(held.organisation_id, held)
    return list(found.values())


def covers(membership: Membership, endpoint: WebhookEndpoint) -> bool:
    """Whether somebody in that membership sees all that the webhook sees."""
    if membership.organisation_id != endpoint.organisation_id or not membership.is_active:
        return False
    if endpoint.organisation.kind != OrganisationKind.OFFICE:
        return membership.role in FIRMS
    return (
        membership.role == endpoint.role
        and _within(endpoint.chains, membership.chains)
        and _within(endpoint.regions, membership.regions)
    )


def _within(wanted: list[str], reach: list[str]) -> bool:
    return EVERYWHERE in reach or set(wanted) <= set(reach)


def people_of(endpoint: WebhookEndpoint) -> list[User]:
    """Who may manage the webhook today."""
    held = Membership.objects.filter(
        organisation=endpoint.organisation_id, is_active=True, user__is_active=True
    ).select_related("user")
    found = {membership.user_id: membership.user for membership in held if covers(membership, endpoint)}
    return list(found.values())


def reader_of(endpoint: WebhookEndpoint) -> User | None:
    """Somebody who sees what the webhook may see; None while nobody in the organisation may see that much."""
    if not people_of(endpoint):
        return None
    reader = User(is_active=True)
    reader.active_memberships = [
        Membership(
            organisation=endpoint.organisation,
            role=endpoint.role,
            chains=endpoint.chains,
            regions=endpoint.regions,
        )
    ]
    return reader


def sees_inner(source: Source, reader: User) -> models.QuerySet[Any]:
    """Lines whose trade secrets the reader sees, as ``lists.access.sees_secrets`` says of one."""
    lines = source.visible(reader)
    seen = lines.model.permits.within(
        reader,
        ListAct.SECRETS,
        chain="chain_id",
        region="organisation__region",
        firm=("organisation_id",),
    )
    return lines.filter(seen)
