"""Agreements and results of appointments as JSON."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.bodies import Body
from matching.agreements import access
from matching.agreements.amounts import Kind
from matching.agreements.models import (
    TERMS,
    Absent,
    Agreement,
    AgreementAttachment,
    AgreementEvent,
    AgreementVersion,
    Outcome,
    Result,
)
from matching.agreements.states import AgreementAction
from matching.disclosure.services import saw
from matching.http.views import Number, RecordSerializer
from matching.runs.api import DemandRefSerializer, SupplyRefSerializer


class TermsSerializer(Body):
    """What was agreed on; the quantity is for the whole term."""

    amount = Number(
        max_digits=18, decimal_places=2, min_value=0, required=False, allow_null=True, help_text="CNY."
    )
    tax_included = serializers.BooleanField(required=False, help_text="Whether the amount holds VAT (含税).")
    quantity = Number(max_digits=18, decimal_places=4, min_value=0, required=False, allow_null=True)
    unit = serializers.CharField(max_length=20, required=False, allow_blank=True)
    signed_on = serializers.DateField(required=False)
    deliver_from = serializers.DateField(required=False, allow_null=True)
    deliver_until = serializers.DateField(required=False, allow_null=True)
    number = serializers.CharField(
        max_length=60, required=False, allow_blank=True, help_text="Number of the document."
    )
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)


class StateSerializer(TermsSerializer):
    """An agreement on an accepted pair."""

    review = serializers.UUIDField(help_text="Id of a pair that both firms said yes to.")
    kind = serializers.ChoiceField(choices=Kind.choices)


class CorrectSerializer(TermsSerializer):
    """Other terms; what is left out stays."""

    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class RecordOutcomeSerializer(Body):
    """What came of an appointment."""

    appointment = serializers.UUIDField()
    result = serializers.ChoiceField(choices=Result.choices)
    absent = serializers.ChoiceField(
        choices=Absent.choices, required=False, allow_blank=True, default="", help_text="Who did not come."
    )
    next_step = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    due_on = serializers.DateField(
        required=False, allow_null=True, default=None, help_text="When the next step is due."
    )
    terms = TermsSerializer(required=False, help_text="Of an agreement alone.")


class VersionSerializer(RecordSerializer[AgreementVersion]):
    """Terms as one side stated them."""

    class Meta:
        model = AgreementVersion
        fields = ("position", *TERMS, "stated_as", "created_at", "confirmed_at")
        read_only_fields = fields


class StepSerializer(RecordSerializer[AgreementEvent]):
    """One step of an agreement."""

    class Meta:
        model = AgreementEvent
        fields = ("action", "state", "acted_as", "reason", "created_at")
        read_only_fields = fields


class AgreementFileSerializer(RecordSerializer[AgreementAttachment]):
    """A file beside an agreement."""

    class Meta:
        model = AgreementAttachment
        fields = ("id", "agreement", "name", "size", "created_at")
        read_only_fields = fields


class AgreementSerializer(RecordSerializer[Agreement]):
    """An intent, a sample, a quote or a contract. Amounts of different kinds are never to be added up."""

    currency = serializers.SerializerMethodField()
    demand = DemandRefSerializer(source="review.demand", read_only=True)
    supply = SupplyRefSerializer(source="review.supply", read_only=True)
    actions = serializers.SerializerMethodField(help_text="What you may do with it now.")

    class Meta:
        model = Agreement
        fields: tuple[str, ...] = (
            *("id", "review", "appointment", "kind", "state", "amount", "currency"),
            *(name for name in TERMS if name != "amount"),
            *("stated_as", "confirmed_at", "created_at", "updated_at", "demand", "supply", "actions"),
        )
        read_only_fields = fields

    def to_representation(self, instance: Agreement) -> dict[str, Any]:
        """The agreement, both lines noted as seen."""
        saw((instance.review.demand, instance.review.supply))
        return super().to_representation(instance)

    def get_currency(self, agreement: Agreement) -> str:
        """Always CNY."""
        return "CNY"

    @extend_schema_field(
        serializers.ListField(child=serializers.ChoiceField(choices=AgreementAction.choices))
    )
    def get_actions(self, agreement: Agreement) -> list[str]:
        """Actions that role and state allow."""
        return [action.value for action in access.actions(self.person, agreement)]


class AgreementDetailSerializer(AgreementSerializer):
    """An agreement with every version, its steps and its files."""

    versions = VersionSerializer(many=True, read_only=True)
    events = StepSerializer(many=True, read_only=True)
    attachments = AgreementFileSerializer(many=True, read_only=True)

    class Meta(AgreementSerializer.Meta):
        fields = (*AgreementSerializer.Meta.fields, "versions", "events", "attachments")
        read_only_fields = fields


class OutcomeSerializer(RecordSerializer[Outcome]):
    """What came of an appointment."""

    review = serializers.UUIDField(source="appointment.review_id", read_only=True)
    meeting = serializers.UUIDField(source="appointment.meeting_id", read_only=True)
    absent = serializers.ChoiceField(choices=Absent.choices, read_only=True, allow_blank=True)

    class Meta:
        model = Outcome
        fields = (
            *("id", "appointment", "meeting", "review", "result", "absent", "next_step", "due_on"),
            *("agreement", "recorded_as", "created_at", "updated_at"),
        )
        read_only_fields = fields
