"""API of who saw what of one's firm."""

from __future__ import annotations

import uuid
from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework import mixins, serializers

from matching.disclosure import queries
from matching.disclosure.models import Disclosure, Part, Side, Via
from matching.http.views import Records


class DisclosureSerializer(serializers.ModelSerializer[Disclosure]):
    """Somebody outside your firm saw something of yours; the same again within an hour is one entry."""

    id = serializers.SerializerMethodField()
    reader_organisation = serializers.CharField(
        source="reader_organisation.name", default=None, allow_null=True, help_text="Where the reader works."
    )
    reader = serializers.SerializerMethodField(help_text="The person, if of a public office; else empty.")
    line = serializers.UUIDField(
        source="object_id", allow_null=True, help_text="The line; null where ``lines`` sums up many."
    )
    parts = serializers.ListField(child=serializers.ChoiceField(choices=Part.choices))

    class Meta:
        model = Disclosure
        fields = (
            *("id", "at", "organisation", "reader_organisation", "reader", "side", "line", "key", "title"),
            *("lines", "parts", "via"),
        )
        read_only_fields = fields

    def get_id(self, entry: Disclosure) -> uuid.UUID:
        """The entry's own name."""
        return queries.name_of(entry)

    def get_reader(self, entry: Disclosure) -> str:
        """The name."""
        return queries.reader_of(entry)


class DisclosureFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of entries."""

    side = django_filters.ChoiceFilter(choices=Side.choices)
    line = django_filters.UUIDFilter(field_name="object_id")
    part = django_filters.ChoiceFilter(choices=Part.choices, method="with_part")
    via = django_filters.ChoiceFilter(choices=Via.choices)
    since = django_filters.IsoDateTimeFilter(field_name="at", lookup_expr="gte")

    def with_part(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Entries that have the part among others."""
        return rows.filter(parts__contains=[value])


class DisclosureView(mixins.ListModelMixin, Records[Disclosure]):
    """Who saw what of one's firms."""

    queryset = Disclosure.objects.none()
    serializer_class = DisclosureSerializer
    filterset_class = DisclosureFilter

    def visible(self) -> QuerySet[Disclosure]:
        """Entries about one's own firms, the newest first."""
        return queries.entries(self.person)


routes = [("disclosures", DisclosureView, "disclosure")]
