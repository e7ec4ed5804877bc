"""API of published lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiResponse,
    extend_schema,
)
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request

from matching import kinds
from matching.disclosure.services import saw_place
from matching.http.filters import Ordering
from matching.http.views import (
    ReadOnlyRecords,
)
from matching.runs import queries
from matching.runs.models import MatchingList


class DiffSerializer(serializers.Serializer[Any]):
    """How a list differs from the one before; pairs are [demand, supply]."""

    added = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    removed = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    changed = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    unchanged = serializers.IntegerField()
    gaps_opened = serializers.ListField(child=serializers.CharField())
    gaps_closed = serializers.ListField(child=serializers.CharField())


class MatchingListSerializer(serializers.ModelSerializer[MatchingList]):
    """A published list; its content has an address of its own."""

    published_by = serializers.StringRelatedField[Any]()

    class Meta:
        model = MatchingList
        fields: tuple[str, ...] = (
            *(
                "id",
                "chain",
                "kind",
                "number",
                "round",
                "run",
                "previous",
                "policy_version",
                "matches",
                "gaps",
            ),
            *("input_hash", "result_hash", "content_hash", "published_by", "created_at"),
        )


class MatchingListDetailSerializer(MatchingListSerializer):
    """A published list with its changes against the one before."""

    diff = DiffSerializer(read_only=True)

    class Meta(MatchingListSerializer.Meta):
        fields = (*MatchingListSerializer.Meta.fields, "diff")


class MatchingListFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of published lists."""

    chain = django_filters.CharFilter(field_name="chain_id", max_length=40)
    kind = django_filters.ChoiceFilter(choices=kinds.choices())
    round = django_filters.UUIDFilter(field_name="round_id")
    ordering = Ordering(fields=(("number", "number"), ("created_at", "created_at")))


class MatchingListView(ReadOnlyRecords[MatchingList]):
    """Published lists, for offices; firms read their own matches elsewhere."""

    queryset = MatchingList.objects.none()
    serializer_class = MatchingListSerializer
    filterset_class = MatchingListFilter

    def visible(self) -> QuerySet[MatchingList]:
        """Visible lists, without their content."""
        return queries.published(self.person).order_by("chain_id", "kind", "-number")

    def get_serializer_class(self) -> Any:
        """One list shows its changes."""
        return MatchingListDetailSerializer if self.action == "retrieve" else MatchingListSerializer

    @extend_schema(responses={(200, "application/json"): OpenApiResponse(OpenApiTypes.OBJECT)})
    @action(detail=True)
    def content(self, request: Request, pk: str) -> HttpResponse:
        """The bytes as they were published; the ETag is their SHA-256, so a copy can be verified."""
        published = self.get_object()
        for place, lines in queries.listed_firms(published):
            saw_place(place, lines=lines)
        headers = {"ETag": f'"{published.content_hash}"'}
        return HttpResponse(published.content.encode(), content_type="application/json", headers=headers)
