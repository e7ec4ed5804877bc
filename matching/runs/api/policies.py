"""API of a chain's rules: versions, their differences, proposals."""

from __future__ import annotations

from typing import Any

import django_filters
import msgspec
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.bodies import Body
from matching import kinds
from matching.chains.models import Chain
from matching.engine.learning import Measure, Source, Verdict
from matching.engine.policies import BANDS, differences
from matching.engine.types import Policy
from matching.errors import Forbidden, Invalid
from matching.http.filters import Ordering
from matching.http.options import Options
from matching.http.views import ReadOnlyRecords, ReasonSerializer, RecordSerializer
from matching.runs import access, queries, services
from matching.runs.api.options import CONDITION_KINDS
from matching.runs.models import PolicyProposal, PolicyVersion
from matching.runs.states import PROPOSAL, ProposalAction, ProposalState

MEASURES = [(item.value, item.value) for item in Measure]
VERDICTS = [(item.value, item.value) for item in Verdict]
SOURCES = [(item.value, item.value) for item in Source]
PROPOSAL_ACTIONS = [(item.value, item.value) for item in (ProposalAction.ADOPT, ProposalAction.REJECT)]
AGAINST = OpenApiParameter(
    "against",
    OpenApiTypes.INT,
    description="Number of the other version; absent: the one before.",
)
_PAIRS = ("weights", "grade_bonus", "allocation_bonus")


class RulesSerializer(Body):
    """Rules of a policy; scores, bands and bonuses are basis points. What is absent stays as it is."""

    weights = serializers.DictField(
        child=serializers.IntegerField(), required=False, help_text="Criterion and weight, on any scale."
    )
    gates = serializers.ListField(
        child=serializers.ChoiceField(choices=CONDITION_KINDS),
        required=False,
        help_text="Conditions that exclude an offer even where the demand calls them soft.",
    )
    grade_bonus = serializers.DictField(child=serializers.IntegerField(), required=False)
    allocation_bonus = serializers.DictField(
        child=serializers.IntegerField(),
        required=False,
        help_text="Grade, local or first_of_kind, and what it adds to a score in the allocation.",
    )
    home_regions = serializers.ListField(
        child=serializers.CharField(max_length=6),
        required=False,
        help_text="GB/T 2260 codes (2, 4 or 6 digits) whose firms are local.",
    )
    bands = serializers.DictField(
        child=serializers.IntegerField(), required=False, help_text="Least score of the bands A, B and C."
    )
    candidates = serializers.IntegerField(required=False)
    minimum_text = serializers.IntegerField(required=False)
    minimum_score = serializers.IntegerField(required=False)
    near_misses = serializers.IntegerField(required=False)
    max_suppliers = serializers.IntegerField(required=False)


def as_data(policy: Policy) -> dict[str, Any]:
    """A policy as its readers see it: pairs as objects, bands by name."""
    shown: dict[str, Any] = msgspec.to_builtins(policy)
    for name in _PAIRS:
        shown[name] = dict(shown[name])
    shown["bands"] = dict(zip(BANDS, shown["bands"], strict=True))
    del shown["version"]
    return shown


def as_policy(sent: dict[str, Any], start: Policy) -> Policy:
    """``start`` with what was sent in place of its own. Raises ``Invalid``."""
    body: dict[str, Any] = msgspec.to_builtins(start)
    given: dict[str, Any] = {name: sent[name] for name in body.keys() & sent.keys()}
    for name in _PAIRS:
        if name in given:
            order = [key for key, _value in body[name] if key in given[name]]
            names = order + sorted(given[name].keys() - set(order))
            given[name] = [(key, given[name][key]) for key in names if name != "weights" or given[name][key]]
    if "bands" in given:
        bands = dict(zip(BANDS, body["bands"], strict=True)) | given["bands"]
        if bands.keys() != set(BANDS):
            raise Invalid({"bands": [_("There are the bands A, B and C.")]})
        given["bands"] = [bands[band] for band in BANDS]
    return services.as_rules(body | given)


class PolicySerializer(RecordSerializer[PolicyVersion]):
    """A numbered version of a chain's rules; it never changes."""

    rules = serializers.SerializerMethodField()
    in_force = serializers.SerializerMethodField(help_text="Whether the next run uses it.")
    proposal = serializers.UUIDField(
        source="proposal.pk",
        read_only=True,
        allow_null=True,
        default=None,
        help_text="The proposal that it was.",
    )
    adopted_by = serializers.StringRelatedField[Any](allow_null=True)

    class Meta:
        model = PolicyVersion
        fields = (
            *("id", "chain", "kind", "number", "note", "in_force", "rules", "proposal"),
            *("adopted_by", "created_at"),
        )
        read_only_fields = fields

    @extend_schema_field(RulesSerializer)
    def get_rules(self, version: PolicyVersion) -> dict[str, Any]:
        """Everything the version says."""
        return as_data(queries.rules_of(version))

    def get_in_force(self, version: PolicyVersion) -> bool:
        """The newest version of its chain and kind counts."""
        newest: int = version.newest  # type: ignore[attr-defined]
        return version.number == newest


