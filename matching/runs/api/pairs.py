"""Pairs of lines as results show them: as they were compared, in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import (
    extend_schema_field,
)
from rest_framework import serializers

from matching.disclosure.models import Part
from matching.disclosure.services import saw
from matching.engine.types import Outcome
from matching.http.plans import Planned
from matching.http.views import (
    FirmSerializer,
    Number,
    RecordSerializer,
    in_language,
)
from matching.lists.models import DemandLine, SupplyLine
from matching.lists.states import LineState
from matching.runs import access, queries
from matching.runs.api.options import CONDITION_KINDS, SECRET_KINDS
from matching.runs.models import Gap, NearMiss

UNWRITTEN: dict[str, Any] = {"quantity": None, "unit": ""}


class RefSerializer(Planned, serializers.ModelSerializer[Any]):
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
        """All of them, loaded and told in four queries."""
        pairs = queries.tell(data)
        queries.load_lines(pairs)
        return super().to_representation(pairs)


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
