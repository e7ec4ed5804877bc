"""API of reviews: matches and decisions for offices, staged disclosure for the two firms."""

from __future__ import annotations

import uuid
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.bodies import Body, represented
from matching.errors import Forbidden
from matching.http.filters import Flag, Ordering
from matching.http.views import (
    BulkResultSerializer,
    Number,
    ReadOnlyRecords,
    ReasonSerializer,
    Records,
    RecordSerializer,
    ids_field,
    in_bulk,
)
from matching.review import access, queries, services
from matching.review.models import Decision, Review
from matching.review.states import OFFICE_ACTIONS, ReviewAction, ReviewState
from matching.runs.api import (
    DemandRefSerializer,
    FoundSerializer,
    SupplyRefSerializer,
    ToldList,
    as_compared,
    run_of,
)
from matching.runs.models import Band, Match

RUN = OpenApiParameter("run", OpenApiTypes.UUID, OpenApiParameter.PATH, description="Id of a run.")
OFFICE_CHOICES = [(choice.value, choice.label) for choice in ReviewAction if choice in OFFICE_ACTIONS]
ANSWERS = [("accept", "accept"), ("decline", "decline")]


class MatchSerializer(FoundSerializer):
    """A match with its score, conditions and quantity, and where its review stands."""

    unit = serializers.CharField(read_only=True, help_text="Unit of ``allocated``.")
    review = serializers.UUIDField(source="review_id", read_only=True, allow_null=True)
    review_state = serializers.ChoiceField(choices=ReviewState.choices, read_only=True)
    actions = serializers.SerializerMethodField(help_text="What you may decide now.")

    class Meta:
        model = Match
        list_serializer_class = ToldList
        fields = (
            *("id", "run", "demand", "supply", "rank", "score", "band", "confirmed", "allocated", "unit"),
            "share",
            *("excluded", "excluded_reason", "review", "review_state", "actions", "conditions", "criteria"),
        )
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=OFFICE_CHOICES)))
    def get_actions(self, match: Any) -> list[str]:
        """Decisions that role and state allow."""
        return [item.value for item in access.actions(self.person, match, match.review_state)]


class MatchFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of a run's matches."""

    demand = django_filters.UUIDFilter(field_name="demand_id")
    supply = django_filters.UUIDFilter(field_name="supply_id")
    band = django_filters.ChoiceFilter(choices=Band.choices)
    review_state = django_filters.ChoiceFilter(choices=ReviewState.choices)
    min_score = django_filters.NumberFilter(
        field_name="score", lookup_expr="gte", min_value=0, max_value=10_000
    )
    excluded = Flag(field_name="excluded")
    ordering = Ordering(
        fields=(("score", "score"), ("rank", "rank"), ("allocated", "allocated"), ("share", "share"))
    )


@extend_schema(parameters=[RUN])
class RunMatchView(mixins.ListModelMixin, Records[Match]):
    """Matches of a run."""

    queryset = Match.objects.none()
    serializer_class = MatchSerializer
    filterset_class = MatchFilter

    def visible(self) -> QuerySet[Match]:
        """Matches of the run in the address, best first within each demand line."""
        matches = queries.bare_for_office(self.person, run_of(self))
        return matches.order_by("demand__organisation_id", "demand__key", "rank", "pk")


class MatchView(mixins.RetrieveModelMixin, Records[Match]):
    """One match and the office's decision about it."""

    queryset = Match.objects.none()
    serializer_class = MatchSerializer

    def visible(self) -> QuerySet[Match]:
        """Matches that an office may see."""
        return queries.for_office(self.person)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def shortlist(self, request: Request, pk: str) -> Response:
        """Ask both firms; from now on they see each other's names."""
        return self._decide(request, ReviewAction.SHORTLIST)

    @extend_schema(
        request=ReasonSerializer,
        examples=[OpenApiExample("A reason", {"reason": "证书不符合要求"}, request_only=True)],
    )
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, pk: str) -> Response:
        """Keep the pair out of this and later lists; a reason is needed."""
        return self._decide(request, ReviewAction.REJECT)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """Take the decision back."""
        return self._decide(request, ReviewAction.REOPEN)

    def _decide(self, request: Request, wanted: ReviewAction) -> Response:
        match = self.get_object()
        reason = ReasonSerializer(data=request.data)
        reason.is_valid(raise_exception=True)
        services.review_match(
            actor=self.person, match_id=match.pk, action=wanted, reason=reason.validated_data["reason"]
        )
        return self.answer(match)


class DecisionSerializer(serializers.ModelSerializer[Decision]):
    """One step of a review."""

    actor = serializers.StringRelatedField[Any]()

    class Meta:
        model = Decision
        fields = ("action", "before", "after", "reason", "actor", "created_at")


