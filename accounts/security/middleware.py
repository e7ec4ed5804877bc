"""What is asked of every request of a session, and the headers of every answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.security.duties import Duty, pending

Handler = Callable[[HttpRequest], HttpResponse]
API_PREFIX = "/api/"
POLLED = frozenset({"overview_wall", "upload_progress", "run_progress"})
"""Routes that pages ask again and again by themselves: they are no sign that anybody is there."""
OPEN_WHILE_PENDING = frozenset(
    {"account_logout", "account_reauthenticate", "choose_language", "favicon", "health"}
)
PERMISSIONS = "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()"


class HeadersMiddleware:
    """Headers that Django has no setting for."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response


class SessionLimitsMiddleware:
    """Idle and longest time of a session, and what its person must do before anything else."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if isinstance(request.user, User) and (match is None or match.url_name not in POLLED):
            request.session.touch()  # type: ignore[attr-defined]
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Lead to the page of a pending duty."""
        # With its namespace: the admin's pages about second factors are called mfa_… within theirs.
        name = request.resolver_match.view_name if request.resolver_match else ""
        if not isinstance(request.user, User) or name in OPEN_WHILE_PENDING:
            return None
        duty = pending(request.user)
        if duty is None or name == duty.route or any(name.startswith(start) for start in duty.beside):
            return None
        return _refused(duty) if request.path.startswith(API_PREFIX) else _led(request, duty)


def _led(request: HttpRequest, duty: Duty) -> HttpResponse:
    target = reverse(duty.route)
    messages.warning(request, duty.words)
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def _refused(duty: Duty) -> HttpResponse:
    problem = {
        "type": "about:blank",
        "title": _("Something has to be done first"),
        "status": 403,
        "code": duty.code,
        "detail": duty.words,
    }
    return JsonResponse(problem, status=403, content_type="application/problem+json")
