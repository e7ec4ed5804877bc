"""Every request has an id, and what it writes is its person's doing."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse

from accounts.audit.context import Acting, asking

HEADER = "X-Request-ID"
SAFE = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestMiddleware:
    """Takes ``X-Request-ID`` or makes one, answers with it, and knows who acts whenever something is written.

    Stands first. Views of the API learn only on the way whose token it is, so the person is asked for late.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        request_id = given if SAFE.fullmatch(given) else uuid.uuid4().hex
        with asking(_Asked(request, request_id)):
            response = self.get_response(request)
        response.headers[HEADER] = request_id
        return response


class _Asked:
    """Who stands behind a request, as far as it is known by now."""

    def __init__(self, request: HttpRequest, request_id: str) -> None:
        self._request = request
        self._request_id = request_id
        self._looking = False

    def __call__(self) -> Acting:
        if self._looking:  # finding the person wrote something itself
            return Acting(request_id=self._request_id)
        self._looking = True
        try:
            user = getattr(self._request, "user", None)
            if not isinstance(user, AbstractBaseUser) or user.pk is None:
                return Acting(request_id=self._request_id)
            return _acting(self._request, int(user.pk), self._request_id)
        finally:
            self._looking = False


def _acting(request: HttpRequest, actor_id: int, request_id: str) -> Acting:
    credential = getattr(request, "auth", None)
    if credential is None:
        return Acting(actor_id, "session", "", request_id)
    return Acting(actor_id, credential.via, credential.id, request_id)
