"""How far demand has come: lines by state, coverage, the way from demand to appointment, gaps."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from matching.agreements.amounts import Kind
from matching.lists.models import DemandLine
from matching.lists.states import LineState
from matching.meetings.models import Appointment
from matching.overview.queries import agreed
from matching.overview.queries.scope import Scope
from matching.review.models import Review
from matching.review.states import NAMED, ReviewState
from matching.runs.models import FrozenLine, Gap, Match, Side


class Stage(StrEnum):
    """Steps that a demand line takes; whoever has come to one has come to all before it."""

    HANDED_IN = "handed_in"
    VERIFIED = "checked"
    MATCHED = "matched"
    SHORTLISTED = "shortlisted"
    ACCEPTED = "accepted"
    APPOINTMENT = "appointment"
    MET = "met"
    INTENT = "intent"
    SAMPLE = "sample"
    QUOTE = "quote"
    CONTRACT = "contract"
    DELIVERED = "delivered"


class Cover(StrEnum):
    """Demand lines of the runs, with and without an offer that meets every hard condition."""

    COMPUTED = "computed"
    COVERED = "covered"
    UNCOVERED = "uncovered"


@dataclass(frozen=True, slots=True)
class Coverage:
    """``covered`` of ``demands`` lines have at least one offer that meets every hard condition."""

    demands: int = 0
    covered: int = 0

    def __add__(self, other: Coverage) -> Coverage:
        return Coverage(self.demands + other.demands, self.covered + other.covered)


def by_state(scope: Scope, side: str) -> dict[str, dict[str, int]]:
    """Lines of one list by group and state; one query."""
    # Count("*") throughout: a count of ids would have to read the rows, the rest stands in an index.
    rows = scope.lines(side).order_by().values_list(scope.group(), "state").annotate(counted=Count("*"))
    found: dict[str, dict[str, int]] = {}
    for group, state, number in rows:
        found.setdefault(group, {})[state] = number
    return found


def firms(scope: Scope, side: str) -> int:
    """Firms with a line on one list that was not withdrawn; one query."""
    lines = scope.lines(side).exclude(state=LineState.WITHDRAWN)
    return lines.order_by().values("organisation_id").distinct().count()


def _frozen(scope: Scope) -> QuerySet[Any, Any]:
    return FrozenLine.objects.filter(run_id__in=scope.runs, side=Side.NEED).values("line_id")


def _matched(scope: Scope) -> Exists:
    return Exists(Match.objects.filter(run_id__in=scope.runs, excluded=False, demand_id=OuterRef("pk")))


def _named(scope: Scope) -> QuerySet[Any, Any]:
    reviews = Review.objects.visible_to(scope.user).filter(state__in=NAMED)
    return reviews.order_by().values("demand_id")


def came_to(scope: Scope, stage: Stage) -> QuerySet[DemandLine]:
    """Visible demand lines, withdrawn ones left out, that have come to a stage."""
    lines = scope.demands().exclude(state=LineState.WITHDRAWN)
    if stage is Stage.HANDED_IN:
        return lines
    if stage is Stage.VERIFIED:
        return lines.filter(Q(verified_at__isnull=False) | Q(state=LineState.VERIFIED))
    if stage is Stage.MATCHED:
        return lines.filter(_matched(scope) | Q(pk__in=_named(scope)))
    if stage is Stage.SHORTLISTED:
        return lines.filter(pk__in=_named(scope))
    accepted = Review.objects.visible_to(scope.user).filter(state=ReviewState.ACCEPTED)
    if stage is not Stage.ACCEPTED:
        accepted = accepted.filter(_behind_acceptance(scope, stage))
    return lines.filter(pk__in=accepted.values("demand_id"))


def _behind_acceptance(scope: Scope, stage: Stage) -> Q:
    """Accepted pairs that have come to a later stage."""
    if stage is Stage.DELIVERED:
        return Q(pk__in=agreed.deliveries(scope).order_by().values("review_id"))
    if stage in (Stage.APPOINTMENT, Stage.MET):
        found = Q(pk__in=agreed.with_agreement(scope, Kind.INTENT).order_by().values("review_id"))
        found |= Q(pk__in=agreed.talks(scope).order_by().values("appointment__review_id"))
        if stage is Stage.APPOINTMENT:
            standing = Appointment.objects.visible_to(scope.user).filter(is_active=True)
            found |= Q(pk__in=standing.values("review_id"))
        return found
    return Q(pk__in=agreed.with_agreement(scope, Kind(stage.value)).order_by().values("review_id"))


def funnel(scope: Scope) -> dict[Stage, int]:
    """Demand lines that have come to each stage; one query a stage."""
    stages = Stage if scope.runs else (Stage.HANDED_IN, Stage.VERIFIED)
    return {stage: came_to(scope, stage).count() for stage in stages}


def computed(scope: Scope, cover: Cover = Cover.COMPUTED) -> QuerySet[DemandLine]:
    """Demand lines of the runs, those with an offer, or those without one."""
    lines = DemandLine.objects.visible_to(scope.user).filter(
        scope.within(rounds=False), pk__in=_frozen(scope)
    )
    if cover is Cover.COVERED:
        return lines.filter(_matched(scope))
    return lines.filter(~_matched(scope)) if cover is Cover.UNCOVERED else lines


def coverage(scope: Scope) -> dict[tuple[str, int | None], Coverage]:
    """Coverage by group and chain node; one query."""
    if not scope.runs:
        return {}
    rows = computed(scope).order_by().values_list(scope.group(), "node_id")
    counted = rows.annotate(demands=Count("*"), covered=Count("pk", filter=_matched(scope)))
    return {(group, node): Coverage(demands, covered) for group, node, demands, covered in counted}


def gaps(scope: Scope) -> QuerySet[Gap]:
    """Gaps of the runs."""
    inside = scope.within("demand__", rounds=False)
    return Gap.objects.visible_to(scope.user).filter(inside, run_id__in=scope.runs)


def gaps_by_type(scope: Scope) -> dict[str, int]:
    """Gaps of the runs by type; one query."""
    return dict(gaps(scope).order_by().values_list("type").annotate(counted=Count("*")))


def supplies_by_node(scope: Scope) -> dict[int, int]:
    """Verified supply lines by chain node; one query."""
    lines = scope.supplies().filter(state=LineState.VERIFIED, node__isnull=False)
    return dict(lines.order_by().values_list("node_id").annotate(counted=Count("*")))
