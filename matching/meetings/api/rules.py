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
from matching.meetings.events import Event
from matching.meetings.models import MeetingRule, Venue


class RuleSerializer(RecordSerializer[MeetingRule]):
    """When and how a chain's meeting is proposed."""

    venue = serializers.PrimaryKeyRelatedField(
        queryset=Venue.objects.filter(is_active=True), pk_field=serializers.UUIDField()
    )

    other_venues = serializers.PrimaryKeyRelatedField(
        queryset=Venue.objects.filter(is_active=True),
        pk_field=serializers.UUIDField(),
        many=True,
        required=False,
        help_text="Venues that alternatives are computed for.",
    )
    interpreters = serializers.DictField(
        child=serializers.IntegerField(min_value=1, max_value=99),
        required=False,
        help_text="How many there are of each language (en, ja …) at the same time.",
    )
    travel_times = serializers.DictField(
        child=serializers.IntegerField(min_value=0, max_value=480),
        required=False,
        help_text='Minutes between two cities, either way, by their codes in order: {"1401-1402": 180}.'
        " For all others `travel_minutes` counts.",
    )

    class Meta:
        model = MeetingRule
        fields: tuple[str, ...] = (
            *("id", "chain", "event", "cadence", "minimum_pairs", "minimum_value", "lead_days", "venue"),
            *("other_venues", "starts", "slot_minutes", "slots_a_day", "breaks", "gap", "most_tables"),
            *("travel_minutes", "travel_times", "interpreters", "needs_head", "head_value", "is_active"),
        )
        read_only_fields: tuple[str, ...] = ("id", "chain", "event")


class NewRuleSerializer(RuleSerializer):
    """The first rule of a chain."""

    chain = serializers.PrimaryKeyRelatedField(queryset=Chain.objects.all(), help_text="Chain code.")
    event = serializers.ChoiceField(choices=Event.choices, default=Event.SIGNING)

    class Meta(RuleSerializer.Meta):
        read_only_fields = ("id",)


class RuleFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of meeting rules."""

    chain = django_filters.CharFilter(field_name="chain_id", max_length=40)
    event = django_filters.ChoiceFilter(choices=Event.choices)


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
        values = dict(serializer.validated_data)
        others = values.pop("other_venues", None)
        rule = MeetingRule(**values)
        same = self.visible().filter(chain=rule.chain, event=rule.event)
        if access.keeps_rule(self.person, rule.chain_id) and same.exists():
            raise Conflict(_("This chain has a rule for this event already; change it."), code="rule_exists")
        return self.answer(services.save_rule(actor=self.person, rule=rule, other_venues=others), status=201)

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
        values = dict(serializer.validated_data)
        others = values.pop("other_venues", None)
        for name, value in values.items():
            setattr(rule, name, value)
        return self.answer(services.save_rule(actor=self.person, rule=rule, other_venues=others))
