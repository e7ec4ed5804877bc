"""What the offices read of reviews."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.db.models import (
    CharField,
    OuterRef,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
)
from django.db.models.functions import Coalesce

from accounts.models import User
from matching.engine.learning import Judged, Source
from matching.lists.models import DemandLine
from matching.lists.queries import engine_key
from matching.review.models import Decision, Review
from matching.review.permits import REVIEW, ReviewAct
from matching.review.states import NAMED, UNWANTED, ReviewAction, ReviewState
from matching.runs.models import Match, MatchingRun
from matching.runs.queries import criterion_values


def with_review(matches: QuerySet[Match]) -> QuerySet[Match]:
    """Matches annotated with ``review_id`` and ``review_state`` of their pair."""
    reviews = Review.objects.filter(demand=OuterRef("demand_id"), supply=OuterRef("supply_id"))
    return matches.annotate(
        review_id=Subquery(reviews.values("pk")[:1], output_field=UUIDField(null=True)),
        review_state=Coalesce(
            Subquery(reviews.values("state")[:1]), Value(ReviewState.PENDING.value), output_field=CharField()
        ),
    )


def for_office(user: User, run: MatchingRun | None = None) -> QuerySet[Match]:
    """Matches that an office may review, best first within each demand line, with all that a page shows."""
    return (
        bare_for_office(user, run)
        .select_related(
            "run__round__chain",
            "demand__organisation",
            "demand__node",
            "supply__organisation",
            "supply__node",
        )
        .defer("run__glossary", "run__awards", "run__exclusions")
    )


def bare_for_office(user: User, run: MatchingRun | None = None) -> QuerySet[Match]:
    """The same matches without their lines."""
    matches = Match.objects.visible_to(user)
    return with_review(matches if run is None else matches.filter(run=run))


def demand_of(line_id: uuid.UUID) -> DemandLine:
    """A demand line with its firm and requirements; two queries."""
    lines = DemandLine.objects.select_related("organisation", "node").prefetch_related("requirements")
    return lines.get(pk=line_id)


def office_reviews(user: User) -> QuerySet[Review]:
    """Reviews of the chains that the person's office roles see whole."""
    return Review.objects.filter(REVIEW.within(user, ReviewAct.SCORES, chain="demand__chain_id"))


_WORDS = {
    **dict.fromkeys(NAMED, Source.ASKED),
    ReviewState.ACCEPTED: Source.ACCEPTED,
    ReviewState.REJECTED: Source.REJECTED,
    ReviewState.DECLINED: Source.DECLINED,
}


def judged_pairs(
    chain_id: str, kind: str, outcomes: Mapping[uuid.UUID, Source] = MappingProxyType({})
) -> tuple[Judged, ...]:
    """Every pair of a chain on which there is a decision, with the criteria of the match it was made on.

    Ordered by the lines' keys, each pair once. ``outcomes`` says what came of accepted pairs, by review; that
    is newer than the decision and takes its place. Pairs that nobody decided on, or whose decision was taken
    back, teach nothing: they are not there.
    """
    newest = Decision.objects.filter(review=OuterRef("pk")).order_by("-created_at", "-pk")
    reviews = (
        Review.objects.filter(demand__chain_id=chain_id, demand__kind=kind, state__in=NAMED | UNWANTED)
        .select_related("demand__organisation", "supply__organisation", "match__run__policy")
        .defer("match__verdicts", "match__run__glossary", "match__run__awards", "match__run__exclusions")
        .annotate(newest_action=Subquery(newest.values("action")[:1]))
    )
    judged = (
        Judged(
            demand=engine_key(review.demand),
            offer=engine_key(review.supply),
            buyer=str(review.demand.organisation_id),
            supplier=str(review.supply.organisation_id),
            source=_source(review, outcomes),
            values=criterion_values(review.match),
        )
        for review in reviews
    )
    return tuple(sorted(judged, key=lambda pair: (pair.demand, pair.offer)))


def _source(review: Any, outcomes: Mapping[uuid.UUID, Source]) -> Source:
    if review.state == ReviewState.ACCEPTED:
        return outcomes.get(review.pk, Source.ACCEPTED)
    if review.newest_action == ReviewAction.BREAK_OFF:
        return Source.BROKEN_OFF
    return _WORDS[review.state]
