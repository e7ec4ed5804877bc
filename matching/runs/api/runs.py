"""API of runs, near misses, gaps and published lists."""

from __future__ import annotations

from typing import Any

import django_filters
import msgspec
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.bodies import Body
from matching import kinds
from matching.disclosure.models import Part
from matching.disclosure.services import saw, saw_place
from matching.engine.types import ConditionKind, GapType, Outcome
from matching.errors import Conflict, Forbidden, Invalid
from matching.http.filters import Ordering
from matching.http.views import (
    FirmSerializer,
    Nothing,
    Number,
    ReadOnlyRecords,
    Records,
    RecordSerializer,
    in_language,
)
from matching.lists.models import DemandLine, Round, SupplyLine
from matching.lists.states import LineState
from matching.runs import access, queries, services
from matching.runs.models import Gap, MatchingList, MatchingRun, NearMiss
from matching.runs.states import LIVE, RunState

CONDITION_KINDS = [(item.value, item.value) for item in ConditionKind]
RUN_ACTIONS = [("cancel", "cancel"), ("publish", "publish")]
UNWRITTEN: dict[str, Any] = {"quantity": None, "unit": ""}
SECRET_KINDS = frozenset({ConditionKind.PRICE, ConditionKind.CAPACITY})
RUN = OpenApiParameter("run", OpenApiTypes.UUID, OpenApiParameter.PATH, description="Id of a run.")


class RefSerializer(serializers.ModelSerializer[Any]):
    """A line beside a result, with its firm."""

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """The line; that it was seen is noted for its firm."""
        saw([instance])
        shown: dict[str, Any] = super().to_representation(instance)
        return shown


class DemandRefSerializer(RefSerializer):
    """A demand line beside a result.

    The title is the one that was compared; quantity and unit are empty while the firm rewrites the line.
    """

    firm = FirmSerializer(source="organisation", read_only=True)
    quantity = Number(max_digits=18, decimal_places=4, allow_null=True, read_only=True)

    class Meta:
        model = DemandLine
        fields = ("id", "key", "title", "quantity", "unit", "period", "firm")
        read_only_fields = fields


class SupplyRefSerializer(RefSerializer):
    """A supply line beside a result."""

    firm = FirmSerializer(source="organisation", read_only=True)

    class Meta:
        model = SupplyLine
        fields = ("id", "key", "title", "unit", "firm")
        read_only_fields = fields


def as_compared(shown: dict[str, Any], result: Any, pair: Any) -> dict[str, Any]:
    """Lines as they were compared in ``result``: what a firm drafts since then is its own.

    ``pair`` is whatever has the two lines loaded.
    """
    for side in ("demand", "supply"):
        if side not in shown:
            continue
        shown[side]["title"] = getattr(result, f"{side}_title")
        if getattr(pair, side).state == LineState.DRAFT:
            shown[side].update({name: blank for name, blank in UNWRITTEN.items() if name in shown[side]})
    return shown


class ConditionSerializer(serializers.Serializer[Any]):
    """One condition: what was wanted, what is offered, and the outcome in words."""

    kind = serializers.ChoiceField(choices=CONDITION_KINDS)
    name = serializers.CharField()
    hard = serializers.BooleanField()
    outcome = serializers.ChoiceField(choices=[(outcome.value, outcome.value) for outcome in Outcome])
    wanted = serializers.CharField(allow_blank=True)
    offered = serializers.CharField(allow_blank=True)
    sentence = serializers.CharField()
    shortfall = serializers.IntegerField(
        allow_null=True, help_text="Basis points of the wanted value; null where that has no meaning."
    )
    question = serializers.CharField(allow_null=True, help_text="What to ask the supplier.")


class CriterionSerializer(serializers.Serializer[Any]):
    """One term of the score."""

    criterion = serializers.CharField()
    value = serializers.IntegerField(help_text="Basis points.")
    weight = serializers.IntegerField()
    reason = serializers.CharField()


def condition(stored: dict[str, Any], *, secrets: bool) -> dict[str, Any]:
    """A stored condition in the reader's language; the two values of a secret one only for its office."""
    hidden = not secrets and stored["kind"] in SECRET_KINDS
    question = stored.get("question")
    return {
        **{name: stored[name] for name in ("kind", "name", "hard", "outcome")},
        "wanted": "" if hidden else stored["wanted"],
        "offered": "" if hidden else stored["offered"],
        "sentence": in_language(stored["sentence"]),
        "shortfall": None if hidden else stored.get("shortfall"),
        "question": in_language(question) if question else None,
    }


class ToldList(serializers.ListSerializer[Any]):
    """Pairs that are put into words together."""

    def to_representation(self, data: Any) -> list[Any]:
        """All of them, told in two queries."""
        return super().to_representation(queries.tell(data))


class FoundSerializer(RecordSerializer[Any]):
    """What matches and near misses share."""

    demand = DemandRefSerializer(read_only=True)
    supply = SupplyRefSerializer(read_only=True)
    conditions = serializers.SerializerMethodField()
    criteria = serializers.SerializerMethodField()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """The pair with its lines as they were compared."""
        if not hasattr(instance, "criteria"):
            queries.tell([instance])
        return as_compared(super().to_representation(instance), instance, instance)

    @extend_schema_field(ConditionSerializer(many=True))
    def get_conditions(self, pair: Any) -> list[dict[str, Any]]:
        """Every condition with its outcome."""
        secrets = access.sees_secrets(self.person, pair.demand.chain_id)
        if secrets:
            saw([pair.demand, pair.supply], Part.SECRETS)
        return [condition(stored, secrets=secrets) for stored in pair.conditions]

    @extend_schema_field(CriterionSerializer(many=True))
    def get_criteria(self, pair: Any) -> list[dict[str, Any]]:
        """Every term of the score with its reason."""
        return [{**stored, "reason": in_language(stored["reason"])} for stored in pair.criteria]


