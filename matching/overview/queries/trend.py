"""How coverage and gaps moved from round to round."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from django.db.models import Count

from matching.overview.queries.lines import Coverage
from matching.overview.queries.scope import Scope
from matching.runs.models import Gap, Match, MatchingRun
from matching.runs.states import RunState

ROUNDS = 8


@dataclass(slots=True)
class Point:
    """One round, or rounds of one name in several chains, by their runs."""

    name: str
    runs: list[uuid.UUID] = field(default_factory=list)
    coverage: Coverage = field(default_factory=Coverage)
    matches: int = 0
    gaps: int = 0


def trend(scope: Scope) -> list[Point]:
    """The newest finished run of each of the last rounds, oldest first; three queries.

    Of all cities: a run knows its demand lines by number only.
    """
    runs = MatchingRun.objects.visible_to(scope.user).filter(state=RunState.FINISHED)
    if scope.chain is not None:
        runs = runs.filter(round__chain=scope.chain)
    ordered = runs.order_by("round__opens_at", "round_id", "-created_at")
    rows = list(ordered.distinct("round__opens_at", "round_id").values_list("pk", "round__name", "demands"))
    names = list(dict.fromkeys(name for _pk, name, _demands in rows))[-ROUNDS:]
    kept = [row for row in rows if row[1] in set(names)]
    ids = [row[0] for row in kept]
    matches = Match.objects.filter(run_id__in=ids, excluded=False).order_by()
    found = {
        run: (covered, number)
        for run, covered, number in matches.values_list("run_id").annotate(
            Count("demand_id", distinct=True), counted=Count("*")
        )
    }
    gaps = Gap.objects.filter(run_id__in=ids).order_by()
    open_lines = dict(gaps.values_list("run_id").annotate(counted=Count("*")))
    points = {name: Point(name) for name in names}
    for pk, name, demands in kept:
        covered, number = found.get(pk, (0, 0))
        points[name].runs.append(pk)
        points[name].coverage += Coverage(demands, covered)
        points[name].matches += number
        points[name].gaps += open_lines.get(pk, 0)
    return list(points.values())
