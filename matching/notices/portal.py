"""Pages of notices."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import path

from matching.notices import services
from matching.notices.models import Notice
from matching.pages import PortalRequest, back, page, page_of, show


@page("GET")
def notice_list(request: PortalRequest) -> HttpResponse:
    """What the person was told, newest first."""
    return show(
        request,
        "notices/notice_list.html",
        {"page": page_of(request, Notice.objects.visible_to(request.user))},
    )


@page("POST")
def notices_read(request: PortalRequest) -> HttpResponse:
    """All notices become read."""
    services.mark_read(user=request.user)
    return back(request, "notice_list")


urlpatterns = [
    path("notices/", notice_list, name="notice_list"),
    path("notices/read/", notices_read, name="notices_read"),
]
