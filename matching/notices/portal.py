"""Pages of notices and of how one wants to be told."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import resolve_url
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from matching.notices import services
from matching.notices.forms import SettingsForm
from matching.notices.models import Notice
from matching.pages import PortalRequest, back, page, page_of, see_other, show


@page("GET")
def notice_list(request: PortalRequest) -> HttpResponse:
    """What the person was told, newest first; all of it or the unread."""
    notices = Notice.objects.visible_to(request.user).order_by("-created_at", "pk")
    unread = "unread" in request.GET
    found = page_of(request, notices.filter(read_at=None) if unread else notices)
    return show(request, "notices/notice_list.html", {"page": found, "only_unread": unread})


@page("POST")
def notices_read(request: PortalRequest) -> HttpResponse:
    """All notices become read."""
    services.mark_read(user=request.user)
    return back(request, "notice_list")


@page("GET", "POST")
def notice_settings(request: PortalRequest) -> HttpResponse:
    """How one wants to be told of what."""
    form = SettingsForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        services.choose(user=request.user, wishes=form.wishes())
        messages.success(request, _("Saved."))
        return see_other(resolve_url("notice_settings"))
    return show(request, "notices/settings.html", {"form": form}, status=422 if form.is_bound else 200)


@csrf_exempt
def notice_unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link of a letter leads: no e-mails any more, without signing in.

    A mail program posts here by itself (RFC 8058), so the signed token stands for the form's.
    """
    if request.method not in {"GET", "POST"}:
        return HttpResponseNotAllowed(["GET", "POST"])
    person = services.person_of(token)
    if person is None:
        raise Http404
    if request.method == "POST":
        services.end_mail(user=person)
    return show(request, "notices/unsubscribe.html", {"ended": request.method == "POST"})


urlpatterns = [
    path("notices/", notice_list, name="notice_list"),
    path("notices/read/", notices_read, name="notices_read"),
    path("notices/settings/", notice_settings, name="notice_settings"),
    path("notices/unsubscribe/<str:token>/", notice_unsubscribe, name="notice_unsubscribe"),
]
