"""ETags: what a reader's copy of an object is worth (RFC 9110, section 13)."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.http import HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from matching.http.problems import PreconditionFailed, PreconditionRequired

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
OVERWRITES = frozenset({"PUT", "PATCH", "DELETE"})
VARY = ("Accept-Language", "Authorization", "Cookie")
_KEPT = ("ETag", "Vary", "Cache-Control", "Content-Language")


def expected(view: Any, request: Request) -> list[str] | None:
    """ETags that a write names, None where it names none.

    Raises ``PreconditionRequired``, ``PreconditionFailed``.
    """
    if request.method not in WRITES:
        return None
    written = request.headers.get("If-Match")
    if written is not None:
        return _strong(written)
    if request.method in OVERWRITES and represents(view) and settings.API_IF_MATCH == "required":
        raise PreconditionRequired(_("Send the ETag of the object as you read it in the header If-Match."))
    return None


def _strong(written: str) -> list[str]:
    """The ETags of ``If-Match`` that can be compared. Raises ``PreconditionFailed`` where there is none."""
    etags = [etag for etag in parse_etags(written) if not etag.startswith("W/")]
    if not etags:
        told = _("If-Match has no strong ETag: send it in quotation marks, without W/ before them.")
        raise PreconditionFailed(told, code="weak_etag")
    return etags


def represents(view: Any) -> bool:
    """Whether the address has an object with an ETag."""
    by_id = bool(getattr(view, "detail", False)) and hasattr(view, "retrieve")
    return by_id or bool(getattr(view, "is_one_object", False))


def check(view: Any, request: Request, etags: list[str]) -> None:
    """Compare the object as this reader would see it now. Raises ``PreconditionFailed``.

    Stands inside the transaction that writes; ``guarding`` sees to it that nobody else can write between.
    """
    if not represents(view):
        raise PreconditionFailed(_("This address has no ETag; leave If-Match out."), code="no_etag")
    if etag_of(_now(view, request)) not in etags and etags != ["*"]:
        raise PreconditionFailed(_("The object has changed since you read it; please read it again."))


def _now(view: Any, request: Request) -> Response:
    """The answer to GET, or what ``represent`` of a view says where its writers read the object elsewhere."""
    action = view.action
    try:
        if hasattr(view, "represent"):
            response = view.represent(request, **view.kwargs)
        else:
            view.action = "retrieve"
            response = view.retrieve(request, **view.kwargs)
    finally:
        view.action = action
    return view.finalize_response(request, response).render()  # type: ignore[no-any-return]


def etag_of(response: Any) -> str:
    """A strong ETag of a rendered answer: a hash of the very bytes."""
    return f'"{hashlib.sha256(response.content).hexdigest()[:40]}"'


def mark(request: Request, response: HttpResponseBase) -> HttpResponseBase:
    """Give an answer its ETag unless it brings one; 304 where the reader has these bytes already."""
    patch_vary_headers(response, VARY)
    if not 200 <= response.status_code < 300:
        return response
    reads = request.method in ("GET", "HEAD")
    if isinstance(response, Response) and (reads or getattr(response, "represents", False)):
        response.headers["ETag"] = etag_of(response.render())
    etag = response.headers.get("ETag")
    known = [item.removeprefix("W/") for item in parse_etags(request.headers.get("If-None-Match", ""))]
    if not reads or etag is None or (etag not in known and known != ["*"]):
        return response
    headers = {name: response.headers[name] for name in _KEPT if name in response.headers}
    return HttpResponseNotModified(headers=headers)
