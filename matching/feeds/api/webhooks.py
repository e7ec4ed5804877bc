"""Webhooks by API: set up, change, rotate, try, send again, read the log."""

from __future__ import annotations

import uuid
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.bodies import Body
from matching.errors import Forbidden, Invalid
from matching.feeds import access, queries, services
from matching.feeds.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from matching.feeds.sources import EVENTS
from matching.feeds.states import AttemptError, DeliveryState, EndpointAction, EndpointState
from matching.http.views import Nothing, ReadOnlyRecords

WEBHOOK = OpenApiParameter(
    "webhook", OpenApiTypes.UUID, OpenApiParameter.PATH, description="Id of a webhook."
)
EXAMPLE = {
    "url": "https://erp.example.com/hooks/chainmatch",
    "events": ["demand_line.changed", "review.changed"],
    "description": "ERP",
}


class WebhookSerializer(serializers.ModelSerializer[WebhookEndpoint]):
    """A webhook; its secret is told on creation and rotation only."""

    organisation = serializers.UUIDField(source="organisation_id", read_only=True)
    state = serializers.ChoiceField(choices=EndpointState.choices, read_only=True)
    events = serializers.ListField(child=serializers.ChoiceField(choices=EVENTS), allow_empty=False)
    url = serializers.CharField(max_length=500, help_text="https:// address of the receiver.")
    description = serializers.CharField(max_length=100, required=False, allow_blank=True)

    class Meta:
        model = WebhookEndpoint
        fields = (
            *("id", "organisation", "url", "description", "events", "state", "failing_since"),
            *("old_secret_until", "created_at"),
        )
        read_only_fields = ("id", "failing_since", "old_secret_until", "created_at")


class NewWebhookSerializer(Body):
    """What a webhook is made of."""

    url = serializers.CharField(max_length=500, help_text="https:// address of the receiver.")
    events = serializers.ListField(
        child=serializers.ChoiceField(choices=EVENTS), allow_empty=False, max_length=50
    )
    description = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    organisation = serializers.UUIDField(required=False, help_text="Absent: the only one that you act for.")


class ChangedWebhookSerializer(Body):
    """What is to be changed of a webhook."""

    url = serializers.CharField(max_length=500, required=False)
    events = serializers.ListField(
        child=serializers.ChoiceField(choices=EVENTS), allow_empty=False, max_length=50, required=False
    )
    description = serializers.CharField(max_length=100, required=False, allow_blank=True)


class IssuedSerializer(serializers.Serializer[Any]):
    """A webhook with its secret, this once."""

    webhook = WebhookSerializer(source="endpoint")
    secret = serializers.CharField(help_text="whsec_ and 32 bytes in base64; it is not told again.")


class SinceSerializer(Body):
    """From when on."""

    since = serializers.DateTimeField()


class ReplayedSerializer(serializers.Serializer[Any]):
    """How many messages are sent once more."""

    replayed = serializers.IntegerField()


class AttemptSerializer(serializers.ModelSerializer[WebhookAttempt]):
    """One request and what came of it."""

    error = serializers.ChoiceField(AttemptError.choices, allow_blank=True, read_only=True)

    class Meta:
        model = WebhookAttempt
        fields = ("at", "status", "error", "milliseconds", "answer")
        read_only_fields = fields


class DeliverySerializer(serializers.ModelSerializer[WebhookDelivery]):
    """A message: ``message_id`` is the header ``webhook-id``; ``due_at`` the next try while it waits."""

    type = serializers.CharField(source="event", read_only=True)
    message_id = serializers.CharField(read_only=True)
    log = AttemptSerializer(many=True, read_only=True)

    class Meta:
        model = WebhookDelivery
        fields = (
            *("id", "message_id", "type", "object_id", "state", "attempts", "due_at", "finished_at"),
            *("created_at", "log"),
        )
        read_only_fields = fields


class WebhookFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Webhooks by state."""

    state = django_filters.ChoiceFilter(choices=EndpointState.choices)


class DeliveryFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Deliveries by state and type."""

    state = django_filters.ChoiceFilter(choices=DeliveryState.choices)
    type = django_filters.CharFilter(field_name="event", max_length=40)