class ReviewSerializer(RecordSerializer[Review]):
    """What was decided about a pair of lines, for offices."""

    demand = DemandRefSerializer(read_only=True)
    supply = SupplyRefSerializer(read_only=True)
    run = serializers.UUIDField(source="match.run_id", read_only=True)
    score = serializers.IntegerField(source="match.score", read_only=True)
    band = serializers.ChoiceField(source="match.band", choices=Band.choices, read_only=True)
    allocated = Number(source="match.allocated", max_digits=18, decimal_places=4, read_only=True)
    decisions = DecisionSerializer(many=True, read_only=True)
    actions = serializers.SerializerMethodField(help_text="What you may decide now.")

    class Meta:
        model = Review
        fields = (
            *("id", "state", "demand", "supply", "match", "run", "score", "band", "allocated", "quantity"),
            *("accepted_at", "created_at", "updated_at", "decisions", "actions"),
        )
        read_only_fields = fields

    def to_representation(self, instance: Review) -> dict[str, Any]:
        """The review with its lines as they were compared."""
        return as_compared(super().to_representation(instance), instance.match, instance)

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=OFFICE_CHOICES)))
    def get_actions(self, review: Review) -> list[str]:
        """Decisions that role and state allow."""
        return [item.value for item in access.actions(self.person, review, review.state)]


class ReviewFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of reviews."""

    chain = django_filters.CharFilter(field_name="demand__chain_id", max_length=40)
    state = django_filters.ChoiceFilter(choices=ReviewState.choices)
    demand = django_filters.UUIDFilter(field_name="demand_id")
    supply = django_filters.UUIDFilter(field_name="supply_id")
    ordering = Ordering(fields=(("updated_at", "updated_at"), ("created_at", "created_at")))


class BulkDecisionSerializer(Body):
    """One decision on several matches."""

    matches = ids_field()
    action = serializers.ChoiceField(choices=OFFICE_CHOICES)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class ConditionOfFirmSerializer(serializers.Serializer[Any]):
    """A condition as a firm sees it; prices, capacities and minimum orders are not shown."""

    name = serializers.CharField()
    outcome = serializers.CharField()
    sentence = serializers.CharField()


class PartySerializer(serializers.Serializer[Any]):
    """The other firm: city, grades and product; the name once shortlisted; contacts once both agreed."""

    city = serializers.CharField(allow_blank=True)
    grades = serializers.ListField(child=serializers.CharField())
    product = serializers.CharField()
    name = serializers.CharField(allow_null=True)
    uscc = serializers.CharField(allow_null=True)
    contact_name = serializers.CharField(allow_null=True, allow_blank=True)
    contact_phone = serializers.CharField(allow_null=True, allow_blank=True)


class OwnLineSerializer(serializers.Serializer[Any]):
    """One's own line of the pair."""

    id = serializers.UUIDField(source="pk")
    key = serializers.CharField()
    title = serializers.CharField()


class FirmMatchSerializer(serializers.Serializer[Any]):
    """A match as one of its two firms sees it: a band, never a score, a price or a capacity."""

    id = serializers.SerializerMethodField()
    review = serializers.UUIDField(allow_null=True, help_text="Null until the office asks.")
    side = serializers.ChoiceField(choices=[("demand", "demand"), ("supply", "supply")])
    own_line = OwnLineSerializer()
    band = serializers.ChoiceField(choices=Band.choices)
    state = serializers.ChoiceField(choices=ReviewState.choices)
    counterpart = PartySerializer()
    conditions = ConditionOfFirmSerializer(many=True)
    questions = serializers.ListField(child=serializers.CharField(), help_text="What the buyer asks.")
    actions = serializers.SerializerMethodField(help_text="How you may answer now.")

    @extend_schema_field(OpenApiTypes.UUID)
    def get_id(self, match: queries.FirmMatch) -> str:
        """The review's id once there is one, before that the match's."""
        return match.review or match.match

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=ANSWERS)))
    def get_actions(self, match: queries.FirmMatch) -> list[str]:
        """``accept`` and ``decline``, whichever the state allows."""
        return [item.value.split("_")[1] for item in match.actions]


