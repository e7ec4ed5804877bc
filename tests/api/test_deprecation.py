"""What will go says so in time."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.viewsets import ViewSet

from matching.http.deprecation import deprecated


class OldView(ViewSet):
    """A list that will go."""

    permission_classes = (AllowAny,)

    @deprecated(since=date(2027, 1, 1), sunset=date(2028, 1, 1), link="https://example.org/new")
    def list(self, request: Any) -> Response:
        """Rows."""
        return Response([])


def test_every_answer_tells_since_when_and_until_when(db: None) -> None:
    answer = OldView.as_view({"get": "list"})(APIRequestFactory().get("/"))
    told = {name: answer.headers[name] for name in ("Deprecation", "Sunset", "Link")}
    assert told == {
        "Deprecation": "@1798761600",
        "Sunset": "Sat, 01 Jan 2028 00:00:00 GMT",
        "Link": '<https://example.org/new>; rel="deprecation"; type="text/html"',
    }


def test_nothing_goes_within_a_year() -> None:
    with pytest.raises(ValueError, match="twelve months"):
        deprecated(since=date(2027, 1, 1), sunset=date(2027, 12, 1), link="https://example.org/new")
