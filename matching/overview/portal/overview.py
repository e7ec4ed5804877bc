"""Figures per chain and city, the rows behind them, and their downloads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models.functions import Substr
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.disclosure.services import saw
from matching.overview import access, queries, workbook
from matching.overview.charts import find, share
from matching.overview.cities import city_names
from matching.overview.figures import read
from matching.overview.forms import RowsFilter, ScopeFilter
from matching.overview.portal import told
from matching.overview.portal.mapped import places
from matching.overview.queries import Wanted
from matching.pages import PortalRequest, page, page_of, refuse_unless, show
from matching.templatetags.portal import percent

MOST_ROWS = 100_000
"""Rows of one download."""
AT_A_TIME = 2_000
"""Rows of a download that are in memory at once."""


@page("GET")
def overview(request: PortalRequest) -> HttpResponse:
    """Figures of the person's chains, or of one chain by city."""
    refuse_unless(access.sees_overview(request.user))
    filters = ScopeFilter(request.GET, user=request.user, chains=access.overview_chains(request.user))
    scope = queries.scope_of(request.user, **filters.chosen())
    figures = read(scope)
    charts = told.charts(figures)
    if key := request.GET.get("download"):
        chart = find(charts, key)
        if chart is None:
            raise Http404
        return workbook.of_chart(chart)
    return show(
        request,
        "overview/overview.html",
        {
            "filters": filters,
            "figures": figures,
            "map": places(figures),
            "charts": charts,
            "rows_url": told.address(scope),
            "coverage": share(figures.covered.covered, figures.covered.demands),
            "wall_url": told.address(scope, "overview_wall", city="", round=""),
            "now": timezone.now(),
        },
    )


@page("GET")
def overview_rows(request: PortalRequest) -> HttpResponse:
    """The lines behind a figure, or all of them as a workbook."""
    refuse_unless(access.sees_overview(request.user))
    filters = RowsFilter(request.GET, user=request.user, chains=access.overview_chains(request.user))
    scope = queries.scope_of(request.user, **filters.chosen())
    asked = filters.cleaned_data
    wanted = Wanted(
        side=asked.get("side") or "demand",
        state=asked.get("state", ""),
        show=asked.get("show", ""),
        node=asked.get("node"),
        unit=asked.get("unit", ""),
    )
    lines = queries.behind(scope, wanted)
    if "download" in request.GET:
        return _download(lines, wanted)
    found = page_of(request, lines)
    saw(found)
    return show(
        request,
        "overview/rows.html",
        {
            "filters": filters,
            "page": found,
            "side": wanted.side,
            "back_url": told.address(scope, "overview"),
            "regions": city_names({line.organisation.region[:4] for line in found}),
            "too_many": _exceeds(lines, found.paginator),
            "most": MOST_ROWS,
        },
    )


def _exceeds(lines: Any, paginator: Any) -> bool:
    """Whether a download leaves lines out; the paginator counts no further than its own limit."""
    return bool(paginator.is_cut and lines.order_by()[MOST_ROWS:].exists())


def _noted(lines: Iterable[Any]) -> Iterator[Any]:
    for line in lines:
        saw([line])
        yield line


def _download(lines: Any, wanted: Wanted) -> HttpResponse:
    head = [
        *(_("Line number"), _("Product"), _("Firm"), _("Credit code"), _("City"), _("Chain"), _("Node")),
        *(_("State"), _("Quantity"), _("Unit"), _("Uncovered")),
    ]
    cities = lines.order_by().values_list(Substr("organisation__region", 1, 4), flat=True)
    regions = city_names(cities.distinct())
    rows = (
        [
            *(line.key, line.title, line.organisation.name, line.organisation.uscc or ""),
            regions[line.organisation.region[:4]],
            *(line.chain.name, line.node.name if line.node else "", line.get_state_display()),
            "" if getattr(line, "quantity", None) is None else line.quantity,
            line.unit,
            percent(line.uncovered) if hasattr(line, "uncovered") else "",
        ]
        for line in _noted(lines[:MOST_ROWS].iterator(chunk_size=AT_A_TIME))
    )
    name = _("Demand lines") if wanted.side == "demand" else _("Supply lines")
    return workbook.answer(name, head, rows)
