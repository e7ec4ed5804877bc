"""Problem documents (RFC 9457): one shape for every error."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any, cast
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as ModelError
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found
from drf_standardized_errors.formatter import ExceptionFormatter
from drf_standardized_errors.handler import exception_handler
from drf_standardized_errors.types import ErrorResponse, ExceptionHandlerContext
from rest_framework import exceptions, serializers, status
from rest_framework.response import Response

from accounts.audit.context import current
from accounts.keyring import Undecryptable
from matching.errors import Conflict, Forbidden, Invalid, Refusal
from matching.http.codes import in_both_languages
from matching.refusals import refusal_of

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
WHOLE, NON_FIELD = "__all__", "non_field_errors"
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


class Meaning(serializers.Serializer[Any]):
    """What a code means, in both languages."""

    zh = serializers.CharField()
    en = serializers.CharField()


class ProblemError(serializers.Serializer[Any]):
    """One thing that is wrong: where, which rule, and what to do."""

    field = serializers.CharField(
        help_text="Path of the field, for example requirements.0.low; null: the whole request.",
        allow_null=True,
    )
    pointer = serializers.CharField(
        help_text="JSON pointer into the body (RFC 6901, as a fragment), for example #/requirements/0/low; "
        "null: the fault is not at one place of a JSON body.",
        allow_null=True,
    )
    code = serializers.CharField(help_text="Stable; programs decide by it.")
    detail = serializers.CharField(help_text="In the reader's language.")
    meaning = Meaning(help_text="What the code means, in both languages.")


class Problem(serializers.Serializer[Any]):
    """RFC 9457 problem document."""

    type = serializers.URLField(help_text="A page that explains the code of the first error.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField(help_text="This very occurrence: a URN that ends with X-Request-ID.")
    errors = ProblemError(many=True)  # type: ignore[assignment]


class OutsideBody(exceptions.ValidationError):
    """400: what is wrong stands in the address or in a header, or in a body that is no JSON document."""


class ConflictResponse(exceptions.APIException):
    """409: somebody else was faster, or the state does not allow it."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"


class PreconditionFailed(exceptions.APIException):
    """412: the object is not the one that ``If-Match`` names."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "precondition_failed"


class PreconditionRequired(exceptions.APIException):
    """428: this service writes only with ``If-Match``."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_code = "precondition_required"


class KeyReused(exceptions.APIException):
    """422: the ``Idempotency-Key`` belongs to another request."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "idempotency_key_reused"


class StandingChanged(ConflictResponse):
    """409: an answer that was kept is not for who the person is by now."""

    default_code = "standing_changed"


class InProgress(ConflictResponse):
    """409: the same request is under way; ``wait`` becomes ``Retry-After``, in seconds."""

    default_code = "request_in_progress"
    wait = 1


class DataUnreadable(exceptions.APIException):
    """503: what is stored can't be opened, because a key is gone."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_code = "data_unreadable"


class ProblemFormatter(ExceptionFormatter):
    """Writes every error as a problem document."""

    def format_error_response(self, error_response: ErrorResponse) -> dict[str, Any]:
        """The body; ``detail`` is the first error's, ``errors`` has them all."""
        points = self._has_document()
        errors = [
            error_of(error.code, str(error.detail), field=error.attr, points=points)
            for error in error_response.errors
        ]
        return problem(int(getattr(self.exc, "status_code", 500)), errors)

    def _has_document(self) -> bool:
        """Whether fields are those of a JSON body."""
        request = self.context["request"]
        sent = request is not None and request.method in _WITH_BODY and _is_json(request.content_type)
        return sent and not isinstance(self.exc, OutsideBody)


def _is_json(content_type: str | None) -> bool:
    return (content_type or "").partition(";")[0].strip().lower() == "application/json"


def error_of(code: str, detail: str, *, field: str | None = None, points: bool = False) -> dict[str, Any]:
    """One entry of ``errors``; ``points``: the field is one of a JSON document that the client has sent."""
    steps = [step for step in (field or "").split(".") if step and step != NON_FIELD]
    return {
        "field": ".".join(steps) or None,
        "pointer": pointer_to(steps) if points and steps else None,
        "code": code,
        "detail": detail,
        "meaning": in_both_languages(code),
    }


