"""What others offer or need that is like a line which is being written, and what a line still lacks."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.bodies import Body
from accounts.roles import OrganisationKind
from matching import kinds
from matching.chains.models import ChainNode
from matching.engine.similar import Closeness, Typed
from matching.errors import Forbidden
from matching.http.views import Records
from matching.lists import access, queries
from matching.lists.api.firms import firms_of
from matching.lists.live import IndexedSide
from matching.lists.models import DemandLine, SupplyLine
from matching.lists.queries.pace import has_answer_left
from matching.lists.queries.similar import Listed, similar

L = TypeVar("L", DemandLine, SupplyLine)


class TypedSerializer(Body):
    """What is known of the line so far."""

    chain = serializers.CharField(max_length=40, help_text="Chain code.")
    kind = serializers.ChoiceField(choices=kinds.choices(), default="product")
    title = serializers.CharField(max_length=200)
    description = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    node = serializers.CharField(max_length=60, required=False, allow_blank=True, help_text="Code of a node.")

    def typed(self) -> Typed:
        """The words and the place in the chain."""
        data = self.validated_data
        nodes: Any = ChainNode.objects.filter(chain_id=data["chain"], code=data.get("node", ""))
        path = nodes.values_list("path", flat=True).first() or ()
        return Typed(data["title"], data["description"], tuple(path))


class SimilarSerializer(serializers.Serializer[Any]):
    """A product that somebody else offers or needs; no firm is named."""

    product = serializers.CharField(help_text="The chain's word for it.")
    city = serializers.CharField(allow_blank=True)
    grades = serializers.ListField(child=serializers.CharField(), help_text="Of the supplier.")
    closeness = serializers.ChoiceField(choices=[(word.value, word.value) for word in Closeness])


class LackSerializer(serializers.Serializer[Any]):
    """A column or a kind of rows that is empty, and what stays open without it."""

    name = serializers.CharField()
    why = serializers.CharField()
    required = serializers.BooleanField(  # type: ignore[assignment]
        help_text="Needed before the line can be handed in."
    )
    asked = serializers.IntegerField(
        help_text="At least so many open needs of the chain ask for it; 0 where none is told."
    )


class CompletenessSerializer(serializers.Serializer[Any]):
    """What of a line is filled in, and what is missing, the weightiest first."""

    filled = serializers.IntegerField()
    total = serializers.IntegerField()
    missing = LackSerializer(many=True)


class SimilarMixin(Records[L]):
    """What helps a firm to write a line."""

    model: ClassVar[type[Any]]
    owner: ClassVar[OrganisationKind]

    @extend_schema(
        request=TypedSerializer,
        responses=SimilarSerializer(many=True),
        filters=False,
        examples=[
            OpenApiExample("A title", {"chain": "photovoltaic", "title": "单晶硅片"}, request_only=True)
        ],
    )
    @action(detail=False, methods=["post"], filterset_class=None, pagination_class=None)
    def similar(self, request: Request) -> Response:
        """Offers like a need, or needs like an offer, that is being written; at most 120 answers a minute."""
        firms_of(self.person, self.owner)
        asked = TypedSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        if not has_answer_left(self.person):
            raise exceptions.Throttled(wait=60)
        data = asked.validated_data
        other = IndexedSide.SUPPLY if self.model is DemandLine else IndexedSide.DEMAND
        found = similar(self.person, Listed(data["chain"], data["kind"], other), asked.typed())
        return Response(SimilarSerializer(found, many=True).data)

    @extend_schema(responses=CompletenessSerializer)
    @action(detail=True)
    def completeness(self, request: Request, pk: str) -> Response:
        """What one's own line still lacks, why it matters, and how many needs ask for it."""
        seen = self.get_object()
        if not access.can_edit(self.person, seen):
            raise Forbidden(_("You do not act for this firm."), code="not_your_firm")
        line = queries.with_filled(self.model.objects.filter(pk=seen.pk)).get()
        found = queries.completeness_of(line)
        asked: dict[str, int] = {}
        if self.model is not DemandLine:
            asked = queries.asking(self.person, [line]).get((line.chain_id, line.kind), {})
        language = get_language() or ""
        missing = [
            {
                "name": one.name,
                "why": one.why.text(language),
                "required": one.required,
                "asked": asked.get(one.asked_by, 0),
            }
            for one in found.missing
        ]
        told = {"filled": found.filled, "total": found.total, "missing": missing}
        return Response(CompletenessSerializer(told).data)
