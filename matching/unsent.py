"""What a form sent after its session had ended: kept until the same person has signed in again.

A signed cookie tells who was signed in last in this browser: the session that knew has ended.
"""

from __future__ import annotations

import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

MOST_KEPT = 100_000
"""Characters of a form; a longer one is not kept."""
KEPT_SECONDS = 1800
_NAME = "unsent"
_COOKIE = "writer"
_SALT = "matching.unsent"
_TOKEN = "csrfmiddlewaretoken"


def tell_writer(request: HttpRequest, answer: HttpResponse) -> None:
    """Let the browser say later who was signed in when this page was shown."""
    writer = str(request.user.pk)
    if _writer(request) != writer:
        answer.set_signed_cookie(
            _COOKIE, writer, _SALT, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )


def _writer(request: HttpRequest) -> str | None:
    told: str | None = request.get_signed_cookie(_COOKIE, None, _SALT)
    return told


def keep(request: HttpRequest) -> None:
    """Remember a form that nobody is signed in for any more. Files are not kept.

    Side effects: the visitor's session, which signing in takes over.
    """
    writer = _writer(request)
    if request.method != "POST" or request.FILES or writer is None:
        return
    fields = request.POST.copy()
    fields.pop(_TOKEN, None)
    written = fields.urlencode()
    if len(written) <= MOST_KEPT:
        request.session[_NAME] = [request.get_full_path(), written, int(time.time()), writer]


def offered(request: HttpRequest) -> HttpResponse | None:
    """The page that offers to send the kept form of this address to the person who filled it in.

    None where there is none. Offered once.
    """
    path, written, since, writer = request.session.get(_NAME) or ("", "", 0, "")
    if request.method != "GET" or path != request.get_full_path():
        return None
    del request.session[_NAME]
    if writer != str(request.user.pk) or time.time() - since > KEPT_SECONDS:
        return None
    fields = [(name, value) for name, values in QueryDict(written).lists() for value in values]
    return render(request, "matching/unsent.html", {"fields": fields, "path": path})
