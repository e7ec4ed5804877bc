"""What stands around every operation of the API, whatever room it is in.

``Router`` puts it there, so that no view can forget it: limits, ``If-Match`` and ETags, ``Idempotency-Key``,
sparse fields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import psycopg
from django.db import OperationalError, connection, transaction
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from matching.http import conditions, fields, idempotency, limits
from matching.http.filters import FIELDS

TRIES = 4
Handler = Callable[[], HttpResponseBase]
_LOST = (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected)


class Guarded(APIView):
    """Mixed into every view by ``Router``."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """As the framework's own, with the guards around the handler."""
        self.args, self.kwargs = args, kwargs
        self.request = asked = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        try:
            limits.of_address(asked)
            self.initial(asked, *args, **kwargs)
            limits.of_credential(asked)
            response = self._guarded(asked, partial(self._handler(asked), asked, *args, **kwargs))
        except Exception as error:
            response = self.handle_exception(error)
        self.response = self._finished(asked, response)  # type: ignore[assignment]
        return self.response

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """The view's serializer with the wanted fields alone."""
        serializer = super().get_serializer(*args, **kwargs)  # type: ignore[misc]
        wanted = fields.wanted_of(self.request)
        if wanted is not None:
            fields.narrow(serializer, wanted)
        return serializer

    def filter_queryset(self, queryset: Any) -> Any:
        """Filtered rows, without what only unwanted fields would read."""
        rows = super().filter_queryset(queryset)  # type: ignore[misc]
        wanted = fields.wanted_of(self.request)
        if wanted is None or not hasattr(rows, "prefetch_related"):
            return rows
        return fields.spare(rows, self.get_serializer_class(), wanted)  # type: ignore[attr-defined]

    def _handler(self, request: Request) -> Any:
        name = (request.method or "").lower()
        known = name in self.http_method_names
        return getattr(self, name, self.http_method_not_allowed) if known else self.http_method_not_allowed

    def _guarded(self, request: Request, handler: Handler) -> HttpResponseBase:
        wanted = fields.wanted_of(request)
        if wanted is not None:
            return self._sparse(request, handler, wanted)
        claim = idempotency.claim_of(request, getattr(self, "fingerprint", None))
        etags = conditions.expected(self, request)
        if claim is None and etags is None:
            return handler()
        return tried_again(partial(self._once, request, handler, claim, etags), stable=etags is not None)

    def _once(
        self,
        request: Request,
        handler: Handler,
        claim: idempotency.Claim | None,
        etags: list[str] | None,
    ) -> HttpResponseBase:
        if claim is not None:
            kept, answer = idempotency.take(claim)
            if answer is not None:
                return answer
        if etags is not None:
            conditions.check(self, request, etags)
        response = self._finished(request, handler())
        if claim is None:
            return response
        if isinstance(response, Response):
            response.render()
        return idempotency.keep(kept, claim, response)

    def _sparse(self, request: Request, handler: Handler, wanted: fields.Wanted) -> HttpResponseBase:
        answers_rows = getattr(self, "serializer_class", None) is not None
        if getattr(self, "action", "") not in ("list", "retrieve") or not answers_rows:
            raise exceptions.ValidationError(
                {FIELDS: [_("This address always answers with everything.")]}, code="unknown_parameter"
            )
        self.get_serializer()
        response = handler()
        assert isinstance(response, Response)
        data: Any = response.data
        if "next_cursor" in data:
            response.data = {**data, "results": fields.project(data["results"], wanted)}
        else:
            response.data = fields.project(data, wanted)
        return response

    def _finished(self, request: Request, response: HttpResponseBase) -> HttpResponseBase:
        finished = self.finalize_response(request, response, *self.args, **self.kwargs)  # type: ignore[arg-type]
        limits.tell(request, finished)
        return conditions.mark(request, finished)


def tried_again(once: Handler, *, stable: bool) -> HttpResponseBase:
    """``once`` in a transaction, again where another one came between.

    ``stable``: what it reads can't change before it writes. In PostgreSQL's ``REPEATABLE READ`` whoever
    locks or changes a row that somebody else has changed since is refused, whatever path the other took.
    """
    for left in reversed(range(TRIES)):
        try:
            with _isolated(stable), transaction.atomic():
                return once()
        except OperationalError as error:
            if not isinstance(error.__cause__, _LOST) or not left:
                raise
    raise AssertionError("the last try returns or raises")


@contextmanager
def _isolated(stable: bool) -> Iterator[None]:
    """Transactions that begin inside see one state of the database; inside a larger one, that one counts."""
    if not stable or connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()
    raw = connection.connection
    before, raw.isolation_level = raw.isolation_level, psycopg.IsolationLevel.REPEATABLE_READ
    try:
        yield
    finally:
        if not raw.closed:
            raw.isolation_level = before


class Router(SimpleRouter):
    """Registers views as guarded ones."""

    def register(self, prefix: str, viewset: Any, basename: str | None = None) -> None:
        """The view, with the guards before it."""
        names = {"__module__": viewset.__module__, "__doc__": viewset.__doc__}
        super().register(prefix, type(viewset.__name__, (Guarded, viewset), names), basename)
