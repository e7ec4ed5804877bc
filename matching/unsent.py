"""What a form sent after its session had ended: kept until the person has signed in again."""

from __future__ import annotations

import time

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

MOST_KEPT = 100_000
"""Characters of a form; a longer one is not kept."""
KEPT_SECONDS = 1800
_NAME = "unsent"
_TOKEN = "csrfmiddlewaretoken"


def keep(request: HttpRequest) -> None:
    """Remember a form that nobody was signed in for. Files are not kept.

    Side effects: the visitor's session, which signing in takes over.
    """
    if request.method != "POST" or request.FILES:
        return
    fields = request.POST.copy()
    fields.pop(_TOKEN, None)
    written = fields.urlencode()
    if len(written) <= MOST_KEPT:
        request.session[_NAME] = [request.get_full_path(), written, int(time.time())]


def offered(request: HttpRequest) -> HttpResponse | None:
    """The page that offers to send the kept form of this address; None where there is none. Offered once."""
    path, written, since = request.session.get(_NAME) or ("", "", 0)
    if request.method != "GET" or path != request.get_full_path():
        return None
    del request.session[_NAME]
    if time.time() - since > KEPT_SECONDS:
        return None
    fields = [(name, value) for name, values in QueryDict(written).lists() for value in values]
    return render(request, "matching/unsent.html", {"fields": fields, "path": path})
