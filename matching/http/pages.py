"""Pages of every list: by cursor, so that deep pages cost what the first one does."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from matching.http import sealing
from matching.http.filters import COUNT, CURSOR, OF_EVERY_LIST, SIZE, refuse_unknown
from matching.http.keyset import Keyset, NoSuchPosition

DEFAULT_SIZE, MAX_SIZE = 50, 500


class Pages(BasePagination):
    """``?page_size=100&cursor=…``. A cursor belongs to one person, list, filter and order.

    A page begins after the last row of the page before, wherever that row stands now: rows that come or
    go meanwhile neither repeat nor hide another. Rows are counted only where ``count=true`` asks for it.
    """

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """One page. Raises ``ValidationError`` for a cursor of another list, person, filter or order."""
        refuse_unknown(request)
        self._request = request
        self._context = _context(request)
        size = _size(request)
        self._count = _counted(queryset) if _flag(request, COUNT) else None
        position = self._position(request)
        rows = queryset if isinstance(queryset, QuerySet) else list(queryset)
        try:
            found, place = (
                _by_keys(rows, position) if isinstance(rows, QuerySet) else _by_place(rows, position)
            )
        except NoSuchPosition:
            raise _broken() from None
        page = list(found[: size + 1])
        self._next = self._cursor(place(page[size - 1])) if len(page) > size else None
        return page[:size]

    def get_paginated_response(self, data: Any) -> Response:
        """The rows with the address of the next page, None on the last one."""
        following = self._next
        link = following and replace_query_param(self._request.build_absolute_uri(), CURSOR, following)
        counted = {} if self._count is None else {"count": self._count}
        return Response({**counted, "next": link, "next_cursor": following, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The envelope in OpenAPI."""
        nullable = {"type": ["string", "null"]}
        return {
            "type": "object",
            "required": ["next", "next_cursor", "results"],
            "properties": {
                "count": {"type": "integer", "description": "Only with count=true."},
                "next": {**nullable, "format": "uri", "description": "Address of the next page; null: last."},
                "next_cursor": {**nullable, "description": "The cursor in that address."},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """The parameters in OpenAPI."""
        texts = {
            CURSOR: ({"type": "string"}, "From `next_cursor` of the page before; absent: the first page."),
            SIZE: (
                {"type": "integer", "minimum": 1, "maximum": MAX_SIZE, "default": DEFAULT_SIZE},
                "Rows a page.",
            ),
            COUNT: ({"type": "boolean", "default": False}, "Also count all rows; slow on long lists."),
        }
        return [
            {"name": name, "in": "query", "required": False, "schema": schema, "description": words}
            for name, (schema, words) in texts.items()
        ]

    def _cursor(self, position: list[Any]) -> str:
        written = json.dumps(position, default=str, ensure_ascii=False, separators=(",", ":"))
        return sealing.as_text(sealing.seal(written.encode(), self._context))

    def _position(self, request: Request) -> list[Any] | None:
        text = request.query_params.get(CURSOR)
        if text is None:
            return None
        try:
            position = json.loads(sealing.unseal(sealing.from_text(text), self._context))
        except sealing.Unsealable:
            raise _broken() from None
        assert isinstance(position, list), "only lists are sealed"
        return position


def _by_keys(rows: QuerySet[Any], position: list[Any] | None) -> Any:
    keys = Keyset(rows)
    return (keys.rows if position is None else keys.after(position)), keys.position


def _by_place(rows: Sequence[Any], position: list[Any] | None) -> Any:
    """Pages of a list that is no queryset: after the last row's place, found again by its value."""

    def place(row: Any) -> list[Any]:
        return [str(row), rows.index(row) + 1]

    if position is None:
        return rows, place
    last, index = position
    found = next((number for number, row in enumerate(rows, 1) if str(row) == last), index)
    return rows[found:], place


def _context(request: Request) -> str:
    """What a cursor belongs to: the person, the address, its filters and order."""
    asked = sorted(
        (name, value)
        for name, values in request.query_params.lists()
        for value in values
        if name not in OF_EVERY_LIST
    )
    belongs = json.dumps([str(request.user.pk), request.path, asked])
    return f"cursor {hashlib.sha256(belongs.encode(errors='surrogatepass')).hexdigest()}"


def _broken() -> exceptions.ValidationError:
    return exceptions.ValidationError(
        {CURSOR: [_("This cursor is damaged or belongs to another list, filter or order; begin anew.")]},
        code="invalid_cursor",
    )


def _counted(rows: Any) -> int:
    return int(rows.count() if isinstance(rows, QuerySet) else len(rows))


def _flag(request: Request, name: str) -> bool:
    written = request.query_params.get(name, "false")
    if written not in ("true", "false"):
        raise exceptions.ValidationError({name: [_("Write true or false.")]}, code="invalid_boolean")
    return written == "true"


def _size(request: Request) -> int:
    written = request.query_params.get(SIZE)
    if written is None:
        return DEFAULT_SIZE
    if not (written.isascii() and written.isdigit() and len(written) < 8 and 1 <= int(written) <= MAX_SIZE):
        raise exceptions.ValidationError(
            {SIZE: [_("Write a number from 1 to %(highest)s.") % {"highest": MAX_SIZE}]},
            code="invalid_number",
        )
    return int(written)
