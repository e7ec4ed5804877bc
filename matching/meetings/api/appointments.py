"""Appointments: read, move, pin."""

from __future__ import annotations

from typing import ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.bodies import Body
from matching.errors import Forbidden
from matching.http.filters import Ordering
from matching.http.views import ReadOnlyRecords, RecordSerializer
from matching.meetings import access, queries, services
from matching.meetings.models import Appointment
from matching.runs.api import DemandRefSerializer, SupplyRefSerializer


class AppointmentSerializer(RecordSerializer[Appointment]):
    """Two parties at one table and slot."""

    demand = DemandRefSerializer(source="review.demand", read_only=True)
    supply = SupplyRefSerializer(source="review.supply", read_only=True)
    table = serializers.IntegerField(source="table.number", read_only=True)
    begins = serializers.DateTimeField(source="during.lower", read_only=True)
    ends = serializers.DateTimeField(source="during.upper", read_only=True)

    class Meta:
        model = Appointment
        fields = (
            *("id", "meeting", "review", "table", "slot", "begins", "ends", "is_pinned"),
            "presentation",
            *("demand", "supply"),
        )
        read_only_fields = fields
        extra_kwargs: ClassVar = {
            "presentation": {"help_text": "The same for all that meet at one table in one slot (roadshows)."}
        }


class MoveSerializer(Body):
    """Where an appointment goes."""

    table = serializers.IntegerField(min_value=0, max_value=10_000, help_text="Number of the table.")
    slot = serializers.IntegerField(min_value=0, max_value=10_000, help_text="Slot, from 0.")


class PinSerializer(Body):
    """Whether it stays."""

    pinned = serializers.BooleanField()


class AppointmentFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of appointments."""

    meeting = django_filters.UUIDFilter(field_name="meeting_id")
    organisation = django_filters.UUIDFilter(field_name="parties__organisation_id", distinct=True)
    date_after = django_filters.DateFilter(field_name="meeting__date", lookup_expr="gte")
    date_before = django_filters.DateFilter(field_name="meeting__date", lookup_expr="lte")
    ordering = Ordering(fields=(("meeting__date", "date"), ("slot", "slot")))


class AppointmentView(ReadOnlyRecords[Appointment]):
    """Appointments; a firm sees its own."""

    queryset = Appointment.objects.none()
    serializer_class = AppointmentSerializer
    filterset_class = AppointmentFilter

    def visible(self) -> QuerySet[Appointment]:
        """Visible appointments by day, slot and table."""
        return queries.appointments(self.person).order_by("meeting__date", "slot", "table__number", "pk")

    @extend_schema(
        request=MoveSerializer,
        examples=[OpenApiExample("Table 3, second slot", {"table": 3, "slot": 1}, request_only=True)],
    )
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """Move it to another table and slot of its meeting."""
        appointment = self.get_object()
        if not access.can_move(self.person, appointment.meeting.chain_id):
            raise Forbidden(_("Your role does not allow this."), code="not_your_meeting")
        wanted = MoveSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        services.move(
            actor=self.person,
            appointment_id=appointment.pk,
            table_number=wanted.validated_data["table"],
            slot=wanted.validated_data["slot"],
        )
        return self.answer(appointment)

    @extend_schema(request=PinSerializer)
    @action(detail=True, methods=["post"])
    def pin(self, request: Request, pk: str) -> Response:
        """Say that it stays where it is when the meeting is planned anew, or that it need not."""
        appointment = self.get_object()
        if not access.can_pin(self.person, appointment.meeting.chain_id):
            raise Forbidden(_("Your role does not allow this."), code="not_your_meeting")
        wanted = PinSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        services.pin(actor=self.person, appointment_id=appointment.pk, pinned=wanted.validated_data["pinned"])
        return self.answer(appointment)
