"""What the office's two-pane screen reads beside its list of demand lines and the offers themselves."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, QuerySet

from accounts.models import User
from matching.review.models import Decision
from matching.review.queries.office import with_review
from matching.review.states import ReviewAction, ReviewState
from matching.runs.models import Award, Band, Gap, Match, MatchingList, MatchingRun, NearMiss


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
    known = matches.filter(review_state=ReviewState.PENDING).filter(certain=True)
    return known.order_by("demand__organisation__name", "demand__key", "rank", "pk")


def reasons_given(chain_id: str, most: int = 8) -> list[str]:
    """Reasons that the chain's office gave for rejections, the most frequent first."""
    given = Decision.objects.filter(action=ReviewAction.REJECT, review__demand__chain_id=chain_id)
    counted = given.order_by().values("reason").annotate(times=Count("pk"), last=Max("created_at"))
    return list(counted.order_by("-times", "-last").values_list("reason", flat=True)[:most])