def pointer_to(steps: Iterable[str]) -> str:
    """A JSON pointer (RFC 6901, section 6)."""
    escaped = (step.replace("~", "~0").replace("/", "~1") for step in steps)
    return "#" + "".join(f"/{quote(step, safe='~')}" for step in escaped)


def problem(code: int, errors: list[dict[str, Any]]) -> dict[str, Any]:
    """The document for a status and its errors."""
    kind = errors[0]["code"] if errors else "error"
    return {
        "type": settings.SITE_URL + reverse("problem", args=[kind]),
        "title": title(code),
        "status": code,
        "detail": errors[0]["detail"] if errors else "",
        "instance": f"urn:chainmatch:request:{current().request_id}",
        "errors": errors,
    }


def title(code: int) -> str:
    """Words for a status, in the reader's language."""
    titles = {
        400: _("The request has faults."),
        401: _("Please sign in."),
        403: _("This is not allowed."),
        404: _("Not found."),
        405: _("This method is not allowed here."),
        406: _("This form of answer is not available."),
        409: _("The present state does not allow this."),
        410: _("There is nothing to read on from."),
        412: _("The condition of the request does not hold."),
        415: _("This Content-Type is not read here."),
        422: _("This key belongs to another request."),
        428: _("This needs the header If-Match."),
        429: _("Too many requests."),
        503: _("This can't be read now."),
    }
    return titles.get(code, _("Something went wrong on our side."))


def as_api_exception(refusal: Refusal) -> exceptions.APIException:
    """The framework's exception that says the same as a domain refusal."""
    if isinstance(refusal, Conflict):
        return ConflictResponse(refusal.message, code=refusal.code)
    if isinstance(refusal, Forbidden):
        return exceptions.PermissionDenied(refusal.message, code=refusal.code)
    if isinstance(refusal, Invalid):
        return exceptions.ValidationError(_coded(refusal), code=refusal.code)
    return exceptions.ValidationError(refusal.message, code=refusal.code)


def _coded(refusal: Invalid) -> dict[str, Any]:
    return {
        name: [exceptions.ErrorDetail(text, getattr(text, "code", refusal.code)) for text in texts]
        for name, texts in _fields(dict(refusal.fields)).items()
    }


def _fields(messages: dict[str, Any]) -> dict[str, Any]:
    return {(NON_FIELD if name == WHOLE else name): texts for name, texts in messages.items()}


def _of_model(errors: Iterable[ModelError]) -> list[exceptions.ErrorDetail]:
    told = ((text, error.code) for error in errors for text in error.messages)
    return [exceptions.ErrorDetail(text, code or "invalid") for text, code in told]


def _translated(exc: Exception) -> Exception:
    """What the database and the models refuse is the request's fault, not ours."""
    if isinstance(exc, Refusal):
        return as_api_exception(exc)
    if isinstance(exc, PermissionDenied):
        return exceptions.PermissionDenied(str(exc) or None)
    if isinstance(exc, ModelError):
        if not hasattr(exc, "error_dict"):
            return exceptions.ValidationError(_of_model(exc.error_list))
        fields = _fields(exc.error_dict)
        return exceptions.ValidationError({name: _of_model(errors) for name, errors in fields.items()})
    if isinstance(exc, Undecryptable):
        return unreadable(exc)
    refusal = refusal_of(exc)
    return exc if refusal is None else as_api_exception(refusal)


def unreadable(exc: Undecryptable) -> DataUnreadable:
    """What people are told of a key that is gone; the operator reads in the log which."""
    log.error("stored data can't be read: %s", exc)
    return DataUnreadable(
        _("The server lacks a key for what it has stored; its operator has to bring it back.")
    )


def problem_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """The framework's exception handler: every refusal becomes ``application/problem+json``."""
    response = exception_handler(_translated(exc), cast(ExceptionHandlerContext, context))
    if response is not None:
        response.content_type = MEDIA_TYPE
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """404 of addresses that lead nowhere: a problem document below ``/api/``, a page elsewhere."""
    if not request.path.startswith("/api/"):
        return page_not_found(request, exception)
    errors = [error_of("not_found", str(exceptions.NotFound().detail))]
    return JsonResponse(problem(404, errors), status=404, content_type=MEDIA_TYPE)
