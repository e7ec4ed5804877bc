"""Venues: everybody reads them, chain offices and departments keep them."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.bodies import Strict
from matching.errors import Forbidden
from matching.http.filters import Flag
from matching.http.views import ReadOnlyRecords
from matching.meetings import access, services
from matching.meetings.models import Venue

MOST_TABLES = 1000
EXAMPLE = {
    "name": "太原国际会展中心 2 号厅",
    "address": "太原市晋源区长兴南街 10 号",
    "region": "140110",
    "tables": [1, 2, 3, 4],
}


class TableNumbers(serializers.ListField):
    """Numbers of tables, read from a venue's rows."""

    child = serializers.IntegerField(min_value=1, max_value=10_000)

    def to_representation(self, data: Any) -> list[int]:
        """In their order."""
        return sorted(table.number for table in data.all())


class VenueSerializer(Strict, serializers.ModelSerializer[Venue]):
    """A place with numbered tables."""

    tables = TableNumbers(max_length=MOST_TABLES, required=False, help_text="Numbers of its tables.")

    class Meta:
        model = Venue
        fields = ("id", "name", "address", "region", "is_active", "tables")


class VenueFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of venues."""

    region = django_filters.CharFilter(lookup_expr="startswith", max_length=6)
    active = Flag(field_name="is_active")


@extend_schema_view(
    create=extend_schema(examples=[OpenApiExample("Four tables", EXAMPLE, request_only=True)]),
    partial_update=extend_schema(
        examples=[OpenApiExample("Out of use", {"is_active": False}, request_only=True)]
    ),
)
class VenueView(ReadOnlyRecords[Venue]):
    """Venues."""

    queryset = Venue.objects.none()
    serializer_class = VenueSerializer
    filterset_class = VenueFilter

    def visible(self) -> QuerySet[Venue]:
        """All venues with their tables."""
        return Venue.objects.visible_to(self.person).prefetch_related("tables").order_by("name", "pk")

    def create(self, request: Request) -> Response:
        """Add a venue."""
        self._refuse_strangers()
        return self.answer(self._save(request, Venue(), partial=False), status=201)

    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Change the named fields; tables that are no longer named go, unless they have appointments."""
        self._refuse_strangers()
        return self.answer(self._save(request, self.get_object(), partial=True))

    def _refuse_strangers(self) -> None:
        if not access.keeps_venues(self.person):
            raise Forbidden(_("Only chain offices and departments keep venues."), code="not_office")

    def _save(self, request: Request, venue: Venue, *, partial: bool) -> Venue:
        serializer: Any = self.get_serializer(venue, data=request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        values = dict(serializer.validated_data)
        tables = values.pop("tables", None)
        for name, value in values.items():
            setattr(venue, name, value)
        return services.save_venue(actor=self.person, venue=venue, tables=tables)
