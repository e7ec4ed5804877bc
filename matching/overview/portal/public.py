"""Pages for everybody: the programme, how the matching works, published statistics."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.templatetags.static import static
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from matching.agreements.amounts import Kind
from matching.chains.models import Chain
from matching.overview import document, workbook
from matching.overview.charts import Cell, Chart, Row, Shape, columns, count, find, share
from matching.overview.cities import city_names
from matching.overview.queries.public import Demand, Statistics, statistics
from matching.pages import show
from matching.runs.models import Gap

EXAMPLE_SITE = "https://chainmatch.example"
"""The address in the guide's examples."""
OPEN_TO_ROBOTS = (
    "/$",
    "/how-matching-works/",
    "/api/guide/",
    "/design/",
    "/statistics/",
    "/join/$",
    "/privacy/",
    "/static/",
)


def method(request: HttpRequest) -> HttpResponse:
    """How the matching works."""
    return show(
        request, "overview/method.html", {"document": document.in_language("engine", get_language() or "")}
    )


def api_guide(request: HttpRequest) -> HttpResponse:
    """The guide for integrators, with this installation's address in its examples."""
    guide = document.in_language("api", get_language() or "")
    here = guide.with_words({EXAMPLE_SITE: settings.SITE_URL})
    return show(request, "overview/api_guide.html", {"document": here})


def robots(request: HttpRequest) -> HttpResponse:
    """Search engines find the public pages and nothing else."""
    lines = ["User-agent: *", *(f"Allow: {path}" for path in OPEN_TO_ROBOTS), "Disallow: /"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it wherever no page names the icon."""
    return HttpResponsePermanentRedirect(static("matching/icon.svg"))


def published_statistics(request: HttpRequest) -> HttpResponse:
    """Counts of the newest published lists, without anything that tells of a single firm."""
    found = statistics()
    charts = _charts(found)
    if key := request.GET.get("download"):
        chart = find(charts, key)
        if chart is None:
            raise Http404
        return workbook.of_chart(chart)
    return show(
        request,
        "overview/statistics.html",
        {
            "charts": charts if found.chains else [],
            "found": found,
            "coverage": share(found.demand.covered, found.demand.lines),
            "newest": max((chain.published_at for chain in found.chains), default=None),
        },
    )


def _charts(found: Statistics) -> list[Chart]:
    return [
        _chains(found),
        _cities(found),
        _gaps(found),
        *([_agreements(found)] if found.agreements else []),
    ]


def _demand(demand: Demand) -> tuple[Cell, ...]:
    return (share(demand.covered, demand.lines), count(demand.lines), count(demand.covered))


def _chains(found: Statistics) -> Chart:
    names = {chain.pk: chain.name for chain in Chain.objects.all()}
    told = {item.chain: item for item in found.chains}
    rows = (
        Row(
            name,
            (
                *_demand(told[code].demand),
                count(told[code].supplies),
                count(told[code].matches),
                count(told[code].gaps),
                Cell(None, f"{told[code].number}"),
                Cell(None, f"{told[code].published_at:%Y-%m-%d}"),
            ),
        )
        for code, name in names.items()
        if code in told
    )
    hidden = (
        *(_("Demand lines"), _("Covered"), _("Supply lines"), _("Matches"), _("Gaps")),
        *(_("List number"), _("Published")),
    )
    return Chart(
        key="chains",
        title=_("Coverage by chain"),
        shape=Shape.BARS,
        first=_("Chain"),
        columns=columns(_("Coverage"), hidden=hidden),
        rows=tuple(rows),
        note=_("Share of demand lines with at least one offer that meets every hard condition."),
        percent=True,
    )


def _agreements(found: Statistics) -> Chart:
    names = {chain.pk: chain.name for chain in Chain.objects.all()}
    return Chart(
        key="agreements",
        title=_("Agreements by chain"),
        shape=Shape.BARS,
        first=_("Chain"),
        columns=columns(*(kind.label for kind in Kind)),
        rows=tuple(
            Row(name, tuple(count(found.agreements[code][kind]) for kind in Kind))
            for code, name in names.items()
            if code in found.agreements
        ),
        note=_(
            "In force, signed before this month began. Each kind is counted by itself; amounts are not told."
        ),
    )


def _cities(found: Statistics) -> Chart:
    names = city_names(found.cities)
    return Chart(
        key="cities",
        title=_("Coverage by city"),
        shape=Shape.BARS,
        first=_("City"),
        columns=columns(_("Coverage"), hidden=(_("Demand lines"), _("Covered"))),
        rows=tuple(Row(names[code], _demand(demand)) for code, demand in found.cities.items()),
        note=_("By the city of the firm that has the demand."),
        percent=True,
    )


def _gaps(found: Statistics) -> Chart:
    words = dict(Gap._meta.get_field("type").flatchoices)
    return Chart(
        key="gaps",
        title=_("Gaps by type"),
        shape=Shape.BARS,
        first=_("Type"),
        columns=columns(_("Demand lines")),
        rows=tuple(Row(words[kind], (count(number),)) for kind, number in found.gaps.items()),
        note=_("Demand lines that stay open, wholly or in part, by what is missing."),
    )
