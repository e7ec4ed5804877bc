"""Supervision orders and the rules that they follow from."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.bodies import Body
from matching.agreements import access, queries, services
from matching.agreements.models import FollowUpRule, SupervisionOrder
from matching.agreements.states import OrderAction, OrderState
from matching.disclosure.services import saw
from matching.http.filters import Ordering
from matching.http.views import ReadOnlyRecords, ReasonSerializer, Records, RecordSerializer
from matching.runs.api import DemandRefSerializer, SupplyRefSerializer

ANSWER = {"answer": "已走访双方，样品检测本周完成。", "due_on": "2027-01-15"}


class OrderSerializer(RecordSerializer[SupervisionOrder]):
    """A step that is late, and what the lead department says about it."""

    step = serializers.CharField(source="milestone.step", read_only=True)
    review = serializers.UUIDField(source="milestone.review_id", read_only=True)
    demand = DemandRefSerializer(source="milestone.review.demand", read_only=True)
    supply = SupplyRefSerializer(source="milestone.review.supply", read_only=True)
    actions = serializers.SerializerMethodField(help_text="What you may do with it now.")

    class Meta:
        model = SupervisionOrder
        fields = (
            *("id", "chain", "number", "review", "step", "missed", "due_on", "state", "answer"),
            *("answered_at", "reason", "closed_at", "created_at", "demand", "supply", "actions"),
        )
        read_only_fields = fields

    def to_representation(self, instance: SupervisionOrder) -> dict[str, Any]:
        """The order, both lines noted as seen."""
        review = instance.milestone.review
        saw((review.demand, review.supply))
        return super().to_representation(instance)

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=OrderAction.choices)))
    def get_actions(self, order: SupervisionOrder) -> list[str]:
        """Actions that role and state allow."""
        return [item.value for item in access.order_actions(self.person, order)]


class AnswerSerializer(Body):
    """What is done about it."""

    answer = serializers.CharField(max_length=1000)
    due_on = serializers.DateField(
        required=False, allow_null=True, default=None, help_text="A new due date of the step."
    )


class OrderFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of supervision orders."""

    chain = django_filters.CharFilter(field_name="chain_id", max_length=40)
    state = django_filters.ChoiceFilter(choices=OrderState.choices)
    due_before = django_filters.DateFilter(field_name="due_on", lookup_expr="lt")
    ordering = Ordering(fields=(("due_on", "due_on"), ("created_at", "created_at")))


class OrderView(ReadOnlyRecords[SupervisionOrder]):
    """Supervision orders of an office's chains."""

    queryset = SupervisionOrder.objects.none()
    serializer_class = OrderSerializer
    filterset_class = OrderFilter

    def visible(self) -> QuerySet[SupervisionOrder]:
        """Visible orders."""
        return queries.orders(self.person)

    @extend_schema(
        request=AnswerSerializer, examples=[OpenApiExample("An answer", ANSWER, request_only=True)]
    )
    @action(detail=True, methods=["post"], url_path="answer")
    def answer_order(self, request: Request, pk: str) -> Response:
        """Say what is done about it, as the chain's lead department."""
        order = self.get_object()
        wanted = AnswerSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        services.answer_order(actor=self.person, order_id=order.pk, **wanted.validated_data)
        return self.answer(order)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"], url_path="return")
    def give_back(self, request: Request, pk: str) -> Response:
        """Ask for another answer, with a reason, as the chain's office."""
        order = self.get_object()
        reason = ReasonSerializer(data=request.data)
        reason.is_valid(raise_exception=True)
        services.return_order(actor=self.person, order_id=order.pk, reason=reason.validated_data["reason"])
        return self.answer(order)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Close it, as the chain's office."""
        order = self.get_object()
        services.close_order(actor=self.person, order_id=order.pk)
        return self.answer(order)


class FollowUpRuleSerializer(RecordSerializer[FollowUpRule]):
    """Days that the steps of a chain's pairs have."""

    class Meta:
        model = FollowUpRule
        fields = (
            *("chain", "intent_days", "sample_days", "quote_days", "contract_days", "delivery_days"),
            *("remind_days", "escalate_days", "answer_days"),
        )
        read_only_fields = ("chain",)


class FollowUpRuleView(Records[FollowUpRule]):
    """By which days pairs are followed up: of each chain by its code."""

    queryset = FollowUpRule.objects.none()
    serializer_class = FollowUpRuleSerializer
    lookup_field = "chain_id"
    lookup_url_kwarg = "chain"

    def visible(self) -> QuerySet[FollowUpRule]:
        """Rules that were set."""
        return queries.rules(self.person)

    def list(self, request: Request) -> Response:
        """Rules that were set; other chains have the usual days."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        assert page is not None
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, chain: str) -> Response:
        """The rule of a chain; the usual days where none was set."""
        return Response(self.get_serializer(self._rule(chain)).data)

    def _rule(self, chain: str) -> FollowUpRule:
        if not access.sees_rule(self.person, chain):
            raise NotFound
        return self.visible().filter(chain_id=chain).first() or FollowUpRule(chain_id=chain)

    def update(self, request: Request, chain: str) -> Response:
        """Set the rule of a chain; what is left out gets the usual days."""
        rule = self._rule(chain)
        wanted = FollowUpRuleSerializer(rule, data=request.data, context=self.get_serializer_context())
        wanted.is_valid(raise_exception=True)
        for name, value in wanted.validated_data.items():
            setattr(rule, name, value)
        services.save_rule(actor=self.person, rule=rule)
        return self.answer(rule)
