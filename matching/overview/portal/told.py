"""Figures as charts, each number with the address of the rows behind it."""

from __future__ import annotations

from urllib.parse import urlencode

from django.shortcuts import resolve_url
from django.utils.translation import gettext_lazy as _

from matching.lists.states import LineState
from matching.overview.charts import Cell, Chart, Row, Shape, columns, count, share
from matching.overview.figures import Figures
from matching.overview.portal import agreed
from matching.overview.queries import Cover, Part, Point, Scope, Stage
from matching.overview.words import STAGES
from matching.runs.models import Gap
from matching.templatetags.portal import amount

SHOWN_STATES = (
    LineState.VERIFIED,
    LineState.SUBMITTED,
    LineState.RETURNED,
    LineState.EXPIRED,
    LineState.WITHDRAWN,
)


def address(scope: Scope, page: str = "overview_rows", **wanted: object) -> str:
    """A page about the scope, narrowed further by ``wanted``."""
    asked = {
        "chain": scope.chain.pk if scope.chain else "",
        "city": scope.city,
        "round": scope.round,
        **wanted,
    }
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{resolve_url(page)}?{query}"


def charts(figures: Figures) -> list[Chart]:
    """What can be told of a scope; results of runs only to whoever sees them."""
    told = [_lines(figures, "demand"), _lines(figures, "supply"), _funnel(figures), agreed.by_kind(figures)]
    if figures.scope.runs:
        told = [_coverage(figures), _quantities(figures), _funnel(figures), agreed.by_kind(figures)]
        told += [agreed.by_leader_firm(figures), _gaps(figures)]
        told += [_trend(figures), *(_lines(figures, side) for side in ("demand", "supply"))]
    return told


def _group(figures: Figures, group: str) -> dict[str, str]:
    return {"city" if figures.scope.by_city else "chain": group}


def _first(figures: Figures) -> object:
    return _("City") if figures.scope.by_city else _("Chain")


def _coverage(figures: Figures) -> Chart:
    rows = []
    for group, name in figures.names.items():
        found = figures.coverage.get(group)
        if found is None:
            continue
        here = _group(figures, group)
        rows.append(
            Row(
                name,
                (
                    share(found.covered, found.demands, address(figures.scope, show=Cover.COVERED, **here)),
                    count(found.demands, address(figures.scope, show=Cover.COMPUTED, **here)),
                    count(found.covered, address(figures.scope, show=Cover.COVERED, **here)),
                    count(
                        found.demands - found.covered,
                        address(figures.scope, show=Cover.UNCOVERED, **here),
                    ),
                ),
                href=address(figures.scope, "overview", **here),
            )
        )
    return Chart(
        key="coverage",
        title=_("Coverage by city") if figures.scope.by_city else _("Coverage by chain"),
        shape=Shape.BARS,
        first=_first(figures),
        columns=columns(_("Coverage"), hidden=(_("Demand lines in the run"), _("Covered"), _("Not covered"))),
        rows=tuple(rows),
        note=_("Share of demand lines with at least one offer that meets every hard condition."),
        percent=True,
    )


def _lines(figures: Figures, side: str) -> Chart:
    states = figures.demand if side == "demand" else figures.supply
    present = [state for state in SHOWN_STATES if any(state in found for found in states.values())]
    rows = tuple(
        Row(
            name,
            tuple(
                count(
                    states[group].get(state, 0),
                    address(figures.scope, side=side, state=state, **_group(figures, group)),
                )
                for state in present
            ),
            href=address(figures.scope, side=side, **_group(figures, group)),
        )
        for group, name in figures.names.items()
        if group in states
    )
    return Chart(
        key=f"{side}-lines",
        title=_("Demand lines by state") if side == "demand" else _("Supply lines by state"),
        shape=Shape.STACK,
        first=_first(figures),
        columns=columns(*(state.label for state in present)),
        rows=rows,
    )


def _funnel(figures: Figures) -> Chart:
    whole = figures.stages[Stage.HANDED_IN]
    rows = tuple(
        Row(
            STAGES[stage],
            (
                count(number, address(figures.scope, show=stage)),
                share(number, whole, address(figures.scope, show=stage)),
            ),
        )
        for stage, number in figures.stages.items()
    )
    return Chart(
        key="funnel",
        title=_("From demand to delivery"),
        shape=Shape.FUNNEL,
        first=_("Stage"),
        columns=columns(_("Demand lines"), hidden=(_("Of those handed in"),)),
        rows=rows,
        note=_("Demand lines that have come at least so far; withdrawn ones are left out."),
    )


def _quantities(figures: Figures) -> Chart:
    rows = []
    for family in figures.quantities:
        parts = [
            (value, address(figures.scope, show=part, unit=family.unit) if value else "")
            for part, value in (
                (Part.AGREED, family.agreed),
                (Part.ALLOCATED, family.allocated),
                (Part.UNMET, family.unmet),
            )
        ]
        rows.append(
            Row(
                family.unit or _("no unit"),
                (
                    *(share(value, family.total, href) for value, href in parts),
                    *(Cell(round(value, 4), amount(round(value, 2)), href) for value, href in parts),
                ),
            )
        )
    return Chart(
        key="quantities",
        title=_("Quantities a month, by unit"),
        shape=Shape.SHARES,
        first=_("Unit"),
        columns=columns(
            _("Agreed, share"),
            _("Allocated, share"),
            _("Unmet, share"),
            hidden=(_("Agreed"), _("Allocated"), _("Unmet")),
        ),
        rows=tuple(rows),
        note=_("Each unit by itself: quantities of different kinds are never added."),
        percent=True,
    )


def _gaps(figures: Figures) -> Chart:
    words = dict(Gap._meta.get_field("type").flatchoices)
    ordered = sorted(figures.gaps.items(), key=lambda item: (-item[1], item[0]))
    return Chart(
        key="gaps",
        title=_("Gaps by type"),
        shape=Shape.BARS,
        first=_("Type"),
        columns=columns(_("Demand lines")),
        rows=tuple(
            Row(words[code], (count(number, address(figures.scope, show=f"gap-{code}")),))
            for code, number in ordered
        ),
        note=_("Demand lines that stay open, wholly or in part, by what is missing."),
    )


def _trend(figures: Figures) -> Chart:
    return Chart(
        key="trend",
        title=_("Coverage from round to round"),
        shape=Shape.LINE,
        first=_("Round"),
        columns=columns(_("Coverage"), hidden=(_("Demand lines"), _("Matches"), _("Gaps"))),
        rows=tuple(_point(figures.scope, point) for point in figures.points),
        note=_("The newest run of each round, all cities together."),
        percent=True,
    )


def _point(scope: Scope, point: Point) -> Row:
    everywhere = {"city": "", "round": point.name}
    covered = address(scope, show=Cover.COVERED, **everywhere)
    # A page of matches is one run's; rounds of one name in several chains lead to the covered lines.
    matches = resolve_url("run_matches", point.runs[0]) if len(point.runs) == 1 else covered
    return Row(
        point.name,
        (
            share(point.coverage.covered, point.coverage.demands, covered),
            count(point.coverage.demands, address(scope, show=Cover.COMPUTED, **everywhere)),
            count(point.matches, matches),
            count(point.gaps, address(scope, show="gaps", **everywhere)),
        ),
        href=address(scope, "overview", **everywhere),
    )