class NearMissSerializer(FoundSerializer):
    """One of the closest offers, and the one condition that it fails."""

    failing = serializers.SerializerMethodField()

    class Meta:
        model = NearMiss
        list_serializer_class = ToldList
        fields = (
            *("id", "run", "demand", "supply", "rank", "score", "confirmed", "failing", "conditions"),
            "criteria",
        )

    @extend_schema_field(ConditionSerializer)
    def get_failing(self, miss: NearMiss) -> dict[str, Any]:
        """The condition that is not met."""
        assert miss.failing is not None, "a near miss fails one condition"
        return condition(miss.failing, secrets=access.sees_secrets(self.person, miss.demand.chain_id))


class GapSerializer(serializers.ModelSerializer[Gap]):
    """Demand that stays open, with the evidence."""

    demand = DemandRefSerializer(read_only=True)
    evidence = serializers.SerializerMethodField()

    class Meta:
        model = Gap
        fields = ("id", "run", "demand", "type", "uncovered", "evidence")

    def to_representation(self, instance: Gap) -> dict[str, Any]:
        """The gap with its line as it was when the run began."""
        return as_compared(super().to_representation(instance), instance, instance)

    def get_evidence(self, gap: Gap) -> str:
        """Why, in the reader's language."""
        english = (get_language() or "").startswith("en")
        told: str = gap.evidence_en if english else gap.evidence_zh
        return told


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


class DiffSerializer(serializers.Serializer[Any]):
    """How a list differs from the one before; pairs are [demand, supply]."""

    added = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    removed = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    changed = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    unchanged = serializers.IntegerField()
    gaps_opened = serializers.ListField(child=serializers.CharField())
    gaps_closed = serializers.ListField(child=serializers.CharField())


class MatchingListSerializer(serializers.ModelSerializer[MatchingList]):
    """A published list; its content has an address of its own."""

    published_by = serializers.StringRelatedField[Any]()

    class Meta:
        model = MatchingList
        fields: tuple[str, ...] = (
            *(
                "id",
                "chain",
                "kind",
                "number",
                "round",
                "run",
                "previous",
                "policy_version",
                "matches",
                "gaps",
            ),
            *("input_hash", "result_hash", "content_hash", "published_by", "created_at"),
        )


class MatchingListDetailSerializer(MatchingListSerializer):
    """A published list with its changes against the one before."""

    diff = DiffSerializer(read_only=True)

    class Meta(MatchingListSerializer.Meta):
        fields = (*MatchingListSerializer.Meta.fields, "diff")


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


class NearMissFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of near misses."""

    demand = django_filters.UUIDFilter(field_name="demand_id")
    min_score = django_filters.NumberFilter(
        field_name="score", lookup_expr="gte", min_value=0, max_value=10_000
    )
    ordering = Ordering(fields=(("rank", "rank"), ("score", "score")))


@extend_schema(parameters=[RUN])
class NearMissView(ReadOnlyRecords[NearMiss]):
    """The closest offers of a run that fail exactly one condition."""

    queryset = NearMiss.objects.none()
    serializer_class = NearMissSerializer
    filterset_class = NearMissFilter

    def visible(self) -> QuerySet[NearMiss]:
        """Near misses of the run in the address."""
        return queries.near_misses(self.person, run_of(self))


class GapFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of gaps."""

    demand = django_filters.UUIDFilter(field_name="demand_id")
    type = django_filters.ChoiceFilter(choices=[(item.value, item.value) for item in GapType])
    ordering = Ordering(fields=(("uncovered", "uncovered"), ("type", "type")))


@extend_schema(parameters=[RUN])
class GapView(ReadOnlyRecords[Gap]):
    """Demand of a run that no offer covers."""

    queryset = Gap.objects.none()
    serializer_class = GapSerializer
    filterset_class = GapFilter

    def visible(self) -> QuerySet[Gap]:
        """Gaps of the run in the address."""
        return queries.gaps(self.person, run_of(self))


def run_of(view: Records[Any]) -> MatchingRun:
    """The run in the address, or 404."""
    return get_object_or_404(MatchingRun.objects.visible_to(view.person), pk=view.kwargs["run"])


class MatchingListFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of published lists."""

    chain = django_filters.CharFilter(field_name="chain_id", max_length=40)
    kind = django_filters.ChoiceFilter(choices=kinds.choices())
    round = django_filters.UUIDFilter(field_name="round_id")
    ordering = Ordering(fields=(("number", "number"), ("created_at", "created_at")))


class MatchingListView(ReadOnlyRecords[MatchingList]):
    """Published lists, for offices; firms read their own matches elsewhere."""

    queryset = MatchingList.objects.none()
    serializer_class = MatchingListSerializer
    filterset_class = MatchingListFilter

    def visible(self) -> QuerySet[MatchingList]:
        """Visible lists, without their content."""
        return queries.published(self.person).order_by("chain_id", "kind", "-number")

    def get_serializer_class(self) -> Any:
        """One list shows its changes."""
        return MatchingListDetailSerializer if self.action == "retrieve" else MatchingListSerializer

    @extend_schema(responses={(200, "application/json"): OpenApiResponse(OpenApiTypes.OBJECT)})
    @action(detail=True)
    def content(self, request: Request, pk: str) -> HttpResponse:
        """The bytes as they were published; the ETag is their SHA-256, so a copy can be verified."""
        published = self.get_object()
        for place, lines in queries.listed_firms(published):
            saw_place(place, lines=lines)
        headers = {"ETag": f'"{published.content_hash}"'}
        return HttpResponse(published.content.encode(), content_type="application/json", headers=headers)
