"""Page-shaped reads of runs and of what they found."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from matching.runs.models import (
    Gap,
    Match,
    MatchingList,
    MatchingRun,
    NearMiss,
    PolicyProposal,
    PolicyVersion,
)
from matching.runs.queries.left_out import Omission, lapsed, left_out
from matching.runs.queries.names import firm_names, titles_of
from matching.runs.queries.pairs import load_lines
from matching.runs.queries.published import (
    DIFFERENCES,
    ListedRows,
    changes_in,
    listed_firms,
    published_changes,
    titles_shown,
)
from matching.runs.queries.told import criterion_values, policy_of, rules_of, tell
from matching.runs.states import RunState

__all__ = (
    "DIFFERENCES",
    "ListedRows",
    "Omission",
    "RunFigures",
    "changes_in",
    "criterion_values",
    "figures",
    "firm_names",
    "gaps",
    "lapsed",
    "left_out",
    "listed_firms",
    "listed_rows",
    "load_lines",
    "near_misses",
    "newer_runs",
    "policy_of",
    "proposals",
    "published",
    "published_changes",
    "rules_of",
    "runs",
    "tell",
    "titles_of",
    "titles_shown",
    "versions",
)


def runs(user: User) -> QuerySet[MatchingRun]:
    """Visible runs with their round, policy and published list; without what is long in them."""
    return (
        MatchingRun.objects.visible_to(user)
        .select_related("round__chain", "policy", "created_by", "published")
        .defer("glossary", "awards", "exclusions", "published__content", "published__diff")
    )


def newer_runs(run: MatchingRun) -> QuerySet[MatchingRun]:
    """Finished runs of the same chain and kind that were ordered later: they supersede this one."""
    return MatchingRun.objects.filter(
        round__chain_id=run.round.chain_id,
        round__kind=run.round.kind,
        state=RunState.FINISHED,
        created_at__gt=run.created_at,
    )


def published(user: User) -> QuerySet[MatchingList]:
    """Visible published lists, newest first; without their content."""
    return (
        MatchingList.objects.visible_to(user)
        .select_related("chain", "round", "published_by", "previous")
        .defer("content", "previous__content", "previous__diff")
        .order_by("-created_at")
    )


@dataclass(frozen=True, slots=True)
class RunFigures:
    """What a run found, in numbers."""

    matches: int
    excluded: int
    demands_matched: int
    bands: tuple[tuple[str, int], ...]
    allocated_pairs: int
    near_misses: int
    gaps: tuple[tuple[str, int], ...]

    @property
    def gap_total(self) -> int:
        """Demand lines that stay open, wholly or in part."""
        return sum(count for _type, count in self.gaps)


def figures(run: MatchingRun) -> RunFigures:
    """Counts of a finished run; three queries."""
    found = Match.objects.filter(run=run).aggregate(
        matches=Count("pk"),
        excluded=Count("pk", filter=Q(excluded=True)),
        demands=Count("demand", distinct=True),
        allocated=Count("pk", filter=Q(allocated__gt=0)),
        a=Count("pk", filter=Q(band="A")),
        b=Count("pk", filter=Q(band="B")),
        c=Count("pk", filter=Q(band="C")),
    )
    gaps = Gap.objects.filter(run=run).order_by("type").values_list("type").annotate(Count("pk"))
    return RunFigures(
        matches=found["matches"],
        excluded=found["excluded"],
        demands_matched=found["demands"],
        bands=(("A", found["a"]), ("B", found["b"]), ("C", found["c"])),
        allocated_pairs=found["allocated"],
        near_misses=NearMiss.objects.filter(run=run).count(),
        gaps=tuple(gaps),
    )


def near_misses(user: User, run: MatchingRun) -> QuerySet[NearMiss]:
    """Near misses of a run, by demand line."""
    return (
        NearMiss.objects.visible_to(user)
        .filter(run=run)
        .select_related("demand__organisation", "supply__organisation")
        .order_by("demand__organisation_id", "demand__key", "rank", "pk")
    )


def gaps(user: User, run: MatchingRun) -> QuerySet[Gap]:
    """Gaps of a run, the widest first."""
    return (
        Gap.objects.visible_to(user)
        .filter(run=run)
        .select_related("demand__organisation", "demand__node")
        .order_by("-uncovered", "demand__organisation_id", "demand__key", "pk")
    )


def listed_rows(published_list: MatchingList) -> list[dict[str, object]]:
    """Rows of a published list as they were frozen."""
    content = msgspec.json.decode(published_list.content.encode())
    rows: list[dict[str, object]] = content["matches"]
    return rows


def versions(user: User) -> QuerySet[PolicyVersion]:
    """Visible versions of the rules; ``newest`` is the number that counts."""
    newest = (
        PolicyVersion.objects.filter(chain=OuterRef("chain"), kind=OuterRef("kind"))
        .order_by("-number")
        .values("number")[:1]
    )
    return (
        PolicyVersion.objects.visible_to(user)
        .select_related("chain", "adopted_by", "proposal")
        .annotate(newest=Subquery(newest))
    )


def proposals(user: User) -> QuerySet[PolicyProposal]:
    """Visible proposals with their base and what they became."""
    return PolicyProposal.objects.visible_to(user).select_related("chain", "base", "decided_by", "version")
