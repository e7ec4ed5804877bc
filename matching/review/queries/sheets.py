"""A run's matches and what was decided, as rows of workbooks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from matching.disclosure.services import saw_pairs
from matching.review.models import Decision
from matching.review.queries.office import for_office
from matching.review.states import ReviewAction, ReviewState
from matching.runs.models import Match, MatchingRun
from matching.runs.queries.sheets import (
    AT_A_TIME,
    Row,
    conditions_in_cell,
    hundredths,
    line_cells,
    pair_cells,
    phrase,
    told_in_batches,
)

MOST_TOLD = 20_000
"""Matches up to which a workbook says each condition; of more it has the figures only."""


def matches_of(user: User, run: MatchingRun) -> QuerySet[Match]:
    """A run's matches in the order of the screen."""
    return for_office(user, run).order_by("demand__organisation__name", "demand__key", "demand_id", "rank")


def match_rows(matches: QuerySet[Match], *, secrets: bool, told: bool) -> Iterator[Row]:
    """Matches with their decisions, and with ``told`` their conditions and open questions.

    Values that are trade secrets are only there with ``secrets``.
    """
    rows: Iterator[Any] = told_in_batches(matches) if told else matches.iterator(chunk_size=AT_A_TIME)
    for match in rows:
        yield {
            **pair_cells(match),
            "band": match.get_band_display(),
            "allocated": match.allocated,
            "unit": match.unit,
            "share": hundredths(match.share),
            "state": str(ReviewState(match.review_state).label),
            "excluded": match.excluded,
            "excluded_reason": match.excluded_reason,
            **(_told(match, secrets) if told else {}),
        }


def _told(match: Any, secrets: bool) -> Row:
    saw_pairs([match], secrets=secrets)
    questions = [phrase(condition["question"]) for condition in match.conditions if condition["question"]]
    return {
        "conditions": conditions_in_cell(match.conditions, secrets=secrets),
        "questions": "\n".join(question for question in questions if question),
    }


def decision_rows(user: User, run: MatchingRun) -> Iterator[Row]:
    """Every step taken with pairs of the run's round, in order of time."""
    decisions = (
        Decision.objects.visible_to(user)
        .filter(review__match__run__round=run.round_id)
        .select_related("review__demand__organisation", "review__supply__organisation", "actor")
    )
    for decision in decisions.order_by("created_at", "pk").iterator(chunk_size=AT_A_TIME):
        review = decision.review
        yield {
            **line_cells("demand", review.demand, review.demand.title),
            **line_cells("supply", review.supply, review.supply.title),
            "state": review.get_state_display(),
            "action": str(ReviewAction(decision.action).label),
            "reason": decision.reason,
            "actor": str(decision.actor or ""),
            "day": timezone.localtime(decision.created_at).date(),
        }
