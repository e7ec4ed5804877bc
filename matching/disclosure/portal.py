"""The page on which a firm reads who saw its data."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import path

from accounts.permits import Act
from matching.disclosure import queries
from matching.disclosure.forms import DisclosureFilter
from matching.disclosure.models import KEPT
from matching.disclosure.permits import DISCLOSURE
from matching.downloads import table
from matching.kinds import Label
from matching.pages import PortalRequest, page, page_of, refuse_unless, show
from matching.sheets.results import DISCLOSURES

TITLE = Label("谁看过我们的信息", "Who saw our data")


@page("GET")
def disclosure_list(request: PortalRequest) -> HttpResponse:
    """Who saw what of one's firms, the newest first."""
    refuse_unless(DISCLOSURE.somewhere(request.user, Act.VIEW))
    seen, filters = queries.entries(request.user), DisclosureFilter(request.GET)
    found = page_of(request, filters.narrow(seen))
    rows = [(entry, queries.reader_of(entry), queries.parts_of(entry)) for entry in found]
    context = {"page": found, "rows": rows, "filters": filters, "kept_days": KEPT.days}
    if len(request.user.firms()) > 1:
        context["several"] = True
    return show(request, "disclosure/disclosure_list.html", context)


@page("GET")
def disclosure_export(request: PortalRequest) -> HttpResponse:
    """What the page shows under the same filters, as a workbook."""
    refuse_unless(DISCLOSURE.somewhere(request.user, Act.VIEW))
    seen = DisclosureFilter(request.GET).narrow(queries.entries(request.user))
    return table(DISCLOSURES, queries.sheet_rows(seen), TITLE, request.user.firms()[0].name)


urlpatterns = [
    path("seen/", disclosure_list, name="disclosure_list"),
    path("seen/export/", disclosure_export, name="disclosure_export"),
]