class NewPolicySerializer(RulesSerializer):
    """The chain, and what changes against its current rules."""

    chain = serializers.PrimaryKeyRelatedField(queryset=Chain.objects.all())
    kind = serializers.ChoiceField(choices=kinds.choices(), default="product")
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class NoteSerializer(Body):
    """Why."""

    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class Against(Options):
    """Which version a version is compared with."""

    against = serializers.CharField(required=False, allow_blank=True)


class DifferenceSerializer(serializers.Serializer[Any]):
    """A rule that two versions give differently; null where one of them does not have it."""

    field = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    before = serializers.IntegerField(allow_null=True)
    after = serializers.IntegerField(allow_null=True)


class PolicyFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of versions."""

    chain = django_filters.CharFilter(field_name="chain_id", max_length=40)
    kind = django_filters.ChoiceFilter(choices=kinds.choices())
    ordering = Ordering(fields=(("number", "number"), ("created_at", "created_at")))


class PolicyView(ReadOnlyRecords[PolicyVersion]):
    """Versions of the rules of one's chains; runs use the newest."""

    queryset = PolicyVersion.objects.none()
    serializer_class = PolicySerializer
    filterset_class = PolicyFilter

    def visible(self) -> QuerySet[PolicyVersion]:
        """Visible versions, the newest first."""
        return queries.versions(self.person).order_by("chain_id", "kind", "-number")

    @extend_schema(
        request=NewPolicySerializer,
        responses={201: PolicySerializer},
        examples=[
            OpenApiExample(
                "Another weight for delivery",
                {
                    "chain": "photovoltaic",
                    "weights": {"text": 30, "requirements": 30, "delivery": 20},
                    "note": "交期优先",
                },
                request_only=True,
            )
        ],
    )
    def create(self, request: Request) -> Response:
        """Adopt new rules: they become the chain's next version and count from the next run on."""
        if not access.sets_some_policy(self.person):
            raise Forbidden(_("Only the office of this chain sets its rules."), code="not_your_chain")
        wanted = NewPolicySerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        sent = wanted.validated_data
        chain, kind = sent["chain"].pk, sent["kind"]
        current = queries.versions(self.person).filter(chain=chain, kind=kind).order_by("-number").first()
        start = queries.rules_of(current) if current is not None else kinds.get(kind).policy
        version = services.adopt_rules(
            actor=self.person, chain_id=chain, kind=kind, rules=as_policy(sent, start), note=sent["note"]
        )
        return self.answer(version, status=201)

    @extend_schema(request=NoteSerializer, responses={201: PolicySerializer})
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: str) -> Response:
        """Go back to this version: its rules become the chain's next version."""
        version = self.get_object()
        note = NoteSerializer(data=request.data)
        note.is_valid(raise_exception=True)
        restored = services.restore_version(
            actor=self.person, version_id=version.pk, note=note.validated_data["note"]
        )
        return self.answer(restored, status=201)

    @extend_schema(parameters=[AGAINST], responses=DifferenceSerializer(many=True))
    @action(detail=True, pagination_class=None, filterset_class=None)
    def differences(self, request: Request, pk: str) -> Response:
        """What this version changes against another one of its chain."""
        wanted = Against.of(request).get("against")
        version = self.get_object()
        others = self.visible().filter(chain=version.chain_id, kind=version.kind)
        if wanted is None:
            other = others.filter(number__lt=version.number).first()
        elif wanted.isdecimal() and len(wanted) < 10:
            other = get_object_or_404(others, number=int(wanted))
        else:
            raise Invalid({"against": [_("Write the number of a version.")]})
        if other is None:
            return Response([])
        found = differences(queries.rules_of(other), queries.rules_of(version))
        rows = [
            {"field": one.term[0], "name": one.term[1], "before": one.before, "after": one.after}
            for one in found
        ]
        return Response(DifferenceSerializer(rows, many=True).data)


class FigureSerializer(serializers.Serializer[Any]):
    """A measure on held-out decisions, in basis points."""

    measure = serializers.ChoiceField(choices=MEASURES)
    present = serializers.IntegerField()
    learnt = serializers.IntegerField()
    gain = serializers.IntegerField()
    spread = serializers.IntegerField(help_text="Standard deviation of the gain over the parts.")
    least = serializers.IntegerField(help_text="The gain is greater with 95 percent confidence.")
    parts = serializers.IntegerField()