class WebhookView(ReadOnlyRecords[WebhookEndpoint]):
    """Webhooks of one's organisations, signed as Standard Webhooks 1.0 says.

    At least once, in no promised order; the id of a message stays the same. A message names what has
    changed and where to read it, never its content.
    """

    queryset = WebhookEndpoint.objects.none()
    serializer_class = WebhookSerializer
    filterset_class = WebhookFilter

    def visible(self) -> QuerySet[WebhookEndpoint]:
        """Webhooks that the person manages."""
        return queries.endpoints(self.person)

    @extend_schema(
        request=NewWebhookSerializer,
        responses={201: IssuedSerializer},
        examples=[OpenApiExample("For an ERP", EXAMPLE, request_only=True)],
    )
    def create(self, request: Request) -> Response:
        """Set up a webhook; the answer is the only place where its secret is told."""
        if not access.may_have_webhooks(self.person):
            raise Forbidden(_("Webhooks are for firms and offices."), code="not_your_organisation")
        wanted = NewWebhookSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        values = dict(wanted.validated_data)
        organisation = values.pop("organisation", None) or self._only_organisation()
        issued = services.create(actor=self.person, organisation_id=organisation, **values)
        return self._issued(issued, 201)

    def _only_organisation(self) -> uuid.UUID:
        held = access.owners(self.person)
        if len(held) != 1:
            raise Invalid(
                {"organisation": [_("You act for several organisations; choose one.")]}, code="required"
            )
        return held[0].organisation_id

    def _issued(self, issued: services.Issued, status: int = 200) -> Response:
        answer = Response(IssuedSerializer(issued).data, status=status)
        answer["Cache-Control"] = "no-store"
        return answer

    @extend_schema(
        request=ChangedWebhookSerializer,
        examples=[OpenApiExample("Other events", {"events": ["review.changed"]}, request_only=True)],
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change address, note or events; messages that wait go to the new address."""
        endpoint = self.get_object()
        wanted = ChangedWebhookSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        return self.answer(
            services.change(actor=self.person, endpoint_id=endpoint.pk, **wanted.validated_data)
        )

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Remove a webhook with its log."""
        services.remove(actor=self.person, endpoint_id=self.get_object().pk)
        return Response(status=204)

    @extend_schema(request=Nothing, responses=IssuedSerializer)
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, pk: str) -> Response:
        """A new secret; for a day messages are signed with the one before as well."""
        return self._issued(services.rotate(actor=self.person, endpoint_id=self.get_object().pk))

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, pk: str) -> Response:
        """Send nothing until it is resumed."""
        return self._act(EndpointAction.PAUSE)

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str) -> Response:
        """Send again, beginning with what was missed."""
        return self._act(EndpointAction.RESUME)

    def _act(self, what: EndpointAction) -> Response:
        endpoint = self.get_object()
        return self.answer(services.act(actor=self.person, endpoint_id=endpoint.pk, action=what))

    @extend_schema(request=Nothing, responses={201: DeliverySerializer})
    @action(detail=True, methods=["post"])
    def test(self, request: Request, pk: str) -> Response:
        """Send a message of type webhook.test."""
        delivery = services.send_test(actor=self.person, endpoint_id=self.get_object().pk)
        return Response(DeliverySerializer(delivery).data, status=201)

    @extend_schema(
        request=SinceSerializer,
        responses=ReplayedSerializer,
        examples=[OpenApiExample("Since a time", {"since": "2026-11-22T08:00:00+08:00"}, request_only=True)],
    )
    @action(detail=True, methods=["post"])
    def replay(self, request: Request, pk: str) -> Response:
        """Send the messages since a time once more, at most 1,000, the oldest of them."""
        endpoint = self.get_object()
        wanted = SinceSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        since = wanted.validated_data["since"]
        count = services.replay_since(actor=self.person, endpoint_id=endpoint.pk, since=since)
        return Response({"replayed": count})


@extend_schema(parameters=[WEBHOOK])
class DeliveryView(ReadOnlyRecords[WebhookDelivery]):
    """What was sent to a webhook, what came of it, and what waits; the newest first."""

    queryset = WebhookDelivery.objects.none()
    serializer_class = DeliverySerializer
    filterset_class = DeliveryFilter

    def visible(self) -> QuerySet[WebhookDelivery]:
        """Deliveries of the webhook in the address."""
        endpoint = get_object_or_404(queries.endpoints(self.person), pk=self.kwargs["webhook"])
        return queries.deliveries(endpoint)

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"])
    def replay(self, request: Request, webhook: str, pk: str) -> Response:
        """Send it once more, with the same id and body."""
        return self.answer(services.replay(actor=self.person, delivery_id=self.get_object().pk))
