"""API of runs."""

from __future__ import annotations

import django_filters
import msgspec
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import (
    OpenApiExample,
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.bodies import Body
from matching.errors import Conflict, Forbidden, Invalid
from matching.http.filters import Ordering
from matching.http.views import (
    Nothing,
    ReadOnlyRecords,
    RecordSerializer,
)
from matching.lists.models import Round
from matching.runs import access, queries, services
from matching.runs.api.lists import DiffSerializer, MatchingListDetailSerializer
from matching.runs.models import MatchingRun
from matching.runs.states import LIVE, RunState

RUN_ACTIONS = [("cancel", "cancel"), ("publish", "publish")]


class RunSerializer(RecordSerializer[MatchingRun]):
    """A computation and how far it is."""

    chain = serializers.CharField(source="round.chain_id", read_only=True)
    kind = serializers.CharField(source="round.kind", read_only=True)
    policy_version = serializers.IntegerField(source="policy.number", read_only=True)
    percent = serializers.IntegerField(read_only=True)
    allocation_gap = serializers.IntegerField(
        read_only=True,
        allow_null=True,
        help_text="How far below the best possible its allocation is at most, in basis points.",
    )
    allocation_methods = serializers.DictField(
        child=serializers.IntegerField(),
        read_only=True,
        help_text="How many groups of lines were allocated by which method.",
    )
    matching_list = serializers.UUIDField(
        source="published.pk", read_only=True, allow_null=True, default=None
    )
    actions = serializers.SerializerMethodField(help_text="What you may do with the run now.")

    class Meta:
        model = MatchingRun
        fields = (
            *("id", "round", "chain", "kind", "number", "state", "percent", "shards_total", "shards_done"),
            *("policy_version", "as_of", "demands", "supplies", "input_hash", "result_hash", "error"),
            *("allocation_gap", "allocation_methods"),
            *("matching_list", "created_at", "started_at", "finished_at", "actions"),
        )
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=RUN_ACTIONS)))
    def get_actions(self, run: MatchingRun) -> list[str]:
        """Actions that role and state allow."""
        if not access.can_run(self.person, run.round.chain_id):
            return []
        if run.state in LIVE:
            return ["cancel"]
        unpublished = run.state == RunState.FINISHED and not hasattr(run, "published")
        return ["publish"] if unpublished else []


class StartRunSerializer(Body):
    """Which round to match."""

    round = serializers.UUIDField()


class RunFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of runs."""

    round = django_filters.UUIDFilter(field_name="round_id")
    chain = django_filters.CharFilter(field_name="round__chain_id", max_length=40)
    state = django_filters.ChoiceFilter(choices=RunState.choices)
    ordering = Ordering(fields=(("created_at", "created_at"), ("number", "number")))


class RunView(ReadOnlyRecords[MatchingRun]):
    """Matching runs; only chain-wide offices see them."""

    queryset = MatchingRun.objects.none()
    serializer_class = RunSerializer
    filterset_class = RunFilter

    def visible(self) -> QuerySet[MatchingRun]:
        """Visible runs, the newest first."""
        return queries.runs(self.person).order_by("-created_at", "pk")

    @extend_schema(
        request=StartRunSerializer,
        responses={201: RunSerializer},
        examples=[
            OpenApiExample("A round", {"round": "0b9a1f7e-3a52-4f0e-9f0a-6f3d9a6f1c11"}, request_only=True)
        ],
    )
    def create(self, request: Request) -> Response:
        """Freeze the verified lines of a round's chain and compute; poll the answer's address."""
        wanted = StartRunSerializer(data=request.data)
        if not access.runs_some_chain(self.person):
            raise Forbidden(_("Only the office of this chain runs its matching."), code="not_your_chain")
        wanted.is_valid(raise_exception=True)
        round_ = Round.objects.visible_to(self.person).filter(pk=wanted.validated_data["round"]).first()
        if round_ is None:
            raise Invalid({"round": [_("There is no such round.")]}, code="does_not_exist")
        run = services.start_run(actor=self.person, round_id=round_.pk)
        return self.answer(run, status=201)

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Stop the run."""
        run = self.get_object()
        services.cancel_run(actor=self.person, run_id=run.pk)
        return self.answer(run)

    @extend_schema(responses=DiffSerializer)
    @action(detail=True)
    def preview(self, request: Request, pk: str) -> Response:
        """What publishing the run would change against the chain's newest list."""
        run = self.get_object()
        if run.state != RunState.FINISHED:
            raise Conflict(_("The run is not finished."), code="run_not_finished")
        return Response(msgspec.to_builtins(services.preview(run)))

    @extend_schema(request=Nothing, responses={201: MatchingListDetailSerializer})
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        """Publish the run as the chain's next numbered list; it never changes again."""
        run = self.get_object()
        published = services.publish(actor=self.person, run_id=run.pk)
        return Response(MatchingListDetailSerializer(published).data, status=201)
