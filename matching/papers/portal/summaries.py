"""Pages of the summary of a meeting, or of a chain and period: figures, rows, and both as files."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone

from matching.disclosure.services import saw_pairs
from matching.meetings.models import SigningMeeting
from matching.pages import PortalRequest, page, page_of, refuse_unless, show
from matching.papers import access, services
from matching.papers.forms import SummaryFilter
from matching.papers.queries import summary
from matching.papers.queries.summary import Extent


@page("GET")
def meeting_summary(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """What a meeting came to."""
    visible = SigningMeeting.objects.visible_to(request.user).select_related("chain", "venue")
    meeting = get_object_or_404(visible, pk=pk)
    if not access.sees_summary(request.user, meeting.chain_id):
        raise Http404
    return _answer(request, Extent(meeting=meeting), {"meeting": meeting})


@page("GET")
def chain_summary(request: PortalRequest) -> HttpResponse:
    """What chains came to in a month, quarter or year."""
    refuse_unless(access.sees_summaries(request.user))
    chains = access.summed_chains(request.user)
    filters = SummaryFilter(request.GET, chains=chains, today=timezone.localdate())
    chosen = filters.chosen()
    return _answer(request, summary.extent_of(request.user, **chosen), {"filters": filters})


def _answer(request: PortalRequest, extent: Extent, context: Mapping[str, Any]) -> HttpResponse:
    if form := request.GET.get("download"):
        if form in ("figures.docx", "figures.pdf"):
            return services.figures_file(extent, form.removeprefix("figures."))
        if form not in services.FORMS:
            raise Http404
        return services.summed(extent, form)
    found = page_of(request, extent.pairs())
    rows: Any = found.object_list
    pairs = list(summary.with_talks(extent, rows))
    saw_pairs(pairs)
    told, groups = summary.figures(extent)
    names = summary.group_names(extent, groups) if len(groups) > 1 else {}
    return show(
        request,
        "papers/summary.html",
        {
            **context,
            "title": summary.title_of(extent),
            "by_city": extent.by_city,
            "indicators": summary.indicators(told),
            "kinds": told.kinds,
            "groups": summary.group_cells(groups, names) if names else [],
            "page": found,
            "lines": list(summary.lines(pairs)),
        },
    )


urlpatterns = [
    path("meetings/<uuid:pk>/summary/", meeting_summary, name="meeting_summary"),
    path("summaries/", chain_summary, name="chain_summary"),
]