class WeightChangeSerializer(serializers.Serializer[Any]):
    """A criterion's weight before and after."""

    criterion = serializers.CharField()
    before = serializers.IntegerField()
    after = serializers.IntegerField()
    evidence = serializers.BooleanField(help_text="False: nothing was known, so the weight was kept.")


class ShareSerializer(serializers.Serializer[Any]):
    """Examples from one source: the newest that is known of their pairs."""

    source = serializers.ChoiceField(choices=SOURCES)  # type: ignore[assignment]
    examples = serializers.IntegerField()
    weight = serializers.IntegerField(
        help_text="What they count for together, in hundredths of one decision of the office."
    )


class LessonSerializer(serializers.Serializer[Any]):
    """What the decisions taught, and how well it holds on decisions that were held out."""

    verdict = serializers.ChoiceField(choices=VERDICTS)
    decisions = serializers.IntegerField()
    wanted = serializers.IntegerField()
    unwanted = serializers.IntegerField()
    demands = serializers.IntegerField()
    mixed = serializers.IntegerField(help_text="Demand lines with a wanted and an unwanted offer.")
    sources = ShareSerializer(many=True)
    weights = WeightChangeSerializer(many=True)
    figures = FigureSerializer(many=True)
    decisive = serializers.ChoiceField(choices=MEASURES)
    strength = serializers.FloatField(help_text="How strongly the weights were held to the present ones.")


class ProposalSerializer(RecordSerializer[PolicyProposal]):
    """Rules that were learnt from decisions, for a person to adopt or reject."""

    rules = serializers.SerializerMethodField()
    lesson = serializers.SerializerMethodField()
    decided_by = serializers.StringRelatedField[Any](allow_null=True)
    actions = serializers.SerializerMethodField(help_text="What you may do with it now.")

    class Meta:
        model = PolicyProposal
        fields = (
            *("id", "chain", "kind", "base", "state", "rules", "lesson", "reason", "decided_by"),
            *("decided_at", "version", "created_at", "actions"),
        )
        read_only_fields = fields

    @extend_schema_field(RulesSerializer)
    def get_rules(self, proposal: PolicyProposal) -> dict[str, Any]:
        """All rules as they would be."""
        return as_data(services.as_rules(proposal.body))

    @extend_schema_field(LessonSerializer)
    def get_lesson(self, proposal: PolicyProposal) -> dict[str, Any]:
        """The report."""
        shown: dict[str, Any] = LessonSerializer(services.lesson_of(proposal)).data
        return shown

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=PROPOSAL_ACTIONS)))
    def get_actions(self, proposal: PolicyProposal) -> list[str]:
        """Decisions that role and state allow."""
        may = access.can_set_policy(self.person, proposal.chain_id)
        return [name for name, _label in PROPOSAL_ACTIONS if may and PROPOSAL.allows(proposal.state, name)]


class ProposalFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of proposals."""

    chain = django_filters.CharFilter(field_name="chain_id", max_length=40)
    state = django_filters.ChoiceFilter(choices=ProposalState.choices)
    ordering = Ordering(fields=(("created_at", "created_at"),))


class ProposalView(ReadOnlyRecords[PolicyProposal]):
    """Proposed rules of one's chains."""

    queryset = PolicyProposal.objects.none()
    serializer_class = ProposalSerializer
    filterset_class = ProposalFilter

    def visible(self) -> QuerySet[PolicyProposal]:
        """Visible proposals, the newest first."""
        return queries.proposals(self.person).order_by("-created_at", "pk")

    @extend_schema(request=NoteSerializer, responses=ProposalSerializer)
    @action(detail=True, methods=["post"])
    def adopt(self, request: Request, pk: str) -> Response:
        """Make the proposed rules the chain's next version."""
        proposal = self.get_object()
        note = NoteSerializer(data=request.data)
        note.is_valid(raise_exception=True)
        services.adopt_proposal(actor=self.person, proposal_id=proposal.pk, note=note.validated_data["note"])
        return self.answer(proposal)

    @extend_schema(request=ReasonSerializer, responses=ProposalSerializer)
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, pk: str) -> Response:
        """Turn the proposal down; the same decisions do not propose it again."""
        proposal = self.get_object()
        reason = ReasonSerializer(data=request.data)
        reason.is_valid(raise_exception=True)
        services.reject_proposal(
            actor=self.person, proposal_id=proposal.pk, reason=reason.validated_data["reason"]
        )
        return self.answer(proposal)
