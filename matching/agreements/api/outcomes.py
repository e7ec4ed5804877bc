"""What came of appointments."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from matching.agreements import queries, services
from matching.agreements.api.serializers import OutcomeSerializer, RecordOutcomeSerializer
from matching.agreements.models import Outcome, Result
from matching.http.filters import Ordering
from matching.http.views import ReadOnlyRecords
from matching.meetings.models import Appointment

MET = {
    "appointment": "0b5d8a52-4d0b-4d8e-9a51-3f0c1d2e4b6a",
    "result": "intent",
    "next_step": "寄样品 200 片",
    "due_on": "2026-12-15",
    "terms": {"amount": "500000.00", "tax_included": True},
}


class OutcomeFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of results."""

    meeting = django_filters.UUIDFilter(field_name="appointment__meeting_id")
    appointment = django_filters.UUIDFilter(field_name="appointment_id")
    result = django_filters.ChoiceFilter(choices=Result.choices)
    ordering = Ordering(fields=(("created_at", "created_at"),))


class OutcomeView(ReadOnlyRecords[Outcome]):
    """Results of an office's appointments, or of one's own."""

    queryset = Outcome.objects.none()
    serializer_class = OutcomeSerializer
    filterset_class = OutcomeFilter

    def visible(self) -> QuerySet[Outcome]:
        """Visible results, the newest first."""
        return queries.outcomes(self.person)

    @extend_schema(
        request=RecordOutcomeSerializer,
        responses={201: OutcomeSerializer},
        examples=[OpenApiExample("An intent", MET, request_only=True)],
    )
    def create(self, request: Request) -> Response:
        """Record what came of an appointment; recording it again brings the record up to date."""
        wanted = RecordOutcomeSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        told = dict(wanted.validated_data)
        visible = Appointment.objects.recorded_for(self.person)
        appointment = get_object_or_404(visible, pk=told.pop("appointment"))
        outcome = services.record_outcome(
            actor=self.person,
            appointment_id=appointment.pk,
            result=Result(told.pop("result")),
            **told,
        )
        return self.answer(outcome, status=201)
