"""API of notices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from accounts.bodies import Body
from matching.http.filters import Flag
from matching.http.views import Nothing, PersonMixin, Records, many
from matching.notices import services
from matching.notices.forms import topics_of
from matching.notices.models import Mail, Notice, NoticePreference, Topic


class NoticeSerializer(serializers.ModelSerializer[Notice]):
    """A message in the reader's language; ``link`` is a path of the portal."""

    text = serializers.CharField(read_only=True)

    class Meta:
        model = Notice
        fields = ("id", "text", "link", "read_at", "created_at")


class ReadSerializer(serializers.Serializer[Any]):
    """How many notices became read."""

    read = serializers.IntegerField()


class NoticeFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of notices."""

    unread = Flag(field_name="read_at", lookup_expr="isnull")


class NoticeView(mixins.ListModelMixin, Records[Notice]):
    """What the person was told."""

    queryset = Notice.objects.none()
    serializer_class = NoticeSerializer
    filterset_class = NoticeFilter

    def visible(self) -> QuerySet[Notice]:
        """One's own notices, the newest first."""
        return Notice.objects.visible_to(self.person).order_by("-created_at", "pk")

    @extend_schema(request=Nothing, responses=ReadSerializer)
    @action(detail=False, methods=["post"], filterset_class=None)
    def read(self, request: Request) -> Response:
        """All of one's notices become read."""
        return Response({"read": services.mark_read(user=self.person)})


class WishSerializer(Body):
    """How to be told of a topic."""

    topic = serializers.ChoiceField(choices=Topic.choices)
    portal = serializers.BooleanField(help_text="Shown in the portal and in `/notices/`.")
    mail = serializers.ChoiceField(choices=Mail.choices, help_text="When it goes out by e-mail.")


class WishesSerializer(Body):
    """Topics that are not named stay as they are."""

    wishes = many(WishSerializer, max_length=len(Topic))


class NoticeSettingsView(PersonMixin, ViewSet):
    """How the person wants to be told of what."""

    @extend_schema(responses=WishSerializer(many=True))
    def list(self, request: Request) -> Response:
        """The topics that concern you, each with how you are told."""
        return Response(WishSerializer(self._held(), many=True).data)

    @extend_schema(
        request=WishesSerializer,
        responses=WishSerializer(many=True),
        examples=[
            OpenApiExample(
                "Meetings once a day",
                {"wishes": [{"topic": "meetings", "portal": True, "mail": "daily"}]},
                request_only=True,
            )
        ],
    )
    @action(detail=False, methods=["post"])
    def choose(self, request: Request) -> Response:
        """Choose how to be told; letters that wait and are not wanted any more are not sent."""
        asked = WishesSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wishes = {
            Topic(wish["topic"]): services.Wish(wish["portal"], Mail(wish["mail"]))
            for wish in asked.validated_data["wishes"]
        }
        services.choose(user=self.person, wishes=wishes)
        return Response(WishSerializer(self._held(), many=True).data)

    def _held(self) -> Sequence[NoticePreference]:
        held = {wish.topic: wish for wish in NoticePreference.objects.visible_to(self.person)}
        return [
            held.get(topic) or NoticePreference(topic=topic, mail=Mail.AT_ONCE)
            for topic in topics_of(self.person)
        ]


routes = [
    ("notices", NoticeView, "notice"),
    ("notice-settings", NoticeSettingsView, "notice_settings"),
]
