"""What everybody may know of the newest published lists."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from matching.http.views import PersonMixin
from matching.overview.queries.public import Demand, OfChain, Statistics, statistics

FEW = "Null where too few firms stand behind it."


def _count() -> serializers.IntegerField:
    return serializers.IntegerField(allow_null=True, help_text=FEW)


class DemandCountSerializer(serializers.Serializer[Demand]):
    """Demand lines, and those with at least one match."""

    lines = _count()
    covered = _count()


class ChainStatisticsSerializer(serializers.Serializer[OfChain]):
    """One chain's newest list."""

    chain = serializers.CharField()
    number = serializers.IntegerField()
    published_at = serializers.DateTimeField()
    demand = DemandCountSerializer()
    supplies = _count()
    matches = _count()
    gaps = _count()


@extend_schema_serializer(many=False)
class StatisticsSerializer(serializers.Serializer[Statistics]):
    """Counts only, and none that one or two firms stand behind."""

    chains = ChainStatisticsSerializer(many=True)
    cities = serializers.DictField(child=DemandCountSerializer(), help_text="By GB/T 2260 code.")
    gaps = serializers.DictField(child=serializers.IntegerField(allow_null=True), help_text="By type.")
    agreements = serializers.DictField(
        child=serializers.DictField(child=serializers.IntegerField(allow_null=True)),
        help_text="Agreements in force, signed before this month began, by chain and kind. " + FEW,
    )
    leader_firms = _count()
    member_firms = _count()
    demand = DemandCountSerializer()
    supplies = _count()


class StatisticsView(PersonMixin, ViewSet):
    """Published statistics."""

    @extend_schema(responses=StatisticsSerializer)
    def list(self, request: Request) -> Response:
        """Statistics of the newest published list of each chain, as on the public page."""
        return Response(StatisticsSerializer(statistics()).data)
