"""What has changed since, for pollers."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_serializer
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from matching.feeds import cursors, queries
from matching.feeds.models import Change
from matching.feeds.sources import BY_EVENT, EVENTS
from matching.http.problems import MEDIA_TYPE, Problem
from matching.http.views import Records

LONGEST_CURSOR = 400
MOST = 1000


class Gone(exceptions.APIException):
    """410: there is nothing to read on from."""

    status_code = 410
    default_code = "cursor_gone"


class ChangedObjectSerializer(serializers.Serializer[Any]):
    """An object that has changed; read it at ``href``."""

    type = serializers.ChoiceField(choices=EVENTS, source="event")
    id = serializers.UUIDField(source="object_id")
    href = serializers.CharField(help_text="Path of the object for this reader.")
    state = serializers.CharField(allow_null=True, help_text="Present state; null where there is none.")
    at = serializers.DateTimeField(help_text="When it was changed last.")


@extend_schema_serializer(many=False)
class ChangesSerializer(serializers.Serializer[Any]):
    """A page of changes, the oldest first."""

    changes = ChangedObjectSerializer(many=True)
    next = serializers.CharField(help_text="Send it as since; always there, also when nothing has changed.")
    more = serializers.BooleanField(help_text="Whether there are more already; else ask again later.")


class WantedSerializer(serializers.Serializer[Any]):
    """What is asked for."""

    since = serializers.CharField(required=False, max_length=LONGEST_CURSOR)
    types = serializers.CharField(required=False, max_length=LONGEST_CURSOR)
    limit = serializers.IntegerField(required=False, default=200, min_value=1, max_value=MOST)

    def validate_types(self, value: str) -> list[str]:
        """Known types of events, comma-separated."""
        wanted = value.split(",")
        if unknown := sorted(set(wanted) - BY_EVENT.keys()):
            known = ", ".join(BY_EVENT)
            raise serializers.ValidationError(
                _("Unknown: %(unknown)s. Known are: %(known)s.")
                % {"unknown": ", ".join(unknown), "known": known},
                code="invalid_choice",
            )
        return wanted


class ChangeFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Where to read on, and what of."""

    since = django_filters.CharFilter(
        method="left", help_text="What next said before; absent: from the beginning; now: from now on."
    )
    types = django_filters.CharFilter(
        method="left", help_text="Types of events, comma-separated; absent: all. Keep them the same."
    )
    limit = django_filters.NumberFilter(method="left", help_text="Changes a page, 1 to 1000; absent: 200.")

    def left(self, rows: QuerySet[Any], name: str, value: object) -> QuerySet[Any]:
        """Applied by ``queries.changes``."""
        return rows


class ChangeView(Records[Change]):
    """Changes of all that the caller may see now; each object stands there once, at its last change."""

    queryset = Change.objects.none()
    serializer_class = ChangesSerializer
    filterset_class = ChangeFilter
    pagination_class = None

    def visible(self) -> QuerySet[Change]:
        """Nothing: changes are looked up by ``queries.changes``."""
        return Change.objects.none()

    @extend_schema(
        responses={
            200: ChangesSerializer,
            (410, MEDIA_TYPE): OpenApiResponse(Problem, "Start anew, without since."),
        },
        examples=[
            OpenApiExample(
                "One change",
                {
                    "changes": [
                        {
                            "type": "demand_line.changed",
                            "id": "0b9a1f7e-3a52-4f0e-9f0a-6f3d9a6f1c11",
                            "href": "/api/v1/demand-lines/0b9a1f7e-3a52-4f0e-9f0a-6f3d9a6f1c11/",
                            "state": "verified",
                            "at": "2026-11-22T08:00:00+08:00",
                        }
                    ],
                    "next": "gAAAAABo…",
                    "more": False,
                },
                response_only=True,
                status_codes=["200"],
            )
        ],
    )
    def list(self, request: Request) -> Response:
        """Changes after a cursor, in the order in which they became visible.

        Read without `since` to begin with: that gives every object once. Then send `next` as `since`, for
        ever. A change may come a second time, none is left out. What you may not see is not there, and what
        has left your sight is not told. 410 means that your rights have changed, or that the service was
        restored from a backup: start anew.
        """
        self.filter_queryset(self.get_queryset())
        asked = WantedSerializer(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        scope = cursors.scope_of(self.person)
        since = _position(wanted.get("since", ""), scope)
        page = queries.changes(
            self.person, since=since, events=wanted.get("types", ()), limit=wanted["limit"]
        )
        told = {"changes": page.changes, "next": str(cursors.Cursor(page.position, scope)), "more": page.more}
        return Response(ChangesSerializer(told).data)


def _position(since: str, scope: str) -> int:
    if not since:
        return 0
    if since == "now":
        return queries.head()
    try:
        cursor = cursors.read(since)
    except cursors.BadCursor:
        raise serializers.ValidationError(
            {"since": [_("This is no cursor of this service; send what “next” said.")]}, code="invalid_cursor"
        ) from None
    if cursor.scope != scope:
        raise Gone(_("Your rights have changed since. Start anew, without “since”."))
    if cursor.position > queries.head():
        raise Gone(_("The service was restored to an earlier state. Start anew, without “since”."))
    return cursor.position
