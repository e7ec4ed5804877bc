"""Pages of a server that lacks a key for what it has stored."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.keyring import Undecryptable
from matching.http.problems import unreadable


class UnreadableMiddleware:
    """Answers 503 in words; operations of the API answer with a problem document of their own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page, for a value that can't be opened; anything else is not ours."""
        if not isinstance(exception, Undecryptable):
            return None
        return render(request, "503.html", {"told": unreadable(exception).detail}, status=503)
