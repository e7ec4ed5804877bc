"""Signing meetings and appointments."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.bodies import Body
from matching import kinds
from matching.chains.models import Chain
from matching.errors import Conflict, Forbidden
from matching.http.filters import Ordering
from matching.http.views import ReadOnlyRecords, ReasonSerializer, RecordSerializer
from matching.meetings import access, queries, services
from matching.meetings.api.appointments import AppointmentSerializer
from matching.meetings.api.reasons import ReasonsSerializer
from matching.meetings.events import Event
from matching.meetings.models import SigningMeeting
from matching.meetings.states import MeetingAction, MeetingState


class MeetingSerializer(RecordSerializer[SigningMeeting]):
    """A day with tables and slots."""

    venue_name = serializers.CharField(source="venue.name", read_only=True)
    address = serializers.CharField(source="venue.address", read_only=True)
    tables = serializers.SerializerMethodField(help_text="How many it takes up; null for firms.")
    plan = serializers.SerializerMethodField(help_text="How often the plan has changed; null for firms.")
    appointment_count = serializers.SerializerMethodField(help_text="For offices; null for firms.")
    actions = serializers.SerializerMethodField(help_text="What you may do with the meeting now.")

    class Meta:
        model = SigningMeeting
        fields: tuple[str, ...] = (
            *("id", "chain", "kind", "event", "leader", "title", "period", "state", "venue", "venue_name"),
            *("address", "date", "starts", "slot_minutes", "breaks", "gap", "slots", "tables", "shut_tables"),
            *("needs_head", "plan", "reason", "appointment_count", "actions"),
        )
        read_only_fields = fields

    def get_tables(self, meeting: SigningMeeting) -> int | None:
        """Tables of all appointments; a firm would learn from them which of its rivals' fell away."""
        return meeting.tables if access.sees_whole(self.person, meeting) else None

    def get_plan(self, meeting: SigningMeeting) -> int | None:
        """Changes of the plan; a firm would learn from them what its rivals answer."""
        return meeting.plan if access.sees_whole(self.person, meeting) else None

    def get_appointment_count(self, meeting: Any) -> int | None:
        """Appointments of all parties."""
        count: int = meeting.appointment_count
        return count if access.sees_whole(self.person, meeting) else None

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=MeetingAction.choices)))
    def get_actions(self, meeting: SigningMeeting) -> list[str]:
        """Actions that role and state allow."""
        return [item.value for item in access.actions(self.person, meeting)]


class MeetingDetailSerializer(MeetingSerializer):
    """A meeting with the appointments that the caller may see."""

    reasons = serializers.SerializerMethodField(help_text="Why it is proposed; for offices, null for firms.")
    appointments = serializers.SerializerMethodField()

    class Meta(MeetingSerializer.Meta):
        fields = (*MeetingSerializer.Meta.fields, "reasons", "appointments")

    @extend_schema_field(ReasonsSerializer(allow_null=True))
    def get_reasons(self, meeting: SigningMeeting) -> Any:
        """Value, urgency and coverage."""
        if not access.sees_whole(self.person, meeting):
            return None
        return ReasonsSerializer(queries.reasons_of(meeting)).data

    @extend_schema_field(AppointmentSerializer(many=True))
    def get_appointments(self, meeting: SigningMeeting) -> Any:
        """Visible appointments by slot and table."""
        return AppointmentSerializer(meeting.planned, many=True, context=self.context).data  # type: ignore[attr-defined]

    def to_representation(self, instance: SigningMeeting) -> Any:
        """The meeting and its appointments as they were at one moment."""
        meeting, planned = queries.plan_of(self.person, instance)
        meeting.planned = planned  # type: ignore[attr-defined]
        return super().to_representation(meeting)


class ProposeSerializer(Body):
    """For which chain."""

    chain = serializers.PrimaryKeyRelatedField(queryset=Chain.objects.all(), help_text="Chain code.")
    event = serializers.ChoiceField(choices=Event.choices, default=Event.SIGNING)


class MeetingFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of signing meetings."""

    chain = django_filters.CharFilter(field_name="chain_id", max_length=40)
    kind = django_filters.ChoiceFilter(choices=kinds.choices())
    event = django_filters.ChoiceFilter(choices=Event.choices)
    state = django_filters.ChoiceFilter(choices=MeetingState.choices)
    date_after = django_filters.DateFilter(field_name="date", lookup_expr="gte")
    date_before = django_filters.DateFilter(field_name="date", lookup_expr="lte")
    ordering = Ordering(fields=(("date", "date"), ("period", "period")))


class MeetingView(ReadOnlyRecords[SigningMeeting]):
    """Signing meetings: offices see those of their chains, firms the approved ones they take part in."""

    queryset = SigningMeeting.objects.none()
    serializer_class = MeetingDetailSerializer
    filterset_class = MeetingFilter

    def visible(self) -> QuerySet[SigningMeeting]:
        """Visible meetings, the latest first."""
        return queries.meetings(self.person).order_by("-date", "chain_id", "pk")

    def get_serializer_class(self) -> Any:
        """Lists leave the appointments out."""
        return MeetingSerializer if self.action == "list" else MeetingDetailSerializer

    @extend_schema(
        request=ProposeSerializer,
        responses={201: MeetingDetailSerializer},
        examples=[OpenApiExample("A chain", {"chain": "photovoltaic"}, request_only=True)],
    )
    @action(detail=False, methods=["post"], filterset_class=None)
    def propose(self, request: Request) -> Response:
        """Propose the chain's meeting of this period, or bring the proposal up to date, now."""
        if not access.proposes_somewhere(self.person):
            raise Forbidden(_("Only the chain's office or department proposes meetings."), code="not_office")
        wanted = ProposeSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        chain = wanted.validated_data["chain"]
        if not access.can_propose(self.person, chain.pk):
            raise Forbidden(
                _("Only the chain's office or department proposes meetings."), code="not_your_chain"
            )
        rule = queries.rules(self.person).filter(chain=chain, event=wanted.validated_data["event"]).first()
        if rule is None:
            raise Conflict(_("This chain has no meeting rule yet."), code="no_rule")
        meeting = services.propose(rule_id=rule.pk, today=timezone.localdate(), actor=self.person)
        if meeting is None:
            raise Conflict(
                _("There is nothing new to propose: too few accepted matches, or no free day."),
                code="nothing_to_propose",
            )
        return self.answer(meeting, status=201)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Approve the proposal; every party is invited. Where ``needs_head`` is true, endorse it instead."""
        return self._decide(request, MeetingAction.APPROVE)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def endorse(self, request: Request, pk: str) -> Response:
        """Agree to the proposal and submit it to the chain head."""
        return self._decide(request, MeetingAction.ENDORSE)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """Approve as chain head what the department agreed to; every party is invited."""
        return self._decide(request, MeetingAction.CONFIRM)

    @extend_schema(request=ReasonSerializer, operation_id="meeting_return")
    @action(detail=True, methods=["post"], url_path="return")
    def give_back(self, request: Request, pk: str) -> Response:
        """Send it back to the department with a reason, as chain head."""
        return self._decide(request, MeetingAction.RETURN)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        """Decline the proposal with a reason; its pairs are free again."""
        return self._decide(request, MeetingAction.DECLINE)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Cancel the meeting with a reason; its parties are told and its pairs free again."""
        return self._decide(request, MeetingAction.CANCEL)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def hold(self, request: Request, pk: str) -> Response:
        """Mark the meeting as held."""
        return self._decide(request, MeetingAction.HOLD)

    def _decide(self, request: Request, wanted: MeetingAction) -> Response:
        meeting = self.get_object()
        reason = ReasonSerializer(data=request.data)
        reason.is_valid(raise_exception=True)
        services.decide(
            actor=self.person, meeting_id=meeting.pk, action=wanted, reason=reason.validated_data["reason"]
        )
        return self.answer(meeting)
