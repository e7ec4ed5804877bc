"""Pairs that both firms said yes to, as far as somebody may know them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from matching.review.models import Review
from matching.review.states import ReviewState
from matching.runs.queries.sheets import AT_A_TIME, Row, line_cells


def accepted_pairs(user: User) -> QuerySet[Review]:
    """Accepted pairs of an office's chains or of one's own firms, in the order in which they came about."""
    accepted = Review.objects.visible_to(user).filter(state=ReviewState.ACCEPTED)
    pairs = accepted.select_related(
        "demand__organisation", "demand__chain", "supply__organisation", "supply__chain"
    )
    return pairs.order_by("accepted_at", "pk")


def accepted_rows(pairs: QuerySet[Review]) -> Iterator[Row]:
    """Accepted pairs as rows of a file."""
    rows: Any = pairs.iterator(chunk_size=AT_A_TIME)
    for pair in rows:
        yield {
            **line_cells("demand", pair.demand, pair.demand.title),
            **line_cells("supply", pair.supply, pair.supply.title),
            "quantity": pair.quantity,
            "unit": pair.supply.unit,
            "day": None if pair.accepted_at is None else timezone.localdate(pair.accepted_at),
        }
