"""API of what a changed line would find now, beside what it found in the last run."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from matching.http.views import Records
from matching.lists.models import DemandLine, SupplyLine
from matching.runs import access
from matching.runs.services.compared import Compared, Row, compare_line

LINE = OpenApiParameter("line", OpenApiTypes.UUID, OpenApiParameter.PATH, description="Id of a line.")


class ComparedRowSerializer(serializers.Serializer[Row]):
    """A pair whose score differs; keys are credit code and line number."""

    demand_key = serializers.CharField()
    demand_title = serializers.CharField()
    supply_key = serializers.CharField()
    supply_title = serializers.CharField()
    before = serializers.IntegerField(allow_null=True, help_text="Basis points; null: no match.")
    after = serializers.IntegerField(allow_null=True, help_text="Basis points; null: no match.")


class ComparedSerializer(serializers.Serializer[Compared]):
    """What is otherwise than in the run, the weightiest first."""

    run = serializers.UUIDField(source="run.pk")
    gained = serializers.IntegerField()
    lost = serializers.IntegerField()
    same = serializers.IntegerField(help_text="Matches of the line that are as they were.")
    rows = ComparedRowSerializer(many=True)


@extend_schema(parameters=[LINE])
class ComparedView(Records[Any]):
    """Computed when asked for, stored nowhere."""

    serializer_class = ComparedSerializer
    pagination_class = None
    filter_backends = ()
    model: ClassVar[type[Any]]

    @extend_schema(responses=ComparedSerializer)
    def list(self, request: Request, line: str) -> Response:
        """Matches that the line as it stands now gains and loses against the last run of its chain."""
        found = get_object_or_404(
            self.model.objects.visible_to(self.person).select_related("organisation", "chain"), pk=line
        )
        if not access.sees_results(self.person, found.chain_id):
            get_object_or_404(self.model.objects.none())
        return Response(ComparedSerializer(compare_line(actor=self.person, line=found)).data)


class DemandComparedView(ComparedView):
    """A demand line against the last run."""

    queryset = DemandLine.objects.none()
    model = DemandLine


class SupplyComparedView(ComparedView):
    """A supply line against the last run."""

    queryset = SupplyLine.objects.none()
    model = SupplyLine
