"""Pairs that both firms said yes to, as JSON and CSV."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request

from matching.disclosure.services import saw
from matching.downloads import plain_table
from matching.http.exports import ROWS_ACCEPTED, FormOptions, rows_described
from matching.http.filters import Ordering
from matching.http.views import Number, ReadOnlyRecords, RecordSerializer
from matching.kinds import Label
from matching.review.models import Review
from matching.review.queries.accepted import accepted_pairs, accepted_rows
from matching.runs.api import DemandRefSerializer, SupplyRefSerializer
from matching.sheets.results import ACCEPTED

TITLE = Label("双方同意对接清单", "Accepted pairs")


class AcceptedPairSerializer(RecordSerializer[Review]):
    """A pair that both firms said yes to; ``quantity`` a month, in the offer's unit."""

    demand = DemandRefSerializer(read_only=True)
    supply = SupplyRefSerializer(read_only=True)
    quantity = Number(max_digits=18, decimal_places=4, read_only=True)
    unit = serializers.CharField(source="supply.unit", read_only=True)

    class Meta:
        model = Review
        fields = ("id", "demand", "supply", "quantity", "unit", "accepted_at")
        read_only_fields = fields

    def to_representation(self, instance: Review) -> dict[str, Any]:
        """The pair, noted as seen."""
        saw((instance.demand, instance.supply))
        return super().to_representation(instance)


class AcceptedPairFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of accepted pairs."""

    chain = django_filters.CharFilter(field_name="demand__chain_id", max_length=40)
    accepted_after = django_filters.IsoDateTimeFilter(field_name="accepted_at", lookup_expr="gte")
    ordering = Ordering(fields=(("accepted_at", "accepted_at"),))


class AcceptedPairView(ReadOnlyRecords[Review]):
    """Accepted pairs of an office's chains, or of one's own firm."""

    queryset = Review.objects.none()
    serializer_class = AcceptedPairSerializer
    filterset_class = AcceptedPairFilter

    def visible(self) -> QuerySet[Review]:
        """Visible pairs, the oldest first."""
        return accepted_pairs(self.person)

    @rows_described("Both lines with their firms, the quantity and the day.")
    @action(detail=False, filterset_class=None, filter_backends=(), renderer_classes=ROWS_ACCEPTED)
    def export(self, request: Request) -> HttpResponse:
        """All accepted pairs that you may see, as JSON or CSV."""
        form = FormOptions.of(request)["form"]
        return plain_table(form, ACCEPTED, accepted_rows(self.visible()), TITLE, "")
