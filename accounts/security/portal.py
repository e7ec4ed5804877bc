"""Pages: one's own sign-ins; the settings of the installation."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.permits import Act
from accounts.permits.rows import INSTALLATION
from accounts.security.queries import installation, open_sessions
from accounts.security.services import end_session, end_sessions
from accounts.security.sessions import digest_of

OTHERS = "others"


@login_required
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """Every browser in which one is signed in."""
    context = {"sessions": open_sessions(_person(request)), "here": _here(request)}
    return render(request, "accounts/sessions.html", context)


@login_required
@require_POST
def session_end(request: HttpRequest) -> HttpResponse:
    """End one of one's sessions, or all but this one."""
    named = request.POST.get("session", "")
    if named == OTHERS:
        done = end_sessions(user=_person(request), but=_here(request)) > 0
    else:
        done = end_session(user=_person(request), digest=named)
    if done:
        messages.success(request, _("Signed out there."))
    return _see_other("session_list")


@login_required
@require_safe
def system(request: HttpRequest) -> HttpResponse:
    """What this installation is set to, for the system administrator; no secret among it."""
    _refuse_unless(INSTALLATION.allows(_person(request), Act.VIEW))
    return render(request, "accounts/system.html", {"facts": installation()})


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _here(request: HttpRequest) -> str:
    return digest_of(request.session.session_key or "")


def _see_other(name: str) -> HttpResponseRedirect:
    answer = HttpResponseRedirect(reverse(name))
    answer.status_code = 303
    return answer


def _refuse_unless(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


urlpatterns = [
    path("accounts/sessions/", sessions, name="session_list"),
    path("accounts/sessions/end/", session_end, name="session_end"),
    path("security/system/", system, name="system_settings"),
]
