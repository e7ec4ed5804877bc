"""What a firm's own pages show from rooms above the lists."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import template
from django.shortcuts import resolve_url

from accounts.models import User
from matching.engine.types import ConditionKind
from matching.lists.models import SupplyLine
from matching.lists.portal.own import OwnRow
from matching.lists.portal.sides import ListSide
from matching.review.queries import FirmMatch, Question, Standing, standings

register = template.Library()


@register.simple_tag(takes_context=True)
def standings_of(
    context: dict[str, Any], rows: OwnRow | Iterable[OwnRow], side: ListSide
) -> dict[uuid.UUID, Standing]:
    """By line: its matches as far as its firm knows them; lines without any are not there."""
    user = context["user"]
    listed = [rows] if isinstance(rows, OwnRow) else rows
    return standings(user, side.name, [row.line.pk for row in listed]) if isinstance(user, User) else {}


_PLACES = {
    ConditionKind.STANDARD: "id_standards",
    ConditionKind.CERTIFICATE: "certificates-part",
    ConditionKind.CAPACITY: "id_free_capacity",
    ConditionKind.MINIMUM_ORDER: "id_minimum_order",
    ConditionKind.DELIVERY: "id_lead_time",
    ConditionKind.PARAMETER: "properties-part",
}


@register.filter
def answer_url(question: Question, line: SupplyLine) -> str:
    """Where the supplier's line says what the question asks for; a new row is begun with its name."""
    kind = ConditionKind(question.kind)
    begun = {ConditionKind.PARAMETER: "parameter", ConditionKind.CERTIFICATE: "certificate"}.get(kind)
    query = f"?{urlencode({begun: question.name})}" if begun else ""
    return f"{resolve_url('supply_edit', line.pk)}{query}#{_PLACES.get(kind, '')}"


@register.filter
def newer_than(match: FirmMatch, since: datetime | None) -> bool:
    """Whether something has happened to a match since then."""
    return since is not None and match.changed_at > since
