"""Pages of sign-up: a firm asks to join, confirms its address, corrects; its city verifies or returns."""

from __future__ import annotations

import uuid
from functools import partial

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, resolve_url
from django.urls import path
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from matching.joining import access, queries, services
from matching.joining.forms import JoinForm, places
from matching.joining.models import PRIVACY_NOTICE, JoinRequest
from matching.joining.states import EDITABLE, JoinAction, JoinState
from matching.pages import PortalRequest, attempt, page, page_of, refuse_unless, see_other, show

LINK_IS_OVER = 404


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """The form for a firm; what comes after it is the same whether or not the firm is known."""
    if request.method == "GET":
        return _form(request, JoinForm())
    if "narrow" in request.POST:
        return _form(request, JoinForm(typed=request.POST))
    form = JoinForm(request.POST)
    if not form.is_valid():
        return _form(request, form, status=422)
    if not ratelimit.consume(request, action="join"):
        messages.error(request, _("Too many requests came from here. Please try again in an hour."))
        return _form(request, form, status=429)
    services.hand_in(values=form.values(), language=get_language() or "zh-hans")
    return see_other(resolve_url("join_sent"))


def _form(
    request: HttpRequest, form: JoinForm, *, status: int = 200, returned: JoinRequest | None = None
) -> HttpResponse:
    return show(request, "joining/form.html", {"form": form, "returned": returned}, status=status)


@require_GET
def join_places(request: HttpRequest) -> HttpResponse:
    """Cities and counties of a province, for the form."""
    province = request.GET.get("province", "")
    groups = places(province) if province.isdigit() and len(province) == 2 else places("-")
    return show(request, "joining/_places.html", {"groups": groups[1:]})


@require_GET
def join_sent(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return show(request, "joining/sent.html", {"days": queries.LINK_DAYS})


@require_http_methods(["GET", "POST"])
def join_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the first e-mail; a button confirms, because mail programs open links by themselves."""
    found = queries.by_token(token)
    if found is None or found.state != JoinState.UNCONFIRMED:
        return show(request, "joining/over.html", status=LINK_IS_OVER)
    if request.method == "GET":
        return show(request, "joining/confirm.html", {"found": found})
    attempt(request, partial(services.confirm, request_id=found.pk))
    return see_other(resolve_url("join_confirmed"))


@require_GET
def join_confirmed(request: HttpRequest) -> HttpResponse:
    """The request is with the office."""
    return show(request, "joining/confirmed.html")


@require_http_methods(["GET", "POST"])
def join_correct(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a returned request: the form with what was written and why it came back."""
    found = queries.by_token(token)
    if found is None or found.state not in EDITABLE:
        return show(request, "joining/over.html", status=LINK_IS_OVER)
    pk, form = found.pk, JoinForm(request=found)
    if request.method == "POST":
        if "narrow" in request.POST:
            return _form(request, JoinForm(typed=request.POST, request=found), returned=found)
        form = JoinForm(request.POST, request=found)
        if form.is_valid():
            attempt(request, partial(services.resubmit, request_id=pk, values=form.values()))
            return see_other(resolve_url("join_confirmed"))
    return _form(request, form, status=422 if form.is_bound else 200, returned=found)


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about people and firms, and why."""
    return show(request, "joining/privacy.html", {"version": PRIVACY_NOTICE})


@page("GET")
def join_queue(request: PortalRequest) -> HttpResponse:
    """Firms that wait for verification by the person's office, and those that were decided lately."""
    refuse_unless(access.verifies_firms(request.user))
    found = page_of(request, queries.waiting(request.user))
    decided = JoinRequest.objects.visible_to(request.user).exclude(state=JoinState.REQUESTED)
    return show(
        request,
        "joining/queue.html",
        {
            "page": found,
            "rows": queries.shown(found),
            "decided": queries.decided(decided),
        },
    )


@page("POST")
def join_act(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Verify a firm, or return its request with a reason."""
    found = get_object_or_404(JoinRequest.objects.visible_to(request.user), pk=pk)
    action = request.POST.get("action")
    if action == JoinAction.VERIFY:
        seen = request.POST.get("seen", "")
        verb = partial(services.verify, actor=request.user, request_id=found.pk, seen=seen)
    elif action == JoinAction.RETURN:
        reason = request.POST.get("reason", "")
        verb = partial(services.send_back, actor=request.user, request_id=found.pk, reason=reason)
    else:
        return HttpResponseBadRequest()
    attempt(request, verb, done=_("Done; the firm gets an e-mail."))
    return see_other(resolve_url("join_queue"))


urlpatterns = [
    path("join/", join, name="join"),
    path("join/places/", join_places, name="join_places"),
    path("join/sent/", join_sent, name="join_sent"),
    path("join/confirmed/", join_confirmed, name="join_confirmed"),
    path("join/confirm/<str:token>/", join_confirm, name="join_confirm"),
    path("join/correct/<str:token>/", join_correct, name="join_correct"),
    path("privacy/", privacy, name="privacy"),
    path("firms/requests/", join_queue, name="join_queue"),
    path("firms/requests/<uuid:pk>/", join_act, name="join_act"),
]
