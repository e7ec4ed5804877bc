"""Which stored matches of a run hang together with some lines, ring by ring."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Sum

from matching.runs.models import Match, MatchingRun

_VERDICTS: Any = Match._meta.get_field("verdicts")
StoredMatch = tuple[uuid.UUID, uuid.UUID, int, int, int, str]
"""Demand line, supply line, their positions in the frozen input, score, verdicts."""


@dataclass(slots=True)
class Neighbourhood:
    """Matches by demand line, all supply lines that they or the first ones name.

    ``whole``: nothing hangs together with these lines beyond them.
    """

    supplies: set[uuid.UUID]
    matches: dict[uuid.UUID, list[StoredMatch]] = field(default_factory=dict)
    whole: bool = True


def neighbourhood(
    run: MatchingRun, demands: Collection[uuid.UUID], supplies: Collection[uuid.UUID], most: int
) -> Neighbourhood:
    """Demand lines that share a supply line with these, those that share one with them, and so on.

    At most about ``most`` matches, the nearest first; two queries a ring.
    """
    found = Neighbourhood(set(supplies))
    seen, ring, left = set(demands), set(supplies), most
    while ring and found.whole:
        beside = Match.objects.filter(run=run, supply_id__in=ring).exclude(demand_id__in=seen)
        rows = (
            Match.objects.filter(run=run, demand_id__in=beside.values("demand_id"))
            .order_by("demand_id", "rank")
            .values_list("demand_id", "supply_id", "need_position", "offer_position", "score", "verdicts")
        )
        ring = set()
        for demand, held in groupby(rows.iterator(), key=itemgetter(0)):
            if left <= 0:
                found.whole = False
                break
            found.matches[demand] = [_opened(run, row) for row in held]
            left -= len(found.matches[demand])
            ring |= {row[1] for row in found.matches[demand]} - found.supplies
            seen.add(demand)
        found.supplies |= ring
    return found


def _opened(run: MatchingRun, row: tuple[Any, ...]) -> StoredMatch:
    demand, supply, need, offer, score, verdicts = row
    return demand, supply, need, offer, score, _VERDICTS.open(verdicts, run.pk, need, offer)


def given_elsewhere(
    run: MatchingRun, demands: Collection[uuid.UUID], supplies: Collection[uuid.UUID]
) -> dict[uuid.UUID, Decimal]:
    """What a run allocated of these supply lines to other demand lines, per month in their units."""
    given = Match.objects.filter(run=run, supply_id__in=supplies, allocated__gt=0)
    sums = given.exclude(demand_id__in=demands).values_list("supply_id").annotate(Sum("allocated"))
    return dict(sums.order_by("supply_id"))
