"""The switch between languages and one's own data; signing in and out are allauth's pages in our design."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render, resolve_url
from django.urls import path
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import personal
from accounts.models import User
from accounts.security import portal as security
from accounts.security.renewal import ask_again
from accounts.services import choose_language

YEAR_SECONDS = 365 * 24 * 3600


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language in a cookie and, of somebody signed in, with the account."""
    wanted = request.POST.get("language", "")
    response = HttpResponseRedirect(_next(request))
    if wanted in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            wanted,
            max_age=YEAR_SECONDS,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
        if isinstance(request.user, User):
            choose_language(user=request.user, language=wanted)
    return response


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else resolve_url("home")


@login_required
@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """What is kept about oneself, to be taken along or erased."""
    return _my_data(request)


@login_required
@require_safe
def my_data_download(request: HttpRequest) -> HttpResponse:
    """Everything about oneself as a JSON file."""
    told = personal.told(cast(User, request.user))
    name = f"chainmatch-{timezone.localdate():%Y-%m-%d}.json"
    return JsonResponse(
        told,
        json_dumps_params={"ensure_ascii": False, "indent": 1},
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@login_required
@require_POST
def my_data_erase(request: HttpRequest) -> HttpResponse:
    """Erase one's account for good; one's user name has to be typed."""
    person = cast(User, request.user)
    if not personal.may_erase(person):
        raise PermissionDenied
    if request.POST.get("username", "").strip() != person.username:
        return _my_data(request, problem=_("This is not your user name."), status=422)
    ask_again(request)
    personal.erase(person)
    logout(request)
    return HttpResponseRedirect(resolve_url("account_login"))


def _my_data(request: HttpRequest, problem: str = "", status: int = 200) -> HttpResponse:
    person = cast(User, request.user)
    context = {"person": person, "problem": problem, "may_erase": personal.may_erase(person)}
    return render(request, "accounts/my_data.html", context, status=status)


urlpatterns = [
    path("language/", language, name="choose_language"),
    path("me/data/", my_data, name="my_data"),
    path("me/data/download/", my_data_download, name="my_data_download"),
    path("me/data/erase/", my_data_erase, name="my_data_erase"),
    *security.urlpatterns,
]
