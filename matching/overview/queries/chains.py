"""Figures across all stages, from what a person may see; the number of queries is constant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet

from accounts.models import User
from accounts.permits import Act
from accounts.permits.reach import chain_filter
from matching.chains.models import Chain
from matching.lists.models import DemandLine, SupplyLine
from matching.meetings.models import SigningMeeting
from matching.overview.permits import FIGURES
from matching.review.models import Review
from matching.review.queries import published_for
from matching.runs.models import Gap, Match, MatchingRun
from matching.runs.states import RunState


@dataclass(slots=True)
class ChainFigures:
    """Counts of one chain. ``matches``, ``allocated`` (matches that got a quantity) and ``gaps`` are of
    the newest finished run; a firm sees its own lines and its own matches of the newest list."""

    chain: Chain
    demand: dict[str, int] = field(default_factory=dict)
    supply: dict[str, int] = field(default_factory=dict)
    matches: int = 0
    allocated: int = 0
    gaps: int = 0
    reviews: dict[str, int] = field(default_factory=dict)
    meetings: dict[str, int] = field(default_factory=dict)

    @property
    def demand_total(self) -> int:
        """All visible demand lines."""
        return sum(self.demand.values())

    @property
    def supply_total(self) -> int:
        """All visible supply lines."""
        return sum(self.supply.values())


def chain_figures(user: User) -> list[ChainFigures]:
    """Figures of every chain that the person's roles reach, in the programme's order."""
    chains = Chain.objects.filter(chain_filter("code", FIGURES.chains(user, Act.VIEW)))
    figures = {chain.pk: ChainFigures(chain=chain) for chain in chains}
    for name, rows in (
        ("demand", _by_state(DemandLine.objects.visible_to(user))),
        ("supply", _by_state(SupplyLine.objects.visible_to(user))),
        ("reviews", _by_state(Review.objects.visible_to(user), "demand__chain_id")),
        ("meetings", _by_state(SigningMeeting.objects.visible_to(user))),
    ):
        for code, state, count in rows:
            if code in figures:
                getattr(figures[code], name)[state] = count
    matches = _matches(user)
    for name, found in (
        ("matches", _by_chain(matches)),
        ("allocated", _by_chain(matches.filter(allocated__gt=0))),
        ("gaps", _by_chain(Gap.objects.visible_to(user).filter(run__in=_newest_runs()))),
    ):
        for code, count in found.items():
            if code in figures:
                setattr(figures[code], name, count)
    return list(figures.values())


def _by_state(rows: QuerySet[Any], chain: str = "chain_id") -> list[tuple[str, str, int]]:
    return list(rows.order_by().values_list(chain, "state").annotate(counted=Count("*")))


def _by_chain(rows: QuerySet[Any]) -> Mapping[str, int]:
    return dict(rows.order_by().values_list("demand__chain_id").annotate(counted=Count("*")))


def _newest_runs() -> QuerySet[Any, Any]:
    finished = MatchingRun.objects.filter(state=RunState.FINISHED)
    return (
        finished.order_by("round__chain_id", "round__kind", "-created_at")
        .distinct("round__chain_id", "round__kind")
        .values("pk")
    )


def _matches(user: User) -> QuerySet[Match]:
    if user.firms():
        return published_for(user)
    return Match.objects.visible_to(user).filter(run__in=_newest_runs(), excluded=False)
