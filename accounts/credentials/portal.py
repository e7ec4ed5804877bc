"""The page of credentials: one's own tokens, one's organisations' applications, how to use them.

A secret is shown in the answer to the form that made it and stored nowhere, not even in the session: loading
that page again makes another one, which its list then shows.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from accounts.credentials import access, services
from accounts.credentials.forms import ApplicationForm, RotationForm, TokenForm
from accounts.credentials.models import Application, PersonalToken
from accounts.models import User
from accounts.security.renewal import ask_again

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, User, P], HttpResponse]


def _of_person(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Hands the signed-in person to the view."""

    @wraps(view)
    def of_person(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return view(request, cast(User, request.user), *args, **kwargs)

    return cast(Callable[Concatenate[HttpRequest, P], HttpResponse], login_required(of_person))


@require_safe
@_of_person
def api_access(request: HttpRequest, person: User) -> HttpResponse:
    """Tokens, applications, how to use them."""
    return _page(request, person)


def _page(request: HttpRequest, person: User, status: int = 200, **more: Any) -> HttpResponse:
    applications = Application.objects.visible_to(person).prefetch_related("secrets")
    listed = applications.select_related("organisation", "user", "created_by")
    context = {
        "tokens": PersonalToken.objects.visible_to(person),
        "applications": [(one, access.may_manage(person, one)) for one in listed],
        "manages": bool(person.granting_memberships),
        "token_form": TokenForm(),
        "application_form": ApplicationForm(person=person),
        "rotation_form": RotationForm(),
        "api_root": request.build_absolute_uri("/api/v1/"),
        "token_endpoint": request.build_absolute_uri(resolve_url("oauth2_provider:token")),
        **more,
    }
    return render(request, "accounts/credentials/page.html", context, status=status)


@require_POST
@_of_person
@sensitive_variables("secret")
def token_create(request: HttpRequest, person: User) -> HttpResponse:
    """Make a token and show it once."""
    form = TokenForm(request.POST)
    if form.is_valid():
        ask_again(request)
        try:
            made, secret = services.make_token(actor=person, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _page(request, person, status=201, made=made, secret=secret)
    return _page(request, person, status=422, token_form=form)


@require_POST
@_of_person
def token_revoke(request: HttpRequest, person: User, pk: uuid.UUID) -> HttpResponse:
    """Revoke one's own token."""
    try:
        services.revoke_token(actor=person, token_id=pk)
    except PersonalToken.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("The token is revoked."))
    return _back()


@require_POST
@_of_person
@sensitive_variables("secret")
def application_create(request: HttpRequest, person: User) -> HttpResponse:
    """Make an application and show its secret once."""
    form = ApplicationForm(request.POST, person=person)
    if form.is_valid():
        ask_again(request)
        try:
            made, secret = services.make_application(actor=person, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _page(request, person, status=201, made=made, secret=secret)
    return _page(request, person, status=422, application_form=form)


@require_POST
@_of_person
@sensitive_variables("secret")
def application_rotate(request: HttpRequest, person: User, client_id: str) -> HttpResponse:
    """Make a new secret and show it once."""
    form = RotationForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["overlap_days"])))
        return _back()
    get_object_or_404(Application.objects.visible_to(person), client_id=client_id)
    ask_again(request)
    try:
        made, secret = services.rotate_secret(actor=person, client_id=client_id, **form.cleaned_data)
    except Application.DoesNotExist as error:
        raise Http404 from error
    return _page(request, person, status=201, made=made, secret=secret)


@require_POST
@_of_person
def application_revoke(request: HttpRequest, person: User, client_id: str) -> HttpResponse:
    """End an application."""
    try:
        services.revoke_application(actor=person, client_id=client_id)
    except Application.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("The application is revoked."))
    return _back()


def _back() -> HttpResponseRedirect:
    answer = HttpResponseRedirect(resolve_url("api_access"))
    answer.status_code = 303
    return answer


urlpatterns = [
    path("account/api/", api_access, name="api_access"),
    path("account/api/tokens/", token_create, name="token_create"),
    path("account/api/tokens/<uuid:pk>/revoke/", token_revoke, name="token_revoke"),
    path("account/api/applications/", application_create, name="application_create"),
    path("account/api/applications/<slug:client_id>/rotate/", application_rotate, name="application_rotate"),
    path("account/api/applications/<slug:client_id>/revoke/", application_revoke, name="application_revoke"),
]
