"""Invitations: read, answer, remind, invite guests; the day and its calendar file."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from matching.disclosure.models import Part
from matching.disclosure.services import saw
from matching.errors import Forbidden
from matching.http.exports import ICalendarAccepted
from matching.http.filters import Ordering, refuse_unknown
from matching.http.views import Nothing, ReadOnlyRecords
from matching.invitations import access, queries, services
from matching.invitations.api.serializers import (
    AcceptSerializer,
    AgendaItemSerializer,
    GuestSerializer,
    InvitationSerializer,
    RefuseSerializer,
)
from matching.invitations.ics import CONTENT_TYPE, published
from matching.invitations.models import Invitation
from matching.invitations.states import AnswerVia, InvitationAction, InvitationState

SOMEBODY = {"delegates": [{"name": "李娜", "job": "采购经理", "phone": "13900000000", "language": "zh-hans"}]}


class InvitationFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of invitations."""

    meeting = django_filters.UUIDFilter(field_name="meeting_id")
    organisation = django_filters.UUIDFilter(field_name="organisation_id")
    state = django_filters.ChoiceFilter(choices=InvitationState.choices)
    date_after = django_filters.DateFilter(field_name="meeting__date", lookup_expr="gte")
    date_before = django_filters.DateFilter(field_name="meeting__date", lookup_expr="lte")
    ordering = Ordering(fields=(("meeting__date", "date"), ("deadline", "deadline")))


@extend_schema_view(
    create=extend_schema(
        request=GuestSerializer,
        responses={201: InvitationSerializer},
        examples=[
            OpenApiExample(
                "A city's task force",
                {
                    "meeting": "0b9a1f7e-3a52-4f0e-9f0a-6f3d9a6f1c11",
                    "organisation": "5f0e9f0a-6f3d-4a52-9a6f-1c110b9a1f7e",
                },
                request_only=True,
            )
        ],
    )
)
class InvitationView(ReadOnlyRecords[Invitation]):
    """Invitations to signing meetings: offices see those of their chains, the invited their own."""

    queryset = Invitation.objects.none()
    serializer_class = InvitationSerializer
    filterset_class = InvitationFilter

    def visible(self) -> QuerySet[Invitation]:
        """Visible invitations, the latest meeting first."""
        return queries.invitations(self.person).order_by("-meeting__date", "pk")

    def create(self, request: Request) -> Response:
        """Invite an office as a guest; firms are invited by themselves, with their appointments."""
        if not access.invites_somewhere(self.person):
            raise Forbidden(_("Only the chain's office or department invites."), code="not_office")
        body = GuestSerializer(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        invitation = services.invite_guest(
            actor=self.person,
            meeting_id=body.validated_data["meeting"].pk,
            organisation_id=body.validated_data["organisation"].pk,
        )
        return self.answer(invitation, status=201)

    @extend_schema(
        request=AcceptSerializer,
        examples=[OpenApiExample("One person comes", SOMEBODY, request_only=True)],
    )
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """Say that the organisation comes, and who; again, to name others."""
        body = AcceptSerializer(data=request.data)
        return self._answer(body, InvitationAction.ACCEPT)

    @extend_schema(
        request=RefuseSerializer,
        examples=[OpenApiExample("With a reason", {"reason": "设备检修"}, request_only=True)],
    )
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        """Say that the organisation does not come; its places go to the waiting list."""
        return self._answer(RefuseSerializer(data=request.data), InvitationAction.DECLINE)

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"])
    def wait(self, request: Request, pk: str) -> Response:
        """After a refusal: wait for a place after all."""
        return self._answer(Nothing(data=request.data), InvitationAction.WAIT)

    def _answer(self, body: Any, wanted: InvitationAction) -> Response:
        invitation = self.get_object()
        body.is_valid(raise_exception=True)
        own = access.belongs_to(self.person, invitation)
        services.answer(
            actor=self.person,
            invitation_id=invitation.pk,
            action=wanted,
            via=AnswerVia.API if own else AnswerVia.OFFICE,
            reason=body.validated_data.get("reason", ""),
            people=body.people() if isinstance(body, AcceptSerializer) else None,
        )
        return self.answer(invitation)

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"])
    def remind(self, request: Request, pk: str) -> Response:
        """Remind an organisation that has not answered; once a day."""
        return self.answer(services.remind(actor=self.person, invitation_id=self.get_object().pk))

    @extend_schema(responses=AgendaItemSerializer(many=True))
    @action(detail=True, filterset_class=None, pagination_class=None)
    def agenda(self, request: Request, pk: str) -> Response:
        """The day of the invited firm: its appointments in their order."""
        invitation = self.get_object()
        items = queries.agenda_of(invitation.meeting, invitation.organisation_id)
        for item in items:
            saw([item.other], *([Part.CONTACTS] if item.contact else []))
            saw([item.own])
        return Response(AgendaItemSerializer(items, many=True).data)

    @extend_schema(
        filters=False,
        responses={(200, "text/calendar"): OpenApiResponse(OpenApiTypes.STR, "iCalendar (RFC 5545)")},
    )
    @action(detail=True, filterset_class=None, renderer_classes=(JSONRenderer, ICalendarAccepted))
    def calendar(self, request: Request, pk: str) -> HttpResponse:
        """The appointments of the invited organisation as an iCalendar file."""
        refuse_unknown(request, paged=False)
        invitation = self.get_object()
        body = published(queries.entries_of(invitation), {invitation.organisation_id})
        return HttpResponse(body, content_type=CONTENT_TYPE)
