"""The page of what a line would find now, beside what it found in the last run."""

from __future__ import annotations

import uuid
from functools import partial

from django.http import Http404, HttpResponse
from django.urls import path

from matching.disclosure.services import saw
from matching.lists.models import DemandLine, SupplyLine
from matching.pages import PortalRequest, attempt, page, show
from matching.runs import access
from matching.runs.queries import firm_names
from matching.runs.services.compared import compare_line

SHOWN = 200


@page("GET")
def line_compared(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Matches that a changed line gains and loses against the last matching of its chain."""
    line = _line(request, pk)
    if not access.sees_results(request.user, line.chain_id):
        raise Http404
    saw([line])
    compared = attempt(request, partial(compare_line, actor=request.user, line=line))
    rows = compared.rows[:SHOWN] if compared else ()
    context = {
        "line": line,
        "route": "demand_detail" if isinstance(line, DemandLine) else "supply_detail",
        "compared": compared,
        "rows": rows,
        "firms": firm_names(key for row in rows for key in (row.demand_key, row.supply_key)),
    }
    return show(request, "runs/line_compared.html", context)


def _line(request: PortalRequest, pk: uuid.UUID) -> DemandLine | SupplyLine:
    for model in (DemandLine, SupplyLine):
        seen = model.objects.visible_to(request.user).select_related("organisation", "chain")
        if (line := seen.filter(pk=pk).first()) is not None:
            return line
    raise Http404


urlpatterns = [path("lines/<uuid:pk>/compared/", line_compared, name="line_compared")]
