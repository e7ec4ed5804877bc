"""The day of a meeting: its board, and what is done at the desk and at the tables."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.bodies import Body
from matching.disclosure.services import saw_pairs
from matching.errors import Forbidden, Invalid
from matching.floor import access, services
from matching.floor.api.arrivals import ArrivalSerializer
from matching.floor.models import Arrival
from matching.floor.permits import FloorAct
from matching.floor.queries import BoardRow, board, whose_code
from matching.floor.services.arrivals import MOST_MINUTES
from matching.floor.services.replanning import MOST_LONGER
from matching.floor.states import SittingAction, SittingState
from matching.http.views import Clock, Records, RecordSerializer, many
from matching.meetings import access as meetings_access
from matching.meetings import queries as meetings
from matching.meetings.api.appointments import AppointmentSerializer
from matching.meetings.api.drafts import DraftSerializer
from matching.meetings.models import SigningMeeting
from matching.review.models import Review
from matching.review.services.spoken import NAME_LENGTH
from matching.runs.api import DemandRefSerializer, SupplyRefSerializer

FIRM = "6f1d6a3e-6f0e-4c7f-8b55-2d7c3b9a1e10"


class BoardRowSerializer(serializers.Serializer[BoardRow]):
    """An appointment on its day."""

    appointment = serializers.UUIDField(source="appointment.pk")
    table = serializers.IntegerField(source="appointment.table.number")
    state = serializers.ChoiceField(choices=SittingState.choices)
    begins = serializers.DateTimeField(source="appointment.during.lower", help_text="As planned.")
    expected = serializers.DateTimeField(help_text="As far as is known now, on the day; else as planned.")
    began_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    missing = serializers.ListField(child=serializers.CharField(), help_text="Parties not here yet.")
    actions = serializers.ListField(child=serializers.ChoiceField(choices=SittingAction.choices))
    demand = DemandRefSerializer(source="appointment.review.demand")
    supply = SupplyRefSerializer(source="appointment.review.supply")


class DaySerializer(RecordSerializer[SigningMeeting]):
    """A meeting on its day, as far as the caller may see it."""

    arrived = serializers.SerializerMethodField(help_text="Parties that are here.")
    invited = serializers.SerializerMethodField(help_text="Parties with an appointment.")
    appointments = serializers.SerializerMethodField(help_text="By the time at which they are expected.")
    arrivals = serializers.SerializerMethodField()

    class Meta:
        model = SigningMeeting
        fields = ("id", "chain", "title", "state", "date", "arrived", "invited", "appointments", "arrivals")
        read_only_fields = fields

    def to_representation(self, instance: SigningMeeting) -> dict[str, Any]:
        """The board is read once."""
        self._board = board(self.person, instance)
        saw_pairs(row.appointment.review for row in self._board.rows)
        return super().to_representation(instance)

    def get_arrived(self, _meeting: SigningMeeting) -> int:
        """Parties that are here."""
        return self._board.arrived

    def get_invited(self, _meeting: SigningMeeting) -> int:
        """Parties with an appointment."""
        return self._board.invited

    @extend_schema_field(BoardRowSerializer(many=True))
    def get_appointments(self, _meeting: SigningMeeting) -> Any:
        """Visible appointments."""
        return many(BoardRowSerializer, context=self.context).to_representation(self._board.rows)

    @extend_schema_field(ArrivalSerializer(many=True))
    def get_arrivals(self, meeting: SigningMeeting) -> Any:
        """Visible arrivals."""
        rows = Arrival.objects.visible_to(self.person).filter(meeting=meeting).order_by("created_at", "pk")
        return ArrivalSerializer(rows, many=True, context=self.context).data


class PartySerializer(Body):
    """Who is at the desk: a firm's id, or the code of its pass."""

    organisation = serializers.UUIDField(required=False, help_text="Id of the firm.")
    code = serializers.CharField(required=False, max_length=40, help_text="Or the code of its pass.")


class DelaySerializer(PartySerializer):
    """In how many minutes it comes."""

    minutes = serializers.IntegerField(
        min_value=0, max_value=MOST_MINUTES, help_text="From now; 0 takes the announcement back."
    )


class ComingSerializer(Body):
    """A firm that is not here."""

    organisation = serializers.UUIDField(help_text="A firm of the meeting.")
    comes_at = Clock(required=False, allow_null=True, default=None, help_text="Empty: not at all.")


class RestOfDaySerializer(Body):
    """What has happened, and what may be done about it."""

    coming = ComingSerializer(many=True, required=False, help_text="Firms that are late or do not come.")
    shut = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=10_000),
        max_length=1000,
        required=False,
        help_text="Numbers of tables that are lost.",
    )
    longer = serializers.IntegerField(
        min_value=0, max_value=MOST_LONGER, required=False, help_text="Slots by which the day may end later."
    )
    take_in = serializers.BooleanField(
        required=False, help_text="Give free places to pairs that wait and whose firms are both here."
    )


