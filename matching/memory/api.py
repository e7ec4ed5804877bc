"""API of the memory of confirmed matches; for offices alone."""

from __future__ import annotations

from collections import Counter
from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.bodies import Body
from matching import kinds
from matching.disclosure.services import saw
from matching.http.filters import Ordering
from matching.http.views import (
    MAX_BULK,
    FirmSerializer,
    ReadOnlyRecords,
    ReasonSerializer,
    RecordSerializer,
)
from matching.lists.models import DemandLine, SupplyLine
from matching.memory import access, queries, services
from matching.memory.models import LONGEST, LONGEST_PRODUCT, Confirmation, Source
from matching.memory.services import Outcome, PastPair
from matching.memory.states import CONFIRMATION, ConfirmationAction, ConfirmationState

PAIR = {"text": "太阳能薄片", "uscc": "91140100MA0T00013K", "line": "S0001"}
ACTIONS = [(ConfirmationAction.REVOKE.value, ConfirmationAction.REVOKE.value)]


class ConfirmedLineSerializer(serializers.ModelSerializer[Any]):
    """A line of a confirmed pair; that it was seen is noted for its firm."""

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """The line with its firm."""
        saw([instance])
        shown: dict[str, Any] = super().to_representation(instance)
        return shown


class ConfirmedSupplySerializer(ConfirmedLineSerializer):
    """Whose offer it is."""

    firm = FirmSerializer(source="organisation", read_only=True)

    class Meta:
        model = SupplyLine
        fields = ("id", "key", "firm")
        read_only_fields = fields


class ConfirmedDemandSerializer(ConfirmedLineSerializer):
    """Whose need it was."""

    firm = FirmSerializer(source="organisation", read_only=True)

    class Meta:
        model = DemandLine
        fields = ("id", "key", "firm")
        read_only_fields = fields


class ConfirmationSerializer(RecordSerializer[Confirmation]):
    """Words of a need and the offer that people confirmed for them, by whom and when."""

    supply = ConfirmedSupplySerializer(read_only=True)
    demand = ConfirmedDemandSerializer(
        read_only=True, allow_null=True, help_text="Null where the office told the pair."
    )
    confirmed_by = serializers.StringRelatedField[Any](allow_null=True)
    ended_by = serializers.StringRelatedField[Any](allow_null=True)
    asleep = serializers.SerializerMethodField(help_text="Why it is not used now; null where it is.")
    actions = serializers.SerializerMethodField(help_text="What you may do with it now.")

    class Meta:
        model = Confirmation
        fields = (
            *("id", "chain", "kind", "text", "product", "supply", "demand", "source", "state", "asleep"),
            *("confirmed_on", "confirmed_by", "created_at", "ended_at", "ended_by", "ended_reason"),
            "actions",
        )
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=queries.Asleep.choices, allow_null=True))
    def get_asleep(self, confirmation: Confirmation) -> str | None:
        """Only what is in force can sleep."""
        if confirmation.state != ConfirmationState.STANDING:
            return None
        return queries.asleep(confirmation)

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=ACTIONS)))
    def get_actions(self, confirmation: Confirmation) -> list[str]:
        """Revoking, where role and state allow it."""
        allowed = access.keeps_memory(self.person, confirmation.chain_id)
        revocable = CONFIRMATION.allows(confirmation.state, ConfirmationAction.REVOKE)
        return [ConfirmationAction.REVOKE.value] if allowed and revocable else []


class PairSerializer(Body):
    """One pair that people agreed on."""

    text = serializers.CharField(max_length=LONGEST, help_text="Words of the need.")
    uscc = serializers.CharField(max_length=18, help_text="Credit code of the supplier.")
    line = serializers.CharField(max_length=40, help_text="The supplier's own line number.")
    product = serializers.CharField(
        max_length=LONGEST_PRODUCT,
        required=False,
        allow_blank=True,
        default="",
        help_text="The offer's name at that time; empty: the line's present one.",
    )
    confirmed_on = serializers.CharField(
        max_length=20,
        required=False,
        allow_blank=True,
        default="",
        help_text="Day as 2024-03-01; empty: not known.",
    )


class RememberSerializer(PairSerializer):
    """A pair and its kind of list."""

    kind = serializers.ChoiceField(choices=kinds.choices(), default=kinds.PRODUCT.code)


