"""Bases of views and serializers."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import get_language
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from rest_framework import mixins, serializers
from rest_framework.response import Response
from rest_framework.serializers import ModelSerializer
from rest_framework.viewsets import GenericViewSet

from accounts.bodies import Body, Strict, represented
from accounts.models import Organisation, User
from matching.errors import Invalid, Refusal
from matching.http.plans import Planned
from matching.refusals import database_refusals

MAX_BULK = 1000
M = TypeVar("M", bound=models.Model)


class PersonMixin:
    """The signed-in person, typed."""

    request: Any

    @property
    def person(self) -> User:
        """Who asks; views are behind ``IsAuthenticated``."""
        user = self.request.user
        assert isinstance(user, User)
        return user


class Records(PersonMixin, GenericViewSet[M]):
    """Base of rooms' views. An id that is not visible answers as an id that is absent."""

    lookup_value_regex = "[^/]+"
    queryset: Any = None

    def visible(self) -> models.QuerySet[M]:
        """Rows that the person may see, with all that a response reads."""
        raise NotImplementedError

    def get_queryset(self) -> models.QuerySet[M]:
        """``visible()``; empty while the schema is written."""
        if getattr(self, "swagger_fake_view", False):
            empty: models.QuerySet[M] = self.queryset.none()
            return empty
        return self.visible()

    def answer(self, record: M, status: int = 200) -> Response:
        """The record as a caller may see it now."""
        fresh = self.visible().get(pk=record.pk)
        return represented(Response(self.get_serializer(fresh).data, status=status))


class KnownByPublicId:
    """For records of people, whose numbers stay inside."""

    lookup_field = "public_id"
    lookup_url_kwarg: str | None = "pk"


class ReadOnlyRecords(mixins.ListModelMixin, mixins.RetrieveModelMixin, Records[M]):
    """List and retrieve."""


class Number(serializers.DecimalField):
    """A decimal without trailing zeros, as text: 3.5000 reads “3.5”."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"normalize_output": True, **options})


class Clock(serializers.TimeField):
    """A time of day in the programme's time zone, to the minute: 09:00."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"format": "%H:%M", "input_formats": ["%H:%M", "%H:%M:%S"], **options})


class ClockExtension(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """OpenAPI's time has a zone; ours has none."""

    target_class = Clock

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        """Hours and minutes."""
        return {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$", "examples": ["09:00"]}


def many(serializer: Any, **options: Any) -> Any:
    """A list of rows; ``options`` such as ``max_length`` are the list's."""
    return serializer(many=True, **options)


class RecordSerializer(Strict, Planned, ModelSerializer[M]):
    """Model serializer with plain decimals; the database's rules are checked by the services."""

    serializer_field_mapping = {
        **ModelSerializer.serializer_field_mapping,
        models.DecimalField: Number,
        models.TimeField: Clock,
    }

    @cached_property
    def person(self) -> User:
        """Who asks."""
        user = self.context["request"].user
        assert isinstance(user, User)
        return user

    def get_unique_together_validators(self) -> list[Any]:
        """None: creating by natural key is decided by the services."""
        return []


class FirmSerializer(Planned, ModelSerializer[Organisation]):
    """An organisation beside its line."""

    class Meta:
        model = Organisation
        fields = ("id", "name", "uscc", "region")
        read_only_fields = fields


class ReasonSerializer(Body):
    """Why."""

    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class Nothing(serializers.Serializer[Any]):
    """An empty body."""


class ItemProblem(serializers.Serializer[Any]):
    """Why one item of a bulk request was refused."""

    code = serializers.CharField()
    detail = serializers.CharField()


class BulkItemSerializer(serializers.Serializer[Any]):
    """Result for one item: its new state, or the problem."""

    id = serializers.UUIDField()
    state = serializers.CharField(allow_null=True)
    problem = ItemProblem(allow_null=True)


class BulkResultSerializer(serializers.Serializer[Any]):
    """Results in the order of the request."""

    results = BulkItemSerializer(many=True)


def in_bulk(
    ids: Sequence[uuid.UUID], visible: Iterable[uuid.UUID], act: Callable[[uuid.UUID], str]
) -> Response:
    """``act`` on each id by itself; what can't be done is told, the rest is done."""
    seen = set(visible)
    return Response({"results": [_one(item, seen, act) for item in ids]})


def _one(item: uuid.UUID, visible: set[uuid.UUID], act: Callable[[uuid.UUID], str]) -> dict[str, Any]:
    if item not in visible:
        detail = str(serializers.PrimaryKeyRelatedField.default_error_messages["does_not_exist"])
        problem = {"code": "not_found", "detail": detail.format(pk_value=item)}
        return {"id": str(item), "state": None, "problem": problem}
    try:
        with database_refusals():
            return {"id": str(item), "state": act(item), "problem": None}
    except Refusal as refusal:
        return {
            "id": str(item),
            "state": None,
            "problem": {"code": refusal.code, "detail": refusal.message},
        }


def ids_field() -> serializers.ListField:
    """A list of up to 1,000 ids."""
    return serializers.ListField(
        child=serializers.UUIDField(), allow_empty=False, max_length=MAX_BULK, help_text="At most 1,000 ids."
    )


def in_language(phrase: dict[str, str]) -> str:
    """The words of an engine phrase in the reader's language."""
    return phrase["en" if (get_language() or "").startswith("en") else "zh"]


def prefixed(prefix: str, invalid: Invalid) -> Invalid:
    """The same refusal with longer field paths."""
    return Invalid({f"{prefix}.{name}": texts for name, texts in invalid.fields.items()}, code=invalid.code)
