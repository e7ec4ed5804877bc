"""Gaps, near misses and published lists as workbooks."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path

from matching.downloads import table
from matching.kinds import Label
from matching.pages import PortalRequest, page
from matching.runs import access, queries
from matching.runs.models import MatchingList
from matching.runs.queries import sheets
from matching.sheets.results import GAPS, LISTED, NEAR_MISSES


@page("GET")
def gaps_export(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """All gaps of a run."""
    run = get_object_or_404(queries.runs(request.user), pk=pk)
    return table(GAPS, sheets.gap_rows(request.user, run), Label("缺口清单", "Gaps"), run)


@page("GET")
def near_misses_export(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """All near misses of a run."""
    run = get_object_or_404(queries.runs(request.user), pk=pk)
    secrets = access.sees_secrets(request.user, run.round.chain_id)
    rows = sheets.near_miss_rows(request.user, run, secrets=secrets)
    return table(NEAR_MISSES, rows, Label("差一点清单", "Near misses"), run)


@page("GET")
def published_export(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """A published list as it was frozen."""
    visible = MatchingList.objects.visible_to(request.user).select_related("chain")
    published = get_object_or_404(visible, pk=pk)
    return table(LISTED, sheets.published_rows(published), Label("供需匹配清单", "Matching list"), published)


urlpatterns = [
    path("runs/<uuid:pk>/near-misses/export/", near_misses_export, name="near_misses_export"),
    path("runs/<uuid:pk>/gaps/export/", gaps_export, name="gaps_export"),
    path("published/<uuid:pk>/export/", published_export, name="published_export"),
]
