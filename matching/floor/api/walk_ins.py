"""Pairs that might meet on the spot, for programs at the desk."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from matching.disclosure.services import saw_pairs
from matching.errors import Forbidden
from matching.floor import access
from matching.floor.queries import asks_demand, asks_supply, walk_in_pairs
from matching.http.views import Records, RecordSerializer
from matching.meetings import queries as meetings
from matching.review.models import Review
from matching.runs.api import DemandRefSerializer, SupplyRefSerializer

MEETING = OpenApiParameter(
    "meeting", OpenApiTypes.UUID, OpenApiParameter.PATH, description="Id of a meeting."
)


class WalkInPairSerializer(RecordSerializer[Review]):
    """A pair whose firms are both here, and whose yes is still to be said when it is seated."""

    review = serializers.UUIDField(source="pk", read_only=True, help_text="What to seat.")
    demand = DemandRefSerializer(read_only=True)
    supply = SupplyRefSerializer(read_only=True)
    asks_demand = serializers.SerializerMethodField(help_text="The leader firm has not said yes yet.")
    asks_supply = serializers.SerializerMethodField(help_text="The member firm has not said yes yet.")

    class Meta:
        model = Review
        fields = ("review", "demand", "supply", "asks_demand", "asks_supply")
        read_only_fields = fields

    def get_asks_demand(self, review: Review) -> bool:
        """Whether somebody of the leader firm has to be named."""
        return asks_demand(review)

    def get_asks_supply(self, review: Review) -> bool:
        """Whether somebody of the member firm has to be named."""
        return asks_supply(review)


@extend_schema(parameters=[MEETING])
class WalkInPairView(Records[Review]):
    """Pairs of published lists without an appointment whose firms are both checked in."""

    queryset = Review.objects.none()
    serializer_class = WalkInPairSerializer

    def visible(self) -> QuerySet[Review]:
        """Those of the meeting in the address, the newest first."""
        meeting = get_object_or_404(meetings.meetings(self.person), pk=self.kwargs["meeting"])
        if not access.seats_walk_ins(self.person, meeting):
            raise Forbidden(_("Your role does not allow this."), code="not_your_meeting")
        return walk_in_pairs(self.person, meeting).order_by("-created_at", "pk")

    def list(self, request: Request, meeting: str) -> Response:
        """Pairs that the desk may seat now, with `POST /meeting-days/{id}/walk-in/`."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        assert page is not None
        saw_pairs(page)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)
