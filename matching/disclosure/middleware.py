"""One ledger a request, stored when its answer is made."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable, Iterable, Iterator
from functools import partial
from typing import cast

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse

from accounts.models import User
from matching.disclosure.models import Via
from matching.disclosure.services import Ledger, gathering, store


class DisclosureMiddleware:
    """Notes who saw what, after authentication. Where nothing of others' was shown nothing is written."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        ledger: Ledger = {}
        with gathering(ledger):
            response = self.get_response(request)
        # A token's owner is known only now: the API sets the request's user when it has read the token.
        if response.status_code >= 400 or not isinstance(request.user, User):
            return response
        reader, via = request.user, _via(request, response)
        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            parts: Iterable[bytes] | AsyncIterable[bytes] = response.streaming_content
            response.streaming_content = _while_streaming(
                cast(Iterable[bytes], parts), ledger, partial(store, ledger, reader, via)
            )
        else:
            store(ledger, reader, via)
        return response


def _while_streaming(parts: Iterable[bytes], ledger: Ledger, finish: Callable[[], None]) -> Iterator[bytes]:
    """The parts of an answer that is made while it is sent; also one that breaks off is noted."""
    source = iter(parts)
    try:
        while True:
            with gathering(ledger):
                part = next(source, None)
            if part is None:
                return
            yield part
    finally:
        finish()


def _via(request: HttpRequest, response: HttpResponse) -> Via:
    if request.path.startswith("/api/"):
        return Via.API
    if request.path.startswith("/admin/"):
        return Via.ADMIN
    attached = response.headers.get("Content-Disposition", "").startswith("attachment")
    return Via.DOWNLOAD if attached else Via.PAGE
