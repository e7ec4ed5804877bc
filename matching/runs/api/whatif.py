"""API of what-if questions."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.bodies import Body
from matching.engine.types import ConditionKind, GapType
from matching.engine.types import Gap as FoundGap
from matching.http.views import Number, Records
from matching.runs.api.options import CONDITION_KINDS, RUN, run_of
from matching.runs.api.pairs import DemandRefSerializer, SupplyRefSerializer, as_compared
from matching.runs.models import MatchingRun
from matching.runs.services.whatif import NeedRow, PairRow, Question, ask


class WhatIfSerializer(Body):
    """One question: a condition of a demand line, a firm, or a supply line."""

    demand = serializers.UUIDField(required=False, help_text="A demand line of the run.")
    kind = serializers.ChoiceField(
        choices=CONDITION_KINDS, required=False, help_text="Kind of the demand line's condition."
    )
    ordinal = serializers.IntegerField(
        required=False,
        default=0,
        min_value=0,
        max_value=999,
        help_text="Which of its conditions of that kind, from 0, in the order of its rows.",
    )
    to = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=200,
        help_text="What the condition asks for instead, as lists write it; empty: it excludes nobody.",
    )
    firm = serializers.UUIDField(required=False, help_text="A firm that drops out.")
    supply = serializers.UUIDField(required=False, help_text="A supply line of the run.")
    free_capacity = serializers.DecimalField(
        max_digits=18,
        decimal_places=4,
        min_value=0,
        required=False,
        help_text="Its free capacity a month instead, in its unit.",
    )
    minimum_order = serializers.DecimalField(
        max_digits=18,
        decimal_places=4,
        min_value=0,
        required=False,
        help_text="Its minimum order instead, in its unit.",
    )

    def question(self) -> Question:
        """The question of valid data."""
        data = dict(self.validated_data)
        kind = data.pop("kind", None)
        return Question(kind=None if kind is None else ConditionKind(kind), **data)


class WhatIfGapSerializer(serializers.Serializer[FoundGap]):
    """Why a demand line stays open."""

    type = serializers.ChoiceField(choices=[(item.value, item.value) for item in GapType])
    uncovered = serializers.IntegerField(help_text="Basis points.")


class NeedEffectSerializer(serializers.Serializer[NeedRow]):
    """A demand line whose cover changes."""

    demand = serializers.SerializerMethodField()
    before = serializers.IntegerField(help_text="Covered now, in basis points.")
    after = serializers.IntegerField(help_text="Covered then, in basis points.")
    gap_before = WhatIfGapSerializer(allow_null=True)
    gap_after = WhatIfGapSerializer(allow_null=True)

    @extend_schema_field(DemandRefSerializer)
    def get_demand(self, row: NeedRow) -> Any:
        """The line as it was compared."""
        return _demand(row)


class PairEffectSerializer(serializers.Serializer[PairRow]):
    """A pair that is gained or lost as a match, or gives another quantity."""

    demand = serializers.SerializerMethodField()
    supply = serializers.SerializerMethodField()
    unit = serializers.CharField(help_text="Unit of the quantities.")
    score = serializers.IntegerField(help_text="Basis points.")
    open_questions = serializers.IntegerField(help_text="Conditions that the supplier has to confirm.")
    before = Number(
        max_digits=18, decimal_places=4, allow_null=True, help_text="Quantity a month now; null: no match."
    )
    after = Number(
        max_digits=18, decimal_places=4, allow_null=True, help_text="Quantity a month then; null: no match."
    )
    share_before = serializers.IntegerField(help_text="Part of the demand now, in basis points.")
    share_after = serializers.IntegerField(help_text="Part of the demand then, in basis points.")

    @extend_schema_field(DemandRefSerializer)
    def get_demand(self, row: PairRow) -> Any:
        """The line as it was compared."""
        return _demand(row)

    @extend_schema_field(SupplyRefSerializer)
    def get_supply(self, row: PairRow) -> Any:
        """The line as it was compared."""
        shown = as_compared({"supply": SupplyRefSerializer(row.supply).data}, row, row)
        return {**shown["supply"], "unit": row.unit}


class WhatIfAnswerSerializer(serializers.Serializer[Any]):
    """What would be otherwise; nothing that stays as it is."""

    whole = serializers.BooleanField(
        help_text="Quantities of all that hangs together were shared out again; false: of the nearest only."
    )
    covered = serializers.IntegerField(help_text="Demand lines that would be covered in full, and are not.")
    opened = serializers.IntegerField(help_text="Demand lines that are covered in full, and would not be.")
    demands = NeedEffectSerializer(source="needs", many=True)
    pairs = PairEffectSerializer(many=True)


def _demand(row: NeedRow | PairRow) -> dict[str, Any]:
    shown: dict[str, Any] = as_compared({"demand": DemandRefSerializer(row.demand).data}, row, row)["demand"]
    return shown


@extend_schema(parameters=[RUN])
class WhatIfView(Records[MatchingRun]):
    """What a change would do to a finished run; nothing is stored."""

    queryset = MatchingRun.objects.none()
    serializer_class = WhatIfSerializer

    def visible(self) -> QuerySet[MatchingRun]:
        """Visible runs."""
        return MatchingRun.objects.visible_to(self.person)

    @extend_schema(
        request=WhatIfSerializer,
        responses={200: WhatIfAnswerSerializer},
        examples=[
            OpenApiExample(
                "One requirement is relaxed",
                {
                    "demand": "0b9a1f7e-3a52-4f0e-9f0a-6f3d9a6f1c11",
                    "kind": "parameter",
                    "ordinal": 0,
                    "to": "≥650MPa",
                },
                request_only=True,
            ),
            OpenApiExample(
                "A firm drops out", {"firm": "0b9a1f7e-3a52-4f0e-9f0a-6f3d9a6f1c11"}, request_only=True
            ),
        ],
    )
    def create(self, request: Request, run: str) -> Response:
        """Ask what relaxing a condition, a firm dropping out or another capacity would change.

        Prices and quantities are asked about by the office of the chain only.
        """
        found = run_of(self)
        asked = WhatIfSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        answer = ask(actor=self.person, run=found, question=asked.question())
        return Response(WhatIfAnswerSerializer(answer).data)
