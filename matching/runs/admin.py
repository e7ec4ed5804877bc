"""Plain admin of runs and what they found: all of it is computed, so all of it is read-only."""

from __future__ import annotations

from django.contrib import admin

from matching.record_admin import ReadOnlyAdmin
from matching.runs.models import (
    Award,
    Exclusion,
    Gap,
    Match,
    MatchingList,
    MatchingRun,
    NearMiss,
    PolicyProposal,
    PolicyVersion,
    Shard,
)

PARTIES = ("demand__organisation", "supply__organisation")


@admin.register(PolicyVersion)
class PolicyVersionAdmin(ReadOnlyAdmin[PolicyVersion]):
    """Numbered rules."""

    list_display = ("chain", "kind", "number", "note", "adopted_by", "created_at")
    list_filter = ("chain",)
    list_select_related = ("chain", "adopted_by")


@admin.register(PolicyProposal)
class PolicyProposalAdmin(ReadOnlyAdmin[PolicyProposal]):
    """Rules that were learnt from decisions."""

    list_display = ("base", "kind", "state", "decided_by", "decided_at", "created_at")
    list_filter = ("state", "chain")
    list_select_related = ("base__chain", "decided_by")


@admin.register(MatchingRun)
class MatchingRunAdmin(ReadOnlyAdmin[MatchingRun]):
    """Runs."""

    list_display = ("round", "number", "state", "percent", "demands", "supplies", "created_at")
    list_filter = ("state", "round__chain")
    list_select_related = ("round__chain",)


@admin.register(Shard)
class ShardAdmin(ReadOnlyAdmin[Shard]):
    """Pieces of runs, to see where one hangs."""

    list_display = ("run", "stage", "number", "state", "token", "leased_until")
    list_filter = ("state", "stage")
    list_select_related = ("run__round__chain",)
    exclude = ("result",)


@admin.register(Match)
class MatchAdmin(ReadOnlyAdmin[Match]):
    """Matches."""

    list_display = ("demand", "supply", "score", "band", "allocated", "excluded")
    list_filter = ("band", "excluded")
    search_fields = ("demand_title", "supply_title")
    list_select_related = PARTIES


@admin.register(NearMiss)
class NearMissAdmin(ReadOnlyAdmin[NearMiss]):
    """Near misses."""

    list_display = ("demand", "supply", "score")
    search_fields = ("demand_title", "supply_title")
    list_select_related = PARTIES


@admin.register(Exclusion)
class ExclusionAdmin(ReadOnlyAdmin[Exclusion]):
    """Pairs that are kept out of the lists."""

    list_display = ("demand", "supply", "reason", "created_at")
    list_select_related = PARTIES


@admin.register(Award)
class AwardAdmin(ReadOnlyAdmin[Award]):
    """What both firms of a pair agreed on."""

    list_display = ("demand", "supply", "quantity", "unit", "created_at")
    list_select_related = PARTIES


@admin.register(Gap)
class GapAdmin(ReadOnlyAdmin[Gap]):
    """Gaps."""

    list_display = ("demand", "type", "uncovered")
    list_filter = ("type",)
    list_select_related = ("demand__organisation",)


@admin.register(MatchingList)
class MatchingListAdmin(ReadOnlyAdmin[MatchingList]):
    """Published lists."""

    list_display = ("chain", "kind", "number", "matches", "gaps", "published_by", "created_at")
    list_filter = ("chain",)
    list_select_related = ("chain", "published_by")
