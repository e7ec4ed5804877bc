"""Rounds."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.bodies import Body
from matching import kinds
from matching.chains.models import Chain
from matching.errors import Forbidden
from matching.http.views import MAX_BULK, FirmSerializer, Nothing, ReadOnlyRecords, RecordSerializer
from matching.lists import access, queries, services
from matching.lists.api import examples
from matching.lists.api.acting import read_body
from matching.lists.api.filters import RoundFilter
from matching.lists.models import (
    Round,
)
from matching.lists.queries.submissions import Submission, submissions
from matching.lists.states import RoundAction


class RoundSerializer(RecordSerializer[Round]):
    """A collection period of a chain. Counts are for offices that see the whole chain."""

    chain = serializers.PrimaryKeyRelatedField(queryset=Chain.objects.all(), help_text="Chain code.")
    kind = serializers.ChoiceField(choices=kinds.choices(), default="product")
    demand_count = serializers.SerializerMethodField()
    demand_verified = serializers.SerializerMethodField()
    actions = serializers.SerializerMethodField(help_text="What you may do with the round now.")

    class Meta:
        model = Round
        fields = (
            *("id", "chain", "kind", "name", "opens_at", "closes_at", "state"),
            *("demand_count", "demand_verified", "actions"),
        )
        read_only_fields = ("id", "state")

    def get_demand_count(self, round_: Round) -> int | None:
        """Demand lines that came in."""
        return self._count(round_, "demand_count")

    def get_demand_verified(self, round_: Round) -> int | None:
        """Demand lines that are verified."""
        return self._count(round_, "demand_verified")

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=RoundAction.choices)))
    def get_actions(self, round_: Round) -> list[str]:
        """Actions that role and state allow."""
        return [str(action) for action in access.round_actions(self.person, round_)]

    def _count(self, round_: Round, name: str) -> int | None:
        if not access.counts_lines(self.person, round_):
            return None
        count: int = getattr(round_, name)
        return count


class EndSerializer(Body):
    """When a round ends."""

    closes_at = serializers.DateTimeField()


class SubmissionSerializer(serializers.Serializer[Submission]):
    """What a firm has handed in for a round."""

    firm = FirmSerializer()
    missing = serializers.BooleanField(help_text="Has handed in nothing yet.")
    handed_in = serializers.IntegerField(help_text="Lines.")
    in_force = serializers.IntegerField(help_text="Verified lines of earlier rounds, matched as well.")
    drafts = serializers.IntegerField()
    changed_at = serializers.DateTimeField(allow_null=True)
    reminded_at = serializers.DateTimeField(allow_null=True)


class RemindSerializer(Body):
    """Whom to remind."""

    firms = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        allow_empty=False,
        max_length=MAX_BULK,
        help_text="Ids of firms; absent: all that have handed in nothing.",
    )


class RemindedSerializer(serializers.Serializer[Any]):
    """How many people were reminded."""

    people = serializers.IntegerField()


@extend_schema_view(create=extend_schema(examples=[examples.ROUND]))
class RoundView(ReadOnlyRecords[Round]):
    """Collection periods of the chains."""

    queryset = Round.objects.none()
    serializer_class = RoundSerializer
    filterset_class = RoundFilter

    def visible(self) -> QuerySet[Round]:
        """Visible rounds, the newest first."""
        return queries.rounds_with_counts(self.person).order_by("-opens_at", "chain_id", "pk")

    def create(self, request: Request) -> Response:
        """Plan a round, as its chain's office."""
        serializer: Any = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        data = dict(serializer.validated_data)
        round_ = services.plan_round(actor=self.person, chain_id=data.pop("chain").pk, **data)
        return self.answer(round_, status=201)

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"])
    def open(self, request: Request, pk: str) -> Response:
        """Open the round now."""
        return self._act(RoundAction.OPEN)

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Close the round now."""
        return self._act(RoundAction.CLOSE)

    @extend_schema(request=EndSerializer)
    @action(detail=True, methods=["post"])
    def extend(self, request: Request, pk: str) -> Response:
        """Move the end of a round that is planned or open."""
        round_ = self.get_object()
        closes_at = read_body(EndSerializer, request)["closes_at"]
        services.extend_round(actor=self.person, round_id=round_.pk, closes_at=closes_at)
        return self.answer(round_)

    @extend_schema(responses=SubmissionSerializer(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def submissions(self, request: Request, pk: str) -> Response:
        """Which firms that you look after have handed in how much, the missing ones first."""
        round_ = self.get_object()
        if not access.oversees(self.person, round_):
            raise Forbidden(_("Only offices of this chain see who has handed in."), code="not_your_chain")
        shown: Any = submissions(self.person, round_)
        return Response(SubmissionSerializer(shown, many=True).data)

    @extend_schema(
        request=RemindSerializer,
        responses=RemindedSerializer,
        examples=[
            OpenApiExample("One firm", {"firms": ["0b9a1f7e-3a52-4f0e-9f0a-6f3d9a6f1c11"]}, request_only=True)
        ],
    )
    @action(detail=True, methods=["post"])
    def remind(self, request: Request, pk: str) -> Response:
        """Remind firms that have handed in nothing; each person at most once a day."""
        round_ = self.get_object()
        firms = read_body(RemindSerializer, request).get("firms")
        told = services.remind_missing(actor=self.person, round_id=round_.pk, firms=firms)
        return Response({"people": len(told)})

    def _act(self, wanted: RoundAction) -> Response:
        round_ = self.get_object()
        services.change_round(actor=self.person, round_id=round_.pk, action=wanted)
        return self.answer(round_)