class WalkInSerializer(Body):
    """Which pair, and who has said yes for a firm that has not said so before."""

    review = serializers.UUIDField(help_text="A pair of a published list of this chain; both firms are here.")
    demand_said_by = serializers.CharField(
        max_length=NAME_LENGTH, required=False, help_text="Who of the leader firm says yes on the spot."
    )
    supply_said_by = serializers.CharField(
        max_length=NAME_LENGTH, required=False, help_text="Who of the member firm says yes on the spot."
    )


class DayView(mixins.RetrieveModelMixin, Records[SigningMeeting]):
    """The day of a meeting, by the meeting's id: offices see all of it, firms their own appointments."""

    queryset = SigningMeeting.objects.none()
    serializer_class = DaySerializer

    def visible(self) -> QuerySet[SigningMeeting]:
        """Visible meetings."""
        return meetings.meetings(self.person)

    @extend_schema(
        request=PartySerializer,
        examples=[OpenApiExample("By its pass", {"code": "K7QWM2XA"}, request_only=True)],
    )
    @action(detail=True, methods=["post"], url_path="check-in")
    def check_in(self, request: Request, pk: str) -> Response:
        """Note that a party is here: any as the desk, one's own as a firm. A second time changes nothing."""
        return self._at_the_desk(request, FloorAct.CHECK_IN, services.check_in)

    @extend_schema(
        request=PartySerializer,
        examples=[OpenApiExample("A firm", {"organisation": FIRM}, request_only=True)],
    )
    @action(detail=True, methods=["post"], url_path="undo-check-in")
    def undo_check_in(self, request: Request, pk: str) -> Response:
        """Take a check-in back that was a mistake."""
        return self._at_the_desk(request, FloorAct.UNDO_CHECK_IN, services.undo_check_in)

    @extend_schema(
        request=DelaySerializer,
        examples=[
            OpenApiExample("In half an hour", {"organisation": FIRM, "minutes": 30}, request_only=True)
        ],
    )
    @action(detail=True, methods=["post"])
    def late(self, request: Request, pk: str) -> Response:
        """Note that a party comes later; the board expects what has to wait for it later."""
        return self._at_the_desk(request, FloorAct.BE_LATE, services.announce_delay)

    @extend_schema(
        request=RestOfDaySerializer,
        responses={201: DraftSerializer},
        examples=[
            OpenApiExample(
                "A firm comes late",
                {"coming": [{"organisation": FIRM, "comes_at": "10:30"}], "longer": 2},
                request_only=True,
            )
        ],
    )
    @action(detail=True, methods=["post"])
    def replan(self, request: Request, pk: str) -> Response:
        """Ask what the rest of the day would be; what has begun stays. Applied like any draft of a plan."""
        meeting = self.get_object()
        if not meetings_access.can_draft(self.person, meeting):
            raise Forbidden(_("Your role does not allow this."), code="not_your_meeting")
        wanted = RestOfDaySerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        told = dict(wanted.validated_data)
        coming = {each["organisation"]: each["comes_at"] for each in told.pop("coming", ())}
        draft = services.replan(actor=self.person, meeting_id=meeting.pk, coming=coming, **told)
        return Response(DraftSerializer(draft, context=self.get_serializer_context()).data, status=201)

    @extend_schema(
        request=WalkInSerializer,
        responses={201: AppointmentSerializer},
        examples=[
            OpenApiExample(
                "The member firm says yes at the desk",
                {"review": "0b9a1f7e-3a52-4f0e-9f0a-6f3d9a6f1c11", "supply_said_by": "李娜"},
                request_only=True,
            )
        ],
    )
    @action(detail=True, methods=["post"], url_path="walk-in")
    def walk_in(self, request: Request, pk: str) -> Response:
        """Give a pair whose firms are both here, and both say yes, the next place that the rules allow."""
        meeting = self.get_object()
        if not access.seats_walk_ins(self.person, meeting):
            raise Forbidden(_("Your role does not allow this."), code="not_your_meeting")
        wanted = WalkInSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        told = dict(wanted.validated_data)
        pairs = Review.objects.visible_to(self.person).filter(demand__chain=meeting.chain_id)
        review = get_object_or_404(pairs, pk=told.pop("review"))
        seated = services.seat_walk_in(actor=self.person, meeting_id=meeting.pk, review_id=review.pk, **told)
        return Response(AppointmentSerializer(seated, context=self.get_serializer_context()).data, status=201)

    def _at_the_desk(self, request: Request, act: FloorAct, verb: Any) -> Response:
        meeting = self.get_object()
        wanted = (DelaySerializer if act == FloorAct.BE_LATE else PartySerializer)(data=request.data)
        wanted.is_valid(raise_exception=True)
        told = dict(wanted.validated_data)
        firm = _firm_of(meeting, told.pop("organisation", None), told.pop("code", ""))
        if not access.may_arrive(self.person, meeting, firm, act):
            raise NotFound
        verb(actor=self.person, meeting_id=meeting.pk, organisation_id=firm, **told)
        return self.answer(meeting)


def _firm_of(meeting: SigningMeeting, organisation: uuid.UUID | None, code: str) -> uuid.UUID:
    """Raises ``Invalid`` where neither or a wrong code is told."""
    if organisation is not None:
        return organisation
    found = whose_code(meeting, code) if code else None
    if found is None:
        raise Invalid({"code": [_("No party of this meeting has this code.")]})
    return found
