"""API of notices."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from matching.http.pages import Flag
from matching.http.views import Nothing, Records
from matching.notices import services
from matching.notices.models import Notice


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


routes = [("notices", NoticeView, "notice")]
