"""Drafts of changed plans: ask what would be, read it, put it into force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.bodies import Body
from matching.errors import Forbidden
from matching.http.views import Clock, Nothing, ReadOnlyRecords, RecordSerializer
from matching.meetings import access, queries, services
from matching.meetings.api.reasons import ReasonsSerializer
from matching.meetings.changes import Absent, Changes
from matching.meetings.clocks import validate_break
from matching.meetings.models import PlanDraft, Venue
from matching.meetings.states import DraftState

CAUSES = ("withdrawn", "away", "shut", "pinned", "interpreter", "made_room", "together", "other_room")


class AbsentSerializer(Body):
    """A firm that can't come, or comes late, or leaves early."""

    organisation = serializers.UUIDField(help_text="A firm of the meeting.")
    begins = Clock(required=False, allow_null=True, default=None, help_text="Empty: from the start.")
    ends = Clock(required=False, allow_null=True, default=None, help_text="Empty: to the end.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The end comes after the begin."""
        if attrs["begins"] and attrs["ends"] and attrs["begins"] >= attrs["ends"]:
            raise serializers.ValidationError({"ends": _("The end has to come after the begin.")})
        return attrs


class ChangesSerializer(Body):
    """What is to change; what is not named stays."""

    venue = serializers.PrimaryKeyRelatedField(
        queryset=Venue.objects.filter(is_active=True), pk_field=serializers.UUIDField(), required=False
    )
    date = serializers.DateField(required=False)
    starts = Clock(required=False)
    slot_minutes = serializers.IntegerField(min_value=10, max_value=120, required=False)
    slots = serializers.IntegerField(min_value=1, max_value=40, required=False)
    breaks = serializers.ListField(
        child=serializers.CharField(max_length=11, validators=[validate_break]), max_length=6, required=False
    )
    gap = serializers.IntegerField(min_value=0, max_value=6, required=False)
    tables = serializers.IntegerField(
        min_value=1, max_value=1000, required=False, help_text="Tables used at most."
    )
    shut = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=10_000),
        max_length=1000,
        required=False,
        help_text="Numbers of tables that are lost.",
    )
    absent = AbsentSerializer(many=True, required=False)
    leave_out = serializers.ListField(
        child=serializers.UUIDField(),
        max_length=2000,
        required=False,
        help_text="Ids of reviews that the meeting does without.",
    )
    take_in = serializers.BooleanField(required=False, help_text="Fit in pairs that wait.")


def changes_of(values: Mapping[str, Any]) -> Changes:
    """The validated wish."""
    wanted = dict(values)
    if "venue" in wanted:
        wanted["venue"] = wanted["venue"].pk
    for name in ("breaks", "shut", "leave_out"):
        if name in wanted:
            wanted[name] = tuple(wanted[name])
    wanted["absent"] = tuple(
        Absent(each["organisation"], each["begins"], each["ends"]) for each in wanted.get("absent", ())
    )
    return Changes(**wanted)


class NewDraftSerializer(Body):
    """Of which meeting, and what is to change."""

    meeting = serializers.UUIDField()
    changes = ChangesSerializer()


class DraftPlaceSerializer(serializers.Serializer[Any]):
    """A table and a slot."""

    table = serializers.IntegerField()
    slot = serializers.IntegerField()


class MoveOfDraftSerializer(serializers.Serializer[Any]):
    """An appointment that changes: ``now`` is null where it is given up."""

    review = serializers.UUIDField()
    before = DraftPlaceSerializer()
    now = DraftPlaceSerializer(allow_null=True)
    cause = serializers.ChoiceField(choices=[(each, each) for each in CAUSES])
    made_room_for = serializers.ListField(child=serializers.UUIDField())
    pinned = serializers.BooleanField(help_text="Whether it was pinned: then only a rule moves it.")


