"""Reads of the memory: what the engine may use of it, and pages for offices."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from matching.engine.text import normalise
from matching.lists.states import LineState
from matching.memory.models import Confirmation
from matching.memory.states import ConfirmationState
from matching.searching import holding


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
    told = (confirmation.chain_id, confirmation.product)
    return _why_asleep(
        told, (supply.chain_id, supply.title), supply.state, demand is not None and demand.confidential
    )


def _why_asleep(
    told: tuple[str, str], now: tuple[str, str], state: str, confidential: bool | None
) -> Asleep | None:
    """``told`` and ``now``: chain and product as confirmed, and as the line says."""
    # Comes first: what a firm drafts on its line is its own.
    if state != LineState.VERIFIED:
        return Asleep.OFFER
    if told[0] != now[0]:
        return Asleep.CHAIN
    if confidential:
        return Asleep.CONFIDENTIAL
    same = told[1] == now[1] or normalise(told[1]) == normalise(now[1])
    return None if same else Asleep.PRODUCT


def aliases_of(chain: str, kind: str) -> dict[uuid.UUID, tuple[str, ...]]:
    """Texts that are confirmed for each supply line of a chain and kind, by the line's id.

    Only what is in force and awake; equal texts once; in an order that depends on the texts alone. They
    are secrets of leader firms: they go into a frozen run, which no firm reads, and nowhere else. One
    query.
    """
    standing = (
        Confirmation.objects.filter(chain_id=chain, kind=kind, state=ConfirmationState.STANDING)
        .order_by("text_key", "text")
        .values_list(
            *("supply_id", "text_key", "text", "product"),
            *("supply__chain_id", "supply__title", "supply__state", "demand__confidential"),
        )
    )
    found: dict[uuid.UUID, dict[str, str]] = {}
    for line, key, text, product, chain_now, title, state, confidential in standing.iterator():
        if _why_asleep((chain, product), (chain_now, title), state, confidential) is None:
            found.setdefault(line, {}).setdefault(key, text)
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
    return holding(
        text,
        *("text", "product", "supply__key", "supply__organisation__name", "supply__organisation__uscc"),
        *("demand__key", "demand__organisation__name"),
    )
