"""What firms agreed on: pairs that both said yes to, as JSON, CSV and Open Contracting releases."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request

from matching.disclosure.services import saw
from matching.downloads import JSON, plain_table, saved
from matching.errors import Conflict
from matching.http.exports import ROWS_ACCEPTED, FormOptions, rows_described
from matching.http.filters import Ordering
from matching.http.views import Number, ReadOnlyRecords, Records, RecordSerializer
from matching.kinds import Label
from matching.review.models import Review
from matching.review.queries import contracting
from matching.review.queries.agreements import agreement_rows, agreements
from matching.runs.api import DemandRefSerializer, SupplyRefSerializer
from matching.runs.api.exports import LIST, list_of
from matching.runs.models import MatchingList
from matching.sheets.results import AGREEMENTS

TITLE = Label("合作意向清单", "Agreements")
PACKAGE = OpenApiResponse(OpenApiTypes.OBJECT, "A release package of OCDS 1.1.")


class AgreementSerializer(RecordSerializer[Review]):
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


class AgreementFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of agreements."""

    chain = django_filters.CharFilter(field_name="demand__chain_id", max_length=40)
    accepted_after = django_filters.IsoDateTimeFilter(field_name="accepted_at", lookup_expr="gte")
    ordering = Ordering(fields=(("accepted_at", "accepted_at"),))


class AgreementView(ReadOnlyRecords[Review]):
    """Agreements of an office's chains, or of one's own firm."""

    queryset = Review.objects.none()
    serializer_class = AgreementSerializer
    filterset_class = AgreementFilter

    def visible(self) -> QuerySet[Review]:
        """Visible agreements, the oldest first."""
        return agreements(self.person)

    @rows_described("Both lines with their firms, the quantity and the day.")
    @action(detail=False, filterset_class=None, filter_backends=(), renderer_classes=ROWS_ACCEPTED)
    def export(self, request: Request) -> HttpResponse:
        """All agreements that you may see, as JSON or CSV."""
        form = FormOptions.of(request)["form"]
        return plain_table(form, AGREEMENTS, agreement_rows(self.visible()), TITLE, "")

    @extend_schema(responses={(200, JSON): PACKAGE}, filters=False)
    @action(detail=False, filterset_class=None, filter_backends=())
    def releases(self, request: Request) -> HttpResponse:
        """All agreements that you may see, as Open Contracting releases with their awards."""
        found = contracting.releases_of_agreements(self.person, self.visible())
        return _package(request, "agreements", found)


@extend_schema(parameters=[LIST])
class ListReleaseView(Records[MatchingList]):
    """A published list as Open Contracting releases."""

    queryset = MatchingList.objects.none()
    pagination_class = None
    filter_backends = ()

    @extend_schema(responses={(200, JSON): PACKAGE})
    def list(self, request: Request, list: str) -> HttpResponse:
        """The demand lines that the list names as tenders, with what has been agreed on as awards."""
        published = list_of(self)
        found = contracting.releases_of_list(self.person, published)
        return _package(request, f"{published}", found)


def _package(request: Request, name: str, releases: Iterator[Any]) -> HttpResponse:
    first = next(releases, None)
    if first is None:
        told = _("There is nothing to release; a package holds one release at least.")
        raise Conflict(told, code="nothing_to_release")
    address = request.build_absolute_uri()
    return saved(
        "ocds",
        name,
        suffix="json",
        content_type=JSON,
        write=lambda out: contracting.write_package(out, address, chain([first], releases)),
    )
