"""API of near misses and gaps of a run."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import (
    extend_schema,
)

from matching.engine.types import GapType
from matching.http.filters import Ordering
from matching.http.views import (
    ReadOnlyRecords,
)
from matching.runs import queries
from matching.runs.api.options import RUN, run_of
from matching.runs.api.pairs import GapSerializer, NearMissSerializer
from matching.runs.models import Gap, NearMiss


class NearMissFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of near misses."""

    demand = django_filters.UUIDFilter(field_name="demand_id")
    min_score = django_filters.NumberFilter(
        field_name="score", lookup_expr="gte", min_value=0, max_value=10_000
    )
    ordering = Ordering(fields=(("rank", "rank"), ("score", "score")))


@extend_schema(parameters=[RUN])
class NearMissView(ReadOnlyRecords[NearMiss]):
    """The closest offers of a run that fail exactly one condition."""

    queryset = NearMiss.objects.none()
    serializer_class = NearMissSerializer
    filterset_class = NearMissFilter

    def visible(self) -> QuerySet[NearMiss]:
        """Near misses of the run in the address."""
        return queries.near_misses(self.person, run_of(self))


class GapFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of gaps."""

    demand = django_filters.UUIDFilter(field_name="demand_id")
    type = django_filters.ChoiceFilter(choices=[(item.value, item.value) for item in GapType])
    ordering = Ordering(fields=(("uncovered", "uncovered"), ("type", "type")))


@extend_schema(parameters=[RUN])
class GapView(ReadOnlyRecords[Gap]):
    """Demand of a run that no offer covers."""

    queryset = Gap.objects.none()
    serializer_class = GapSerializer
    filterset_class = GapFilter

    def visible(self) -> QuerySet[Gap]:
        """Gaps of the run in the address."""
        return queries.gaps(self.person, run_of(self))
