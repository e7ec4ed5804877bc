"""Pairs that both sides accepted and that have not met yet."""

from __future__ import annotations

from matching.lists.states import LineState
from matching.meetings.models import Appointment
from matching.review.models import Review
from matching.review.states import ReviewState


def unplanned(chain_id: str, kind: str) -> list[Review]:
    """Accepted pairs of valid lines that no standing appointment holds."""
    accepted = Review.objects.filter(
        state=ReviewState.ACCEPTED,
        demand__chain_id=chain_id,
        demand__kind=kind,
        demand__state=LineState.VERIFIED,
        supply__state=LineState.VERIFIED,
    ).exclude(pk__in=Appointment.objects.filter(is_active=True).values("review"))
    lines = ("match", "demand__organisation", "supply__organisation")
    return list(accepted.select_related(*lines).order_by("pk"))


def still_agreed(review: Review) -> bool:
    """Whether both sides stand by it and neither line was withdrawn."""
    lines = (review.demand, review.supply)
    return review.state == ReviewState.ACCEPTED and all(line.state != LineState.WITHDRAWN for line in lines)
