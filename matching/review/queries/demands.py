"""The list of a run's demand lines on the office's screen."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from accounts.models import User
from matching.disclosure.services import saw_place
from matching.lists.models import DemandLine
from matching.review.models import Review
from matching.review.states import ReviewState
from matching.runs.models import Award, FrozenLine, Match, MatchingList, MatchingRun, Side
from matching.searching import holding


def demands_of_run(
    run: MatchingRun,
    *,
    text: str = "",
    state: str = "",
    band: str = "",
    changed_since: MatchingList | None = None,
) -> QuerySet[DemandLine, uuid.UUID]:
    """Ids of the demand lines with offers in a run that the person may see, for ``demand_rows``.

    Those with something undecided come first. ``state`` and ``band`` ask for lines with at least one
    such offer, ``changed_since`` for lines whose offers differ from those of that list.
    """
    matches = Match.objects.filter(run=run).order_by()
    found = DemandLine.objects.filter(pk__in=matches.values("demand"))
    if text:
        found = found.filter(_named(run, text))
    if state == ReviewState.PENDING:
        found = found.filter(pk__in=_undecided(matches).values("demand"))
    elif state:
        found = found.filter(pk__in=_pairs(run, Review.objects.filter(state=state)).values("demand"))
    if band:
        found = found.filter(pk__in=matches.filter(band=band).values("demand"))
    if changed_since is not None:
        found = found.filter(_changed(run, changed_since))
    return (
        found.annotate(done=_done(matches))
        .order_by("done", "organisation__name", "key", "pk")
        .values_list("pk", flat=True)
    )


def demand_rows(user: User, run: MatchingRun, demands: Iterable[uuid.UUID]) -> list[dict[str, Any]]:
    """These demand lines, in that order: all their offers counted, the best score, what is undecided."""
    ids = list(demands)
    rows: QuerySet[Any, Any] = (
        Match.objects.visible_to(user)
        .filter(run=run, demand__in=ids)
        .order_by()
        .values(
            "demand_id", "demand__key", "demand_title", "demand__organisation__name", "demand__organisation"
        )
        .annotate(offers=Count("pk"), best=Max("score"), decided=_decided(run))
        .annotate(undecided=F("offers") - F("decided"))
    )
    by_id = {row["demand_id"]: row for row in rows}
    for row in by_id.values():
        place = (row["demand__organisation"], "demand", row["demand_id"], row["demand__key"])
        saw_place(place, row["demand_title"])
    return [by_id[pk] for pk in ids if pk in by_id]


def undecided(run: MatchingRun) -> QuerySet[Match]:
    """Matches of a run on which no office and no firm has said anything yet."""
    return _undecided(Match.objects.filter(run=run, excluded=False).order_by())


def _named(run: MatchingRun, text: str) -> Q:
    # A run keeps a title once for each of its lines, and once more for each of their offers.
    titles = FrozenLine.objects.filter(holding(text, "title"), run=run, side=Side.NEED)
    return Q(pk__in=titles.values("line_id")) | holding(text, "key", "organisation__name")


def _undecided(matches: QuerySet[Match]) -> QuerySet[Match]:
    same = {"demand": OuterRef("demand"), "supply": OuterRef("supply")}
    return matches.filter(~Exists(_decisions().filter(**same)))


def _decisions() -> QuerySet[Review]:
    return Review.objects.exclude(state=ReviewState.PENDING).order_by()


def _done(matches: QuerySet[Match]) -> Any:
    # Offers are looked at only of lines on which something is decided.
    begun = _decisions().values("demand")
    left = _undecided(matches.filter(demand__in=begun)).values("demand")
    return Case(When(Q(pk__in=begun) & ~Q(pk__in=left), then=1), default=0, output_field=IntegerField())


def _pairs(run: MatchingRun, reviews: QuerySet[Review]) -> QuerySet[Review]:
    pair = Match.objects.filter(run=run, demand=OuterRef("demand"), supply=OuterRef("supply"))
    return reviews.filter(Exists(pair)).order_by()


def _decided(run: MatchingRun) -> Any:
    decided = _pairs(run, _decisions()).filter(demand=OuterRef("demand_id")).values("demand")
    return Coalesce(Subquery(decided.annotate(count=Count("pk")).values("count")), Value(0))


def _changed(run: MatchingRun, since: MatchingList) -> Q:
    now = Match.objects.filter(run=run)
    then = Match.objects.filter(run=since.run_id, listed=True)
    same = {"demand": OuterRef("demand"), "supply": OuterRef("supply")}
    moved = now.filter(~Exists(then.filter(**same, band=OuterRef("band"))))
    gone = then.filter(~Exists(now.filter(**same)), ~Exists(Award.objects.filter(**same)))
    return Q(pk__in=moved.values("demand")) | Q(pk__in=gone.values("demand"))
