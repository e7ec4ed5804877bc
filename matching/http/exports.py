"""Files that the API answers with, beside the JSON of its problems."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer

from matching.http.options import Options

F = TypeVar("F", bound=Callable[..., Any])


class CSVAccepted(JSONRenderer):
    """A client that accepts CSV alone gets it; problems are JSON all the same."""

    media_type = "text/csv"
    format = "csv"


class NDJSONAccepted(JSONRenderer):
    """The same for newline-delimited JSON."""

    media_type = "application/x-ndjson"
    format = "ndjson"


class ICalendarAccepted(JSONRenderer):
    """The same for calendar files."""

    media_type = "text/calendar"
    format = "ics"


class FormOptions(Options):
    """In which form."""

    form = serializers.ChoiceField(choices=[("csv", "csv"), ("json", "json")], default="json")


ROWS_ACCEPTED = (JSONRenderer, CSVAccepted)


def rows_described(words: str) -> Callable[[F], F]:
    """An operation that answers rows as JSON or as CSV."""
    described: Callable[[F], F] = extend_schema(
        parameters=[FormOptions],
        filters=False,
        responses={
            (200, "application/json"): OpenApiResponse(OpenApiTypes.ANY, words),
            (200, "text/csv"): OpenApiResponse(OpenApiTypes.STR, words),
        },
    )
    return described
