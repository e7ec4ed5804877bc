"""Rounds."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from matching.http.views import Nothing, ReadOnlyRecords
from matching.lists import queries, services
from matching.lists.api import examples
from matching.lists.api.filters import RoundFilter
from matching.lists.api.serializers import RoundSerializer
from matching.lists.models import Round
from matching.lists.states import RoundAction


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

    def _act(self, wanted: RoundAction) -> Response:
        round_ = self.get_object()
        services.change_round(actor=self.person, round_id=round_.pk, action=wanted)
        return self.answer(round_)
