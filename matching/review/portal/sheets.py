"""A run's matches and decisions as workbooks."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path

from matching.downloads import table
from matching.kinds import Label
from matching.pages import PortalRequest, page
from matching.review.queries import sheets
from matching.runs import access as run_access
from matching.runs import queries as run_queries
from matching.sheets.results import DECISIONS, MATCHES

_TOLD = frozenset({"conditions", "questions"})


@page("GET")
def matches_export(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """All matches of a run with what was decided; conditions where there are not too many."""
    run = get_object_or_404(run_queries.runs(request.user), pk=pk)
    matches = sheets.matches_of(request.user, run)
    told = matches.count() <= sheets.MOST_TOLD
    columns = [column for column in MATCHES if told or column.name not in _TOLD]
    secrets = run_access.sees_secrets(request.user, run.round.chain_id)
    rows = sheets.match_rows(matches, secrets=secrets, told=told)
    return table(columns, rows, Label("匹配清单", "Matches"), run)


@page("GET")
def decisions_export(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Every decision on pairs of the run's round, with who, when and why."""
    run = get_object_or_404(run_queries.runs(request.user), pk=pk)
    rows = sheets.decision_rows(request.user, run)
    return table(DECISIONS, rows, Label("处理记录", "Decisions"), run)


urlpatterns = [
    path("runs/<uuid:pk>/matches/export/", matches_export, name="matches_export"),
    path("runs/<uuid:pk>/decisions/export/", decisions_export, name="decisions_export"),
]
