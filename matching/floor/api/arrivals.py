"""Arrivals and steps of appointments, as records."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from matching.floor import services
from matching.floor.models import Arrival, Sitting
from matching.floor.states import SittingAction, SittingState
from matching.http.filters import Ordering
from matching.http.views import Nothing, ReadOnlyRecords, RecordSerializer
from matching.meetings.models import Appointment


class ArrivalSerializer(RecordSerializer[Arrival]):
    """A party at the door of a meeting."""

    class Meta:
        model = Arrival
        fields = ("id", "meeting", "organisation", "arrived_at", "coming_at")
        read_only_fields = fields


class SittingSerializer(RecordSerializer[Sitting]):
    """How far an appointment is on its day."""

    meeting = serializers.UUIDField(source="appointment.meeting_id", read_only=True)

    class Meta:
        model = Sitting
        fields = ("appointment", "meeting", "state", "began_at", "ended_at")
        read_only_fields = fields


class ArrivalFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of arrivals."""

    meeting = django_filters.UUIDFilter(field_name="meeting_id")
    organisation = django_filters.UUIDFilter(field_name="organisation_id")
    ordering = Ordering(fields=(("created_at", "created_at"),))


class SittingFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of appointments on their day."""

    meeting = django_filters.UUIDFilter(field_name="appointment__meeting_id")
    appointment = django_filters.UUIDFilter(field_name="appointment_id")
    state = django_filters.ChoiceFilter(choices=SittingState.choices)
    ordering = Ordering(fields=(("created_at", "created_at"),))


class ArrivalView(ReadOnlyRecords[Arrival]):
    """Arrivals at an office's meetings, or of one's own firm."""

    queryset = Arrival.objects.none()
    serializer_class = ArrivalSerializer
    filterset_class = ArrivalFilter

    def visible(self) -> QuerySet[Arrival]:
        """Visible arrivals, the newest first."""
        return Arrival.objects.visible_to(self.person).order_by("-created_at", "pk")


class SittingView(ReadOnlyRecords[Sitting]):
    """Appointments that somebody has begun, finished or struck, by the appointment's id."""

    queryset = Sitting.objects.none()
    serializer_class = SittingSerializer
    filterset_class = SittingFilter

    def visible(self) -> QuerySet[Sitting]:
        """Visible ones, the newest first."""
        rows = Sitting.objects.visible_to(self.person).select_related("appointment")
        return rows.order_by("-created_at", "pk")

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"])
    def begin(self, request: Request, pk: str) -> Response:
        """Begin an appointment; both parties are checked in."""
        return self._step(SittingAction.BEGIN, pk)

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: str) -> Response:
        """Finish an appointment that is at its table."""
        return self._step(SittingAction.FINISH, pk)

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"])
    def miss(self, request: Request, pk: str) -> Response:
        """Strike an appointment to which somebody did not come."""
        return self._step(SittingAction.MISS, pk)

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Back to waiting."""
        return self._step(SittingAction.UNDO, pk)

    def _step(self, wanted: SittingAction, pk: str) -> Response:
        appointment = get_object_or_404(Appointment.objects.visible_to(self.person), pk=pk)
        services.step(actor=self.person, appointment_id=appointment.pk, action=wanted)
        return self.answer(Sitting.objects.get(pk=appointment.pk))
