"""The link of an invitation: whoever reads that mailbox accepts, with an account or by opening one."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.security.attempts import account_of
from matching.pages import attempt, see_other, show
from matching.people import queries, services
from matching.people.forms import AcceptForm
from matching.people.models import RoleRequest
from matching.people.portal.shared import tried

LINK_IS_OVER = 404


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def role_accept(request: HttpRequest, token: str) -> HttpResponse:
    """A button or a form accepts, because mail programs open links by themselves."""
    found = queries.by_token(token)
    if found is None:
        return show(request, "people/over.html", status=LINK_IS_OVER)
    known = account_of(found.email)
    if known is not None:
        return _with_account(request, found, known)
    return _anew(request, found)


def _with_account(request: HttpRequest, found: RoleRequest, known: User) -> HttpResponse:
    person = request.user
    context = {"found": found, "is_theirs": person == known, "here": request.get_full_path()}
    if request.method == "GET" or not isinstance(person, User) or person != known:
        return show(request, "people/accept_known.html", context)
    verb = partial(services.accept, actor=person, request_id=found.pk)
    done = _("You act for %(organisation)s from now on; please sign in again.")
    if attempt(request, verb, done=done % {"organisation": found.organisation}) is None:
        return see_other(request.get_full_path())
    return see_other(resolve_url("home"))


def _anew(request: HttpRequest, found: RoleRequest) -> HttpResponse:
    form = AcceptForm(request.POST if request.method == "POST" else None, initial={"name": found.name})
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        verb = partial(
            services.accept_anew, request_id=found.pk, name=typed["name"], password=typed["password"]
        )
        if tried(form, verb) is not None:
            messages.success(request, _("Your account is open: sign in with your e-mail address."))
            return see_other(resolve_url("account_login"))
    context = {"found": found, "form": form}
    return show(request, "people/accept_anew.html", context, status=422 if form.is_bound else 200)


urlpatterns = [path("people/invitation/<str:token>/", role_accept, name="role_accept")]
