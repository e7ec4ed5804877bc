"""API of firms that ask to join, for the offices that verify them; firms themselves sign up on the page."""

from __future__ import annotations

from typing import Any

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
from matching.http.views import ReadOnlyRecords, ReasonSerializer, RecordSerializer
from matching.joining import access, queries, services
from matching.joining.models import JoinRequest
from matching.joining.states import JOIN, OFFICE_ACTIONS, JoinState

STATES = [(state.value, state.value) for state in JoinState if state != JoinState.UNCONFIRMED]


class JoinRequestSerializer(RecordSerializer[JoinRequest]):
    """A firm's request; contact person, address and phone are for whoever verifies it."""

    version = serializers.SerializerMethodField(help_text="Send it back as `seen` to verify what you read.")
    actions = serializers.SerializerMethodField(help_text="What you may do with the request now.")

    class Meta:
        model = JoinRequest
        fields = (
            *("id", "kind", "name", "uscc", "region", "chains", "contact_name", "email", "phone"),
            *("state", "reason", "organisation", "created_at", "updated_at", "version", "actions"),
        )
        read_only_fields = fields

    def get_version(self, request: JoinRequest) -> str:
        """Changes when the firm corrects its request."""
        return queries.version(request)

    def get_actions(self, request: JoinRequest) -> list[str]:
        """``verify`` and ``return`` while the request waits."""
        return sorted(str(step) for step in JOIN.actions(request.state) if step in OFFICE_ACTIONS)


class SeenSerializer(Body):
    """Which version of the request was checked."""

    seen = serializers.CharField(required=False, allow_blank=True, default="", max_length=40)


class JoinRequestFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of requests to join."""

    state = django_filters.ChoiceFilter(choices=STATES)
    region = django_filters.CharFilter(lookup_expr="startswith", max_length=6)
    ordering = Ordering(fields=(("created_at", "created_at"), ("name", "name")))


class JoinRequestView(ReadOnlyRecords[JoinRequest]):
    """Firms that ask to join."""

    queryset = JoinRequest.objects.none()
    serializer_class = JoinRequestSerializer
    filterset_class = JoinRequestFilter

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """Once they have joined, firms read who saw their contact person."""
        given: Any = args[0] if args else ()
        queries.note_contacts([given] if isinstance(given, JoinRequest) else given)
        return super().get_serializer(*args, **kwargs)

    def visible(self) -> QuerySet[JoinRequest]:
        """Requests that the person's office verifies, the longest waiting first."""
        if not access.verifies_firms(self.person):
            raise Forbidden(_("Only task forces and chain offices verify firms."), code="not_office")
        return JoinRequest.objects.visible_to(self.person).order_by("created_at", "pk")

    @extend_schema(
        request=SeenSerializer,
        examples=[OpenApiExample("As it was read", {"seen": "2026-11-20T08:30:00+00:00"}, request_only=True)],
    )
    @action(detail=True, methods=["post"])
    def verify(self, request: Request, pk: str) -> Response:
        """Take the firm in: it gets its organisation, an account and an e-mail to choose a password."""
        found = self.get_object()
        seen = SeenSerializer(data=request.data)
        seen.is_valid(raise_exception=True)
        services.verify(actor=self.person, request_id=found.pk, seen=seen.validated_data["seen"])
        return self.answer(found)

    @extend_schema(
        request=ReasonSerializer,
        examples=[OpenApiExample("A reason", {"reason": "信用代码与名称不符"}, request_only=True)],
    )
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def give_back(self, request: Request, pk: str) -> Response:
        """Return the request with what is wrong; the firm gets a link to correct it."""
        found = self.get_object()
        reason = ReasonSerializer(data=request.data)
        reason.is_valid(raise_exception=True)
        services.send_back(actor=self.person, request_id=found.pk, reason=reason.validated_data["reason"])
        return self.answer(found)


routes = [("join-requests", JoinRequestView, "join_request")]
