"""Accepted pairs on their way to delivery."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.bodies import Body
from matching.agreements import access, queries, services
from matching.agreements.amounts import Step
from matching.agreements.models import Milestone
from matching.agreements.permits import ProgressAct
from matching.disclosure.services import saw
from matching.http.views import ReadOnlyRecords, ReasonSerializer, RecordSerializer
from matching.review.models import Review
from matching.review.states import ReviewState
from matching.runs.api import DemandRefSerializer, SupplyRefSerializer

SHELVES = (
    *(("overdue", "overdue"), ("confirm", "awaiting confirmation")),
    *(("delivered", "delivered"), ("ended", "broken off")),
)


class MilestoneSerializer(RecordSerializer[Milestone]):
    """One step of a pair."""

    class Meta:
        model = Milestone
        fields = ("step", "state", "due_on", "done_on", "agreement")
        read_only_fields = fields


class ProgressSerializer(RecordSerializer[Review]):
    """An accepted pair, the step that is awaited and until when."""

    chain = serializers.CharField(source="demand.chain_id", read_only=True)
    awaited = serializers.ChoiceField(choices=Step.choices, allow_null=True, read_only=True)
    due_on = serializers.DateField(allow_null=True, read_only=True)
    milestones = MilestoneSerializer(many=True, read_only=True)
    agreements = serializers.SerializerMethodField(help_text="Ids, oldest first.")
    demand = DemandRefSerializer(read_only=True)
    supply = SupplyRefSerializer(read_only=True)
    actions = serializers.SerializerMethodField(help_text="What you may do about it.")

    class Meta:
        model = Review
        fields = (
            *("id", "chain", "state", "accepted_at", "awaited", "due_on", "milestones", "agreements"),
            *("demand", "supply", "actions"),
        )
        read_only_fields = fields

    def to_representation(self, instance: Review) -> dict[str, Any]:
        """The pair, both lines noted as seen."""
        saw((instance.demand, instance.supply))
        return super().to_representation(instance)

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_agreements(self, review: Review) -> list[str]:
        """Ids of its agreements."""
        return [str(one.pk) for one in review.agreements.all()]

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=ProgressAct.choices)))
    def get_actions(self, review: Review) -> list[str]:
        """Actions that the role allows; none once the pair is broken off."""
        if review.state != ReviewState.ACCEPTED:
            return []
        return [act.value for act in ProgressAct if access.may_with(self.person, review, act)]


class PlanSerializer(Body):
    """Until when."""

    due_on = serializers.DateField()


class DeliverSerializer(Body):
    """When it was delivered."""

    done_on = serializers.DateField()


class ProgressFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of pairs."""

    chain = django_filters.CharFilter(field_name="demand__chain_id", max_length=40)
    show = django_filters.ChoiceFilter(choices=SHELVES, method="on_shelf")
    due_before = django_filters.DateFilter(field_name="due_on", lookup_expr="lt")

    def on_shelf(self, rows: QuerySet[Review], _name: str, shelf: str) -> QuerySet[Review]:
        """Pairs on one shelf."""
        return queries.shelved(rows, shelf, self.request.user)


class ProgressView(ReadOnlyRecords[Review]):
    """Accepted pairs of an office's chains, or of one's own firm; the soonest due first."""

    queryset = Review.objects.none()
    serializer_class = ProgressSerializer
    filterset_class = ProgressFilter

    def visible(self) -> QuerySet[Review]:
        """Followed pairs."""
        return queries.progress(self.person)

    @extend_schema(
        request=PlanSerializer,
        examples=[OpenApiExample("A day", {"due_on": "2027-01-15"}, request_only=True)],
    )
    @action(detail=True, methods=["post"])
    def plan(self, request: Request, pk: str) -> Response:
        """Set until when the next step is due."""
        review = self.get_object()
        wanted = PlanSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        services.plan_step(actor=self.person, review_id=review.pk, due_on=wanted.validated_data["due_on"])
        return self.answer(review)

    @extend_schema(
        request=DeliverSerializer,
        examples=[OpenApiExample("A day", {"done_on": "2026-11-20"}, request_only=True)],
    )
    @action(detail=True, methods=["post"])
    def deliver(self, request: Request, pk: str) -> Response:
        """Record the delivery of the contract, as the buyer or as the chain's office."""
        review = self.get_object()
        wanted = DeliverSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        services.deliver(actor=self.person, review_id=review.pk, done_on=wanted.validated_data["done_on"])
        return self.answer(review)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"], url_path="break-off")
    def break_off(self, request: Request, pk: str) -> Response:
        """End the deal for good, with a reason: its capacity is free and the demand open again."""
        review = self.get_object()
        reason = ReasonSerializer(data=request.data)
        reason.is_valid(raise_exception=True)
        services.break_off(actor=self.person, review_id=review.pk, reason=reason.validated_data["reason"])
        # Without any agreement it is no longer followed.
        return Response(ProgressSerializer(self._after(review), context=self.get_serializer_context()).data)

    def _after(self, review: Review) -> Review:
        after = self.visible().filter(pk=review.pk).first()
        if after is None:
            review.refresh_from_db()
            return review
        return after
