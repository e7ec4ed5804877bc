"""The rules that propose meetings."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from matching.chains.models import Chain
from matching.errors import Conflict, Forbidden
from matching.http.views import ReadOnlyRecords, RecordSerializer
from matching.meetings import access, queries, services
from matching.meetings.models import MeetingRule, Venue


class RuleSerializer(RecordSerializer[MeetingRule]):
    """When and how a chain's meeting is proposed."""

    venue = serializers.PrimaryKeyRelatedField(
        queryset=Venue.objects.filter(is_active=True), pk_field=serializers.UUIDField()
    )

    class Meta:
        model = MeetingRule
        fields: tuple[str, ...] = (
            *("id", "chain", "cadence", "minimum_pairs", "lead_days", "venue", "starts", "slot_minutes"),
            *("slots_a_day", "is_active"),
        )
        read_only_fields: tuple[str, ...] = ("id", "chain")


class NewRuleSerializer(RuleSerializer):
    """The first rule of a chain."""

    chain = serializers.PrimaryKeyRelatedField(queryset=Chain.objects.all(), help_text="Chain code.")

    class Meta(RuleSerializer.Meta):
        read_only_fields = ("id",)


class RuleFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of meeting rules."""

    chain = django_filters.CharFilter(field_name="chain_id", max_length=40)


@extend_schema_view(
    create=extend_schema(
        examples=[
            OpenApiExample(
                "Every quarter",
                {
                    "chain": "photovoltaic",
                    "venue": "0b9a1f7e-3a52-4f0e-9f0a-6f3d9a6f1c11",
                    "cadence": "quarter",
                },
                request_only=True,
            )
        ]
    )
)
class RuleView(ReadOnlyRecords[MeetingRule]):
    """When meetings are proposed; offices read, the chain's office and department change."""

    queryset = MeetingRule.objects.none()
    serializer_class = RuleSerializer
    filterset_class = RuleFilter

    def visible(self) -> QuerySet[MeetingRule]:
        """Rules of the chains that the person's office sees."""
        return queries.rules(self.person)

    def get_serializer_class(self) -> Any:
        """A new rule names its chain."""
        return NewRuleSerializer if self.action == "create" else RuleSerializer

    def create(self, request: Request) -> Response:
        """Set the rule of a chain that has none."""
        serializer: Any = self.get_serializer(data=request.data)
        if not access.keeps_some_rule(self.person):
            raise Forbidden(_("Only the chain's office or department sets its rule."), code="not_office")
        serializer.is_valid(raise_exception=True)
        rule = MeetingRule(**serializer.validated_data)
        if access.keeps_rule(self.person, rule.chain_id) and self.visible().filter(chain=rule.chain).exists():
            raise Conflict(_("This chain has a meeting rule already; change it."), code="rule_exists")
        return self.answer(services.save_rule(actor=self.person, rule=rule), status=201)

    def update(self, request: Request, **kwargs: Any) -> Response:
        """Write the rule anew."""
        return self._change(request, partial=False)

    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Change the named fields."""
        return self._change(request, partial=True)

    def _change(self, request: Request, *, partial: bool) -> Response:
        rule = self.get_object()
        if not access.keeps_rule(self.person, rule.chain_id):
            raise Forbidden(_("Your role does not allow this."), code="not_your_chain")
        serializer: Any = self.get_serializer(rule, data=request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        for name, value in serializer.validated_data.items():
            setattr(rule, name, value)
        return self.answer(services.save_rule(actor=self.person, rule=rule))
