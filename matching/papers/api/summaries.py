"""The summary of a meeting, or of a chain and period: its figures, and its rows in several forms."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from matching.agreements.amounts import Kind, Total
from matching.chains.models import Chain
from matching.downloads import XLSX
from matching.errors import Forbidden
from matching.http.exports import CSVAccepted
from matching.http.options import Options
from matching.http.views import Number, PersonMixin
from matching.meetings.models import SigningMeeting
from matching.papers import access, services
from matching.papers.periods import PATTERN, period_of, year_of
from matching.papers.queries import summary
from matching.papers.queries.summary import Extent, Figures
from matching.papers.types import DOCX, PDF


class ExtentOptions(Options):
    """One meeting; or a period, of one chain or of all, with leader firms of a city or of all.

    Without either it is this year.
    """

    meeting = serializers.UUIDField(required=False, help_text="Then nothing else.")
    period = serializers.RegexField(
        PATTERN, required=False, help_text="2026, 2026-Q4 or 2026-11; absent: this year."
    )
    chain = serializers.CharField(required=False, max_length=40, help_text="Chain code.")
    city = serializers.RegexField(
        r"^[1-9][0-9]{3}$", required=False, help_text="Four digits of a GB/T 2260 code."
    )

    def validate_chain(self, code: str) -> Chain:
        """One of the person's own chains."""
        found: Chain | None = access.summed_chains(self.context["user"]).filter(pk=code).first()
        if found is None:
            raise serializers.ValidationError(_("There is no such chain."), code="does_not_exist")
        return found

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A meeting by itself, or a period."""
        attrs = super().validate(attrs)
        if "meeting" in attrs and (beside := attrs.keys() & {"period", "chain", "city"}):
            told = _("A meeting stands by itself.")
            raise serializers.ValidationError(dict.fromkeys(sorted(beside), told), code="invalid")
        return attrs


class RowOptions(ExtentOptions):
    """Also in which form."""

    form = serializers.ChoiceField(choices=services.FORMS, default="json")


def _cny(name: str) -> Number:
    where = f"{name}.value"
    return Number(
        source=where, max_digits=20, decimal_places=2, allow_null=True, default=None, help_text="CNY."
    )


class KindTotalSerializer(serializers.Serializer[Total]):
    """Agreements of one kind. Amounts of different kinds, with and without tax, are not to be added up."""

    kind = serializers.ChoiceField(choices=Kind.choices)
    count = serializers.IntegerField()
    with_tax = _cny("with_tax")
    without_tax = _cny("without_tax")
    open = serializers.IntegerField(help_text="Of these, without an amount.")


class SummaryFiguresSerializer(serializers.Serializer[Figures]):
    """The figures that offices report."""

    leader_firms = serializers.IntegerField()
    member_firms = serializers.IntegerField()
    demands = serializers.IntegerField()
    demand_value = Number(
        max_digits=30,
        decimal_places=2,
        allow_null=True,
        help_text="CNY a month at the ceilings named; null where fewer than three leader firms named one.",
    )
    priced = serializers.IntegerField(help_text="Demands that this value is of.")
    arranged = serializers.IntegerField(help_text="Talks arranged.")
    met = serializers.IntegerField(help_text="Pairs that met.")
    signed = serializers.IntegerField(help_text="Pairs with an intent or a contract.")
    delivered = serializers.IntegerField(help_text="Pairs delivered.")
    agreed = KindTotalSerializer(source="kinds", many=True)


@extend_schema_serializer(many=False)
class SummarySerializer(serializers.Serializer[Any]):
    """Figures of the whole, and of each city of leader firms, or of each chain where none is named."""

    title = serializers.CharField()
    figures = SummaryFiguresSerializer()
    names = serializers.DictField(child=serializers.CharField(), help_text="Names of the groups.")
    groups = serializers.DictField(child=SummaryFiguresSerializer(), help_text="By code of city or chain.")


class SummaryView(PersonMixin, ViewSet):
    """Summaries of demand and supply, for offices."""

    @extend_schema(parameters=[ExtentOptions], responses=SummarySerializer)
    def list(self, request: Request) -> Response:
        """What a meeting, or the chains in a period, came to."""
        extent = self._extent(ExtentOptions.of(request, user=self._office()))
        told, groups = summary.figures(extent)
        names = summary.group_names(extent, groups)
        found = {"title": summary.title_of(extent), "figures": told, "names": names, "groups": groups}
        return Response(SummarySerializer(found).data)

    @extend_schema(
        parameters=[RowOptions],
        responses={
            (200, "application/json"): OpenApiResponse(OpenApiTypes.ANY, "A row an agreement."),
            (200, "text/csv"): OpenApiResponse(OpenApiTypes.STR, "A row an agreement."),
            **{(200, kind): OpenApiResponse(OpenApiTypes.BINARY) for kind in (XLSX, DOCX, PDF)},
        },
    )
    @action(detail=False, renderer_classes=(JSONRenderer, CSVAccepted))
    def rows(self, request: Request) -> HttpResponse:
        """The same pair by pair: firms, products, result of the talk, agreement, next step."""
        asked = RowOptions.of(request, user=self._office())
        return services.summed(self._extent(asked), asked["form"])

    def _office(self) -> Any:
        if not access.sees_summaries(self.person):
            raise Forbidden(_("Only offices see figures of whole chains."), code="not_office")
        return self.person

    def _extent(self, asked: dict[str, Any]) -> Extent:
        if wanted := asked.get("meeting"):
            visible = SigningMeeting.objects.visible_to(self.person).select_related("chain", "venue")
            meeting = visible.filter(pk=wanted).first()
            if meeting is None or not access.sees_summary(self.person, meeting.chain_id):
                raise NotFound
            return Extent(meeting=meeting)
        period = period_of(asked.get("period", "")) or year_of(timezone.localdate())
        return summary.extent_of(self.person, period, chain=asked.get("chain"), city=asked.get("city", ""))
