"""The wall screen (大屏): one page of large figures that keeps itself up to date."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone

from matching.overview import access, queries
from matching.overview.charts import find, share
from matching.overview.figures import read
from matching.overview.forms import ScopeFilter
from matching.overview.portal import told
from matching.overview.portal.mapped import places
from matching.pages import PortalRequest, page, refuse_unless, show


@page("GET")
def overview_wall(request: PortalRequest) -> HttpResponse:
    """All chains of the person, or one of them; counts and shares only, no firm is named."""
    refuse_unless(access.sees_overview(request.user))
    chains = access.overview_chains(request.user)
    filters = ScopeFilter(request.GET, user=request.user, chains=chains)
    scope = queries.scope_of(request.user, chain=filters.chosen()["chain"])
    figures = read(scope)
    charts = told.charts(figures)
    return show(
        request,
        "overview/wall.html",
        {
            "figures": figures,
            "map": places(figures),
            "coverage": share(figures.covered.covered, figures.covered.demands),
            "charts": {chart.key.replace("-", "_"): chart for chart in charts},
            "main": find(charts, "coverage") or find(charts, "demand-lines"),
            "chains": chains,
            "leave_url": told.address(scope, "overview"),
            "now": timezone.now(),
        },
    )
