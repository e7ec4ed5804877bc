"""The address at which calendar programs read one's appointments."""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from matching.http.views import Nothing, Records, RecordSerializer
from matching.invitations import services
from matching.invitations.models import CalendarAddress


class CalendarSerializer(RecordSerializer[CalendarAddress]):
    """A secret address, known by the first characters of its secret."""

    class Meta:
        model = CalendarAddress
        fields: tuple[str, ...] = ("id", "shown", "created_at")
        read_only_fields: tuple[str, ...] = fields


class NewCalendarSerializer(CalendarSerializer):
    """The address itself, shown this once."""

    url = serializers.SerializerMethodField(help_text="Shown only now. Whoever has it reads the calendar.")

    class Meta(CalendarSerializer.Meta):
        fields = (*CalendarSerializer.Meta.fields, "url")
        read_only_fields = fields

    def get_url(self, address: CalendarAddress) -> str:
        """For a calendar program."""
        secret: str = self.context["secret"]
        return str(settings.SITE_URL) + reverse("calendar_feed", args=[secret])


class CalendarView(mixins.ListModelMixin, Records[CalendarAddress]):
    """The secret address of one's calendar; there is at most one."""

    queryset = CalendarAddress.objects.none()
    serializer_class = CalendarSerializer

    def visible(self) -> QuerySet[CalendarAddress]:
        """One's own."""
        return CalendarAddress.objects.visible_to(self.person).order_by("created_at", "pk")

    @extend_schema(request=Nothing, responses={201: NewCalendarSerializer})
    def create(self, request: Request) -> Response:
        """Make an address; the one before ends."""
        address, secret = services.make_address(actor=self.person)
        context = {**self.get_serializer_context(), "secret": secret}
        answer = Response(NewCalendarSerializer(address, context=context).data, status=201)
        answer["Cache-Control"] = "no-store"
        return answer

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """End the address."""
        self.get_object()
        services.revoke_address(actor=self.person)
        return Response(status=204)