class DraftOutcomeSerializer(serializers.Serializer[Any]):
    """The plan as it would be."""

    date = serializers.DateField()
    venue = serializers.UUIDField()
    starts = Clock()
    slot_minutes = serializers.IntegerField()
    slots = serializers.IntegerField()
    tables = serializers.IntegerField()
    fewest = serializers.BooleanField(help_text="Whether fewer moves are proven impossible.")
    gap_to_best = serializers.FloatField(help_text="What at most is missing to the best plan; 0 is optimal.")
    reasons = ReasonsSerializer()
    moves = MoveOfDraftSerializer(many=True)
    added = serializers.ListField(child=serializers.UUIDField(), help_text="Pairs that come in.")
    left = serializers.ListField(child=serializers.UUIDField(), help_text="Pairs without a place.")


class DraftSerializer(RecordSerializer[PlanDraft]):
    """A draft; ``outcome`` is null until a worker has computed it."""

    changes = serializers.DictField(read_only=True)
    outcome = serializers.SerializerMethodField()
    is_alternative = serializers.SerializerMethodField(help_text="Whether it came with the proposal.")
    is_outdated = serializers.SerializerMethodField(help_text="Whether the plan has changed since.")

    class Meta:
        model = PlanDraft
        fields = (
            *("id", "meeting", "state", "is_alternative", "is_outdated", "changes", "outcome", "problem"),
            *("created_at", "computed_at"),
        )
        read_only_fields = fields

    @extend_schema_field(DraftOutcomeSerializer(allow_null=True))
    def get_outcome(self, draft: PlanDraft) -> Any:
        """As computed."""
        return DraftOutcomeSerializer(queries.told_outcome(draft)).data if draft.outcome else None

    def get_is_alternative(self, draft: PlanDraft) -> bool:
        """Nobody asked for it."""
        return draft.author_id is None

    def get_is_outdated(self, draft: PlanDraft) -> bool:
        """Applying it would compute it anew."""
        return draft.state == DraftState.READY and draft.based_on != draft.meeting.plan


class DraftFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of drafts."""

    meeting = django_filters.UUIDFilter(field_name="meeting_id")
    state = django_filters.ChoiceFilter(choices=DraftState.choices)


@extend_schema_view(
    create=extend_schema(
        examples=[
            OpenApiExample(
                "A table is lost and a firm comes late",
                {
                    "meeting": "0b9a1f7e-3a52-4f0e-9f0a-6f3d9a6f1c11",
                    "changes": {
                        "shut": [3],
                        "absent": [{"organisation": "5d3f0a44-0f2b-4f0d-8c6e-1f2f7f6f9f10", "ends": "10:30"}],
                    },
                },
                request_only=True,
            )
        ]
    )
)
class DraftView(ReadOnlyRecords[PlanDraft]):
    """Drafts of changed plans; the chain's offices read them, its office and department make them."""

    queryset = PlanDraft.objects.none()
    serializer_class = DraftSerializer
    filterset_class = DraftFilter

    def visible(self) -> QuerySet[PlanDraft]:
        """Drafts of meetings that the person sees whole, the latest first."""
        return queries.drafts(self.person)

    @extend_schema(request=NewDraftSerializer, responses={201: DraftSerializer})
    def create(self, request: Request) -> Response:
        """Ask what the plan would be; a worker computes it, the meeting stays as it is."""
        if not access.proposes_somewhere(self.person):
            raise Forbidden(_("Only the chain's office or department plans meetings."), code="not_office")
        wanted = NewDraftSerializer(data=request.data, context=self.get_serializer_context())
        wanted.is_valid(raise_exception=True)
        found = queries.meetings(self.person).filter(pk=wanted.validated_data["meeting"]).first()
        if found is None:
            raise Http404
        changes = changes_of(wanted.validated_data["changes"])
        draft = services.draft(actor=self.person, meeting_id=found.pk, changes=changes)
        return self.answer(draft, status=201)

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"])
    def apply(self, request: Request, pk: str) -> Response:
        """Put it into force, all at once; 409 where the plan changed meanwhile, and it is computed anew."""
        return self.answer(services.apply_draft(actor=self.person, draft_id=self.get_object().pk))

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"])
    def recompute(self, request: Request, pk: str) -> Response:
        """Compute it anew from the plan as it is now."""
        return self.answer(services.recompute(actor=self.person, draft_id=self.get_object().pk))
