"""Offers of a run as the office's pages show them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from accounts.models import User
from matching.review import access, queries
from matching.review.states import OFFICE_ACTIONS, ReviewAction
from matching.runs import queries as run_queries
from matching.runs.models import Match, MatchingRun


def offers_of(user: User, run: MatchingRun, **wanted: Any) -> list[Match]:
    """Matches of the run, told, in the order of the list, each with the actions of the person."""
    matches: QuerySet[Match] = queries.for_office(user, run).filter(**wanted).order_by("rank")
    return told(user, matches.prefetch_related("supply__organisation__grades"))


def told(user: User, matches: Iterable[Match]) -> list[Match]:
    """Matches in words, with the person's actions and how many conditions came out how."""
    offers = run_queries.tell(matches)
    for offer in offers:
        add_actions(user, offer)
    return offers


def add_actions(user: User, offer: Any) -> None:
    """What the person may do with the offer now, and its conditions counted."""
    offer.actions = access.actions(user, offer, offer.review_state)
    outcomes = [condition["outcome"] for condition in offer.conditions]
    offer.tally = [
        (code, outcomes.count(code)) for code in ("met", "unmet", "unknown") if outcomes.count(code)
    ]


def action_in(wanted: str) -> ReviewAction:
    """An office's action. Raises ``Http404`` for anything else."""
    if wanted not in OFFICE_ACTIONS:
        raise Http404
    return ReviewAction(wanted)


def matches_in(texts: Iterable[str]) -> list[uuid.UUID]:
    """Ids that a form sent. Raises ``Http404`` for anything else."""
    try:
        return [uuid.UUID(text) for text in texts]
    except ValueError as error:
        raise Http404 from error