class ReviewView(ReadOnlyRecords[Review]):
    """Reviews: the office reads and decides, the two firms answer."""

    queryset = Review.objects.none()
    serializer_class = ReviewSerializer
    filterset_class = ReviewFilter

    def visible(self) -> QuerySet[Review]:
        """Reviews of the chains that the person's office sees; firms find theirs at ``my-matches``."""
        if self.action in ("accept", "decline"):
            return queries.with_parties(Review.objects.visible_to(self.person))
        return queries.with_parties(queries.office_reviews(self.person)).order_by("-updated_at", "pk")

    @extend_schema(
        request=BulkDecisionSerializer,
        responses=BulkResultSerializer,
        examples=[
            OpenApiExample(
                "Reject two",
                {
                    "matches": [
                        "0b9a1f7e-3a52-4f0e-9f0a-6f3d9a6f1c11",
                        "5d3e7c52-1c0b-4d1a-8a53-0c2f9b7e2a10",
                    ],
                    "action": "reject",
                    "reason": "证书不符合要求",
                },
                request_only=True,
            )
        ],
    )
    @action(detail=False, methods=["post"], filterset_class=None)
    def bulk(self, request: Request) -> Response:
        """One decision on several matches, each for itself."""
        if not access.decides_somewhere(self.person):
            raise Forbidden(_("Only the office of this chain reviews its matches."), code="not_your_chain")
        wanted = BulkDecisionSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        data = wanted.validated_data
        visible = Match.objects.visible_to(self.person).filter(pk__in=data["matches"])

        def one(match_id: uuid.UUID) -> str:
            review = services.review_match(
                actor=self.person,
                match_id=match_id,
                action=ReviewAction(data["action"]),
                reason=data["reason"],
            )
            return str(review.state)

        return in_bulk(data["matches"], visible.values_list("pk", flat=True), one)

    @extend_schema(request=ReasonSerializer, responses=FirmMatchSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """Say yes for one's firm; when both have, contacts open and capacity is committed."""
        return self._answer(request, ReviewAction.LEADER_ACCEPT, ReviewAction.MEMBER_ACCEPT)

    @extend_schema(
        request=ReasonSerializer,
        responses=FirmMatchSerializer,
        examples=[OpenApiExample("A reason", {"reason": "产能已排满"}, request_only=True)],
    )
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        """Say no for one's firm; a reason is needed."""
        return self._answer(request, ReviewAction.LEADER_DECLINE, ReviewAction.MEMBER_DECLINE)

    def _answer(self, request: Request, *answers: ReviewAction) -> Response:
        review = self.get_object()
        reason = ReasonSerializer(data=request.data)
        reason.is_valid(raise_exception=True)
        services.decide(
            actor=self.person,
            review_id=review.pk,
            action=self._side(review, answers),
            reason=reason.validated_data["reason"],
        )
        return represented(self._as_firm(self.get_queryset().get(pk=review.pk)))

    def represent(self, request: Request, pk: str) -> Response:
        """What ``If-Match`` of an answer is compared with: the pair as ``my-matches`` shows it."""
        return self._as_firm(self.get_object())

    def _as_firm(self, review: Review) -> Response:
        return Response(FirmMatchSerializer(queries.firm_matches(self.person, reviews=[review])[0]).data)

    def _side(self, review: Review, answers: tuple[ReviewAction, ...]) -> ReviewAction:
        """The answer of the side that the person acts for; of both, the one that is open now."""
        mine = [answer for answer in answers if access.may(self.person, review, answer)]
        open_now = [answer for answer in mine if answer in access.actions(self.person, review, review.state)]
        if not mine:
            raise Forbidden(_("Only the two firms answer."), code="not_your_review")
        return (open_now or mine)[0]


class FirmMatchFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of a firm's matches."""

    state = django_filters.ChoiceFilter(choices=ReviewState.choices, method="ignored")
    side = django_filters.ChoiceFilter(choices=[("demand", "demand"), ("supply", "supply")], method="ignored")

    def ignored(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Applied by ``queries.firm_pairs``, over reviews and matches alike."""
        return rows


class FirmMatchView(Records[Review]):
    """Matches of the caller's firms: those that wait for an answer, then those published."""

    queryset = Review.objects.none()
    serializer_class = FirmMatchSerializer
    filterset_class = FirmMatchFilter

    def visible(self) -> QuerySet[Review]:
        """Reviews in which the person's firm was asked."""
        return queries.own_reviews(self.person)

    def list(self, request: Request) -> Response:
        """Reviews in which the firm was asked, then published matches that nobody asked about yet."""
        self.filter_queryset(self.get_queryset())
        asked = {name: request.query_params.get(name, "") for name in ("state", "side")}
        page = self.paginate_queryset(queries.firm_pairs(self.person, **asked))
        assert page is not None
        rows = queries.load_pairs(self.person, page)
        return self.get_paginated_response(FirmMatchSerializer(rows, many=True).data)

    @extend_schema(parameters=[OpenApiParameter("id", OpenApiTypes.UUID, OpenApiParameter.PATH)])
    def retrieve(self, request: Request, pk: str) -> Response:
        """One of them, by the review's id or the match's."""
        try:
            wanted = uuid.UUID(pk)
        except ValueError:
            raise NotFound from None
        rows = queries.load_pairs(self.person, [wanted])
        if not rows:
            raise NotFound
        return Response(FirmMatchSerializer(rows[0]).data)