class PastPairSerializer(PairSerializer):
    """A row of an office's records; what is wrong with it is told in its result."""

    text = serializers.CharField(allow_blank=True, max_length=4000)
    uscc = serializers.CharField(allow_blank=True, max_length=100)
    line = serializers.CharField(allow_blank=True, max_length=100)
    product = serializers.CharField(allow_blank=True, max_length=4000, required=False, default="")
    confirmed_on = serializers.CharField(allow_blank=True, max_length=100, required=False, default="")


class HistorySerializer(Body):
    """Many pairs at once."""

    kind = serializers.ChoiceField(choices=kinds.choices(), default=kinds.PRODUCT.code)
    dry_run = serializers.BooleanField(default=False, help_text="Tell what would happen, write nothing.")
    rows = serializers.ListField(child=PastPairSerializer(), allow_empty=False, max_length=MAX_BULK)


class ToldSerializer(serializers.Serializer[Any]):
    """What became of one row; field and problem are empty unless it was refused."""

    result = serializers.ChoiceField(choices=[(outcome.value, outcome.value) for outcome in Outcome])
    field = serializers.CharField(allow_blank=True)
    problem = serializers.CharField(allow_blank=True)


class HistoryResultSerializer(serializers.Serializer[Any]):
    """Results in the order of the rows, and how many of each there are."""

    remembered = serializers.IntegerField()
    known = serializers.IntegerField()
    revoked = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = ToldSerializer(many=True)


class ConfirmationFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of confirmations."""

    chain = django_filters.CharFilter(field_name="chain_id", max_length=40)
    kind = django_filters.ChoiceFilter(choices=kinds.choices())
    state = django_filters.ChoiceFilter(choices=ConfirmationState.choices)
    source = django_filters.ChoiceFilter(choices=Source.choices)
    supply = django_filters.UUIDFilter(field_name="supply_id")
    demand = django_filters.UUIDFilter(field_name="demand_id")
    text = django_filters.CharFilter(field_name="text", lookup_expr="icontains", max_length=80)
    ordering = Ordering(fields=(("created_at", "created_at"), ("confirmed_on", "confirmed_on")))


class ConfirmationView(ReadOnlyRecords[Confirmation]):
    """What people confirmed: it is found again by the same words; only chain-wide offices see it."""

    queryset = Confirmation.objects.none()
    serializer_class = ConfirmationSerializer
    filterset_class = ConfirmationFilter

    def visible(self) -> QuerySet[Confirmation]:
        """Visible confirmations, the newest first."""
        return queries.confirmations(self.person)

    @extend_schema(
        request=RememberSerializer,
        responses={201: ConfirmationSerializer},
        examples=[OpenApiExample("A pair", PAIR, request_only=True)],
    )
    def create(self, request: Request) -> Response:
        """Remember one pair on the office's word; it counts from the next run on."""
        services.refuse_strangers(self.person)
        wanted = RememberSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        kind = wanted.validated_data.pop("kind")
        pair = PastPair(**wanted.validated_data)
        return self.answer(services.remember(actor=self.person, pair=pair, kind=kind), status=201)

    @extend_schema(
        request=HistorySerializer,
        responses=HistoryResultSerializer,
        examples=[OpenApiExample("A trial", {"dry_run": True, "rows": [PAIR]}, request_only=True)],
    )
    @action(detail=False, methods=["post"], url_path="import", url_name="import")
    def bring(self, request: Request) -> Response:
        """Remember up to 1,000 pairs of the years before, each for itself; repeating it changes nothing.

        Words that were revoked for an offer stay revoked.
        """
        services.refuse_strangers(self.person)
        wanted = HistorySerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        told = services.remember_history(
            actor=self.person,
            pairs=[PastPair(**row) for row in wanted.validated_data["rows"]],
            kind=wanted.validated_data["kind"],
            dry_run=wanted.validated_data["dry_run"],
        )
        counts = Counter(one.outcome for one in told)
        results = [{"result": one.outcome, "field": one.field, "problem": one.problem} for one in told]
        return Response({**{item.value: counts[item] for item in Outcome}, "results": results})

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: str) -> Response:
        """Say that these words do not mean this offer; equal confirmations of it end too."""
        confirmation = self.get_object()
        wanted = ReasonSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        done = services.revoke(
            actor=self.person, confirmation_id=confirmation.pk, reason=wanted.validated_data["reason"]
        )
        return self.answer(done)


routes = [("confirmations", ConfirmationView, "confirmation")]
