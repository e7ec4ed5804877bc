"""Reads of the memory: what the engine may use of it, and pages for offices."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from matching.engine.text import normalise
from matching.lists.states import LineState
from matching.memory.models import Confirmation
from matching.memory.states import ConfirmationState


class Asleep(models.TextChoices):
    """Why a confirmation in force is not used for now; it wakes when the reason has gone."""

    OFFER = "offer", _("the offer is not on the list now")
    CHAIN = "chain", _("the offer belongs to another chain now")
    CONFIDENTIAL = "confidential", _("the need is confidential now")
    PRODUCT = "product", _("the offer names another product now")


def asleep(confirmation: Confirmation) -> Asleep | None:
    """Why the engine does not use a confirmation now; None where nothing keeps it.

    The offer is not verified, belongs to another chain or names another product than the one that was
    confirmed, or the need has become confidential since.
    """
    supply, demand = confirmation.supply, confirmation.demand
    # Comes first: what a firm drafts on its line is its own.
    if supply.state != LineState.VERIFIED:
        return Asleep.OFFER
    if supply.chain_id != confirmation.chain_id:
        return Asleep.CHAIN
    if demand is not None and demand.confidential:
        return Asleep.CONFIDENTIAL
    return None if _same(confirmation.product, supply.title) else Asleep.PRODUCT


def _same(product: str, title: str) -> bool:
    return product == title or normalise(product) == normalise(title)


def aliases_of(chain: str, kind: str) -> dict[uuid.UUID, tuple[str, ...]]:
    """Texts that are confirmed for each supply line of a chain and kind, by the line's id.

    Only what is in force and awake; equal texts once; in an order that depends on the texts alone. They
    are secrets of leader firms: they go into a frozen run, which no firm reads, and nowhere else. One
    query.
    """
    standing = (
        Confirmation.objects.filter(chain_id=chain, kind=kind, state=ConfirmationState.STANDING)
        .select_related("supply", "demand")
        .only(
            *("chain_id", "text", "text_key", "product"),
            *("supply__state", "supply__chain_id", "supply__title", "demand__confidential"),
        )
        .order_by("text_key", "text", "pk")
    )
    found: dict[uuid.UUID, dict[str, str]] = {}
    for confirmation in standing.iterator(chunk_size=2000):
        if asleep(confirmation) is None:
            texts = found.setdefault(confirmation.supply_id, {})
            texts.setdefault(confirmation.text_key, confirmation.text)
    return {line: tuple(texts.values()) for line, texts in found.items()}


def confirmations(user: User, *, text: str = "") -> QuerySet[Confirmation]:
    """Visible confirmations with their lines and firms, the newest first; narrowed by a word."""
    found = Confirmation.objects.visible_to(user).select_related(
        "chain", "supply__organisation", "demand__organisation", "confirmed_by", "ended_by"
    )
    if text:
        found = found.filter(_mentions(text))
    return found.order_by("-created_at", "pk")


def _mentions(text: str) -> Q:
    paths: Iterable[str] = (
        *("text", "product", "supply__key", "supply__organisation__name", "supply__organisation__uscc"),
        *("demand__key", "demand__organisation__name"),
    )
    wanted = Q()
    for path in paths:
        wanted |= Q(**{f"{path}__icontains": text})
    return wanted
