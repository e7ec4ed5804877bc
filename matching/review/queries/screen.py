"""What the office's two-pane screen reads beside the offers themselves."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
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
from matching.review.models import Decision, Review
from matching.review.queries.office import with_review
from matching.review.states import ReviewAction, ReviewState
from matching.runs.models import Award, Band, Gap, Match, MatchingList, MatchingRun, NearMiss

HARD_BUT_NOT_MET = r"[A-Z][-?]"
"""In ``Match.verdicts``: a condition that gates and is not known to be met."""


def demands_of_run(
    user: User,
    run: MatchingRun,
    *,
    text: str = "",
    state: str = "",
    band: str = "",
    changed_since: MatchingList | None = None,
) -> QuerySet[Any, Any]:
    """Demand lines of a run with all their offers counted, the best score and what is undecided.

    Those with something undecided come first. ``state`` and ``band`` ask for lines with at least one
    such offer, ``changed_since`` for lines whose offers differ from those of that list.
    """
    matches: QuerySet[Any, Any] = Match.objects.visible_to(user).filter(run=run)
    found = matches
    if text:
        found = found.filter(
            Q(demand_title__icontains=text)
            | Q(demand__key__icontains=text)
            | Q(demand__organisation__name__icontains=text)
        )
    if state:
        reviewed: QuerySet[Any, Any] = with_review(matches)
        found = found.filter(demand__in=reviewed.filter(review_state=state).values("demand"))
    if band:
        found = found.filter(demand__in=matches.filter(band=band).values("demand"))
    if changed_since is not None:
        found = found.filter(_changed(run, changed_since))
    rows: QuerySet[Any, Any] = (
        found.values("demand_id", "demand__key", "demand_title", "demand__organisation__name")
        .annotate(offers=Count("pk"), best=Max("score"), decided=_decided(run))
        .annotate(undecided=F("offers") - F("decided"))
        .annotate(done=Case(When(undecided=0, then=1), default=0, output_field=IntegerField()))
        .order_by("done", "demand__organisation__name", "demand__key", "demand_id")
    )
    return rows


def _decided(run: MatchingRun) -> Any:
    pair = Match.objects.filter(run=run, demand=OuterRef("demand"), supply=OuterRef("supply"))
    decided = Review.objects.filter(Exists(pair), demand=OuterRef("demand_id"))
    counted = decided.exclude(state=ReviewState.PENDING).order_by().values("demand")
    return Coalesce(Subquery(counted.annotate(count=Count("pk")).values("count")), Value(0))


def _changed(run: MatchingRun, since: MatchingList) -> Q:
    now = Match.objects.filter(run=run)
    then = Match.objects.filter(run=since.run_id, listed=True)
    same = {"demand": OuterRef("demand"), "supply": OuterRef("supply")}
    moved = now.filter(~Exists(then.filter(**same, band=OuterRef("band"))))
    gone = then.filter(~Exists(now.filter(**same)), ~Exists(Award.objects.filter(**same)))
    return Q(demand__in=moved.values("demand")) | Q(demand__in=gone.values("demand"))


def last_list(run: MatchingRun) -> MatchingList | None:
    """The newest list of the chain that was published from an earlier run; without its content."""
    lists = MatchingList.objects.filter(
        chain=run.round.chain_id, kind=run.round.kind, run__created_at__lt=run.created_at
    )
    return lists.defer("content", "diff").order_by("-number").first()


@dataclass(slots=True)
class Changes:
    """How the offers of a demand line differ from those that a list names, by supply line."""

    new: set[uuid.UUID]
    better: dict[uuid.UUID, str]
    worse: dict[uuid.UUID, str]
    gone: set[uuid.UUID]

    @property
    def any(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.new or self.better or self.worse or self.gone)


def changes_since(
    run: MatchingRun, since: MatchingList, demands: Collection[uuid.UUID]
) -> dict[uuid.UUID, Changes]:
    """New offers, those whose band rose or fell (with the band before), and those gone; three queries.

    A pair that both firms accepted is not gone: it has found each other.
    """
    now = _bands(Match.objects.filter(run=run, demand__in=demands))
    then = _bands(Match.objects.filter(run=since.run_id, listed=True, demand__in=demands))
    awards = Award.objects.filter(demand__in=demands).values_list("demand_id", "supply_id")
    agreed = set(awards)
    return {
        demand: _compared(demand, now.get(demand, {}), then.get(demand, {}), agreed) for demand in demands
    }


def _bands(matches: QuerySet[Match]) -> dict[uuid.UUID, dict[uuid.UUID, str]]:
    bands: dict[uuid.UUID, dict[uuid.UUID, str]] = {}
    for demand, supply, band in matches.values_list("demand_id", "supply_id", "band"):
        bands.setdefault(demand, {})[supply] = band
    return bands


def _compared(
    demand: uuid.UUID,
    now: dict[uuid.UUID, str],
    then: dict[uuid.UUID, str],
    agreed: set[tuple[uuid.UUID, uuid.UUID]],
) -> Changes:
    both = now.keys() & then.keys()
    return Changes(
        new=set(now.keys() - then.keys()),
        better={supply: then[supply] for supply in both if now[supply] < then[supply]},
        worse={supply: then[supply] for supply in both if now[supply] > then[supply]},
        gone={supply for supply in then.keys() - now.keys() if (demand, supply) not in agreed},
    )


def gone_since(since: MatchingList, demand: uuid.UUID, supplies: Collection[uuid.UUID]) -> QuerySet[Match]:
    """The matches of a list that these supply lines had with that demand line."""
    matches = Match.objects.filter(run=since.run_id, demand=demand, supply__in=supplies)
    return matches.select_related("supply__organisation").order_by("rank")


def open_facts(run: MatchingRun, demand: uuid.UUID) -> tuple[Gap | None, int]:
    """What of a demand line stays open, and how many offers miss it by one condition."""
    gap = Gap.objects.filter(run=run, demand=demand).first()
    return gap, NearMiss.objects.filter(run=run, demand=demand).count()


def evident(user: User, run: MatchingRun, band: str = Band.A) -> QuerySet[Match]:
    """Undecided offers of a band that are known to meet every hard condition, in the screen's order."""
    listed = Match.objects.visible_to(user).filter(run=run, band=band, excluded=False)
    matches: QuerySet[Any, Any] = with_review(
        listed.select_related("demand__organisation", "supply__organisation")
    )
    known = matches.filter(review_state=ReviewState.PENDING).exclude(verdicts__regex=HARD_BUT_NOT_MET)
    return known.order_by("demand__organisation__name", "demand__key", "rank", "pk")


def reasons_given(chain_id: str, most: int = 8) -> list[str]:
    """Reasons that the chain's office gave for rejections, the most frequent first."""
    given = Decision.objects.filter(action=ReviewAction.REJECT, review__demand__chain_id=chain_id)
    counted = given.order_by().values("reason").annotate(times=Count("pk"), last=Max("created_at"))
    return list(counted.order_by("-times", "-last").values_list("reason", flat=True)[:most])
