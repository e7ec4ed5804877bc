"""Several offers of one demand line in columns."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.urls import path
from django.utils.translation import gettext as _

from matching.chains.queries import region_names
from matching.disclosure.services import saw_pairs
from matching.pages import PortalRequest, page, see_other, show
from matching.review import queries
from matching.review.portal.offers import matches_in, offers_of
from matching.runs import access as run_access
from matching.runs import queries as run_queries
from matching.runs.models import Match
from matching.runs.services.whatif import offer_in

FEWEST, MOST = 2, 5


@page("GET")
def matches_compare(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Two to five offers of one demand line; rows are its conditions and what each offer states."""
    run = get_object_or_404(run_queries.runs(request.user), pk=pk)
    ids = matches_in(request.GET.getlist("match"))
    chosen = Match.objects.visible_to(request.user).filter(run=run, pk__in=ids)
    demands = set(chosen.values_list("demand_id", flat=True))
    home = resolve_url("run_matches", run.pk)
    if len(demands) != 1 or not FEWEST <= len(set(ids)) <= MOST:
        messages.warning(request, _("Tick two to five offers of one demand line to compare them."))
        return see_other(home + (f"?demand={min(demands)}" if len(demands) == 1 else ""))
    [demand] = demands
    offers = offers_of(request.user, run, pk__in=ids)
    decides = run_access.can_run(request.user, run.round.chain_id)
    for offer in offers:
        offer.stated = offer_in(run, offer.supply_id)  # type: ignore[attr-defined]
    saw_pairs(offers, secrets=decides)
    return show(
        request,
        "review/matches_compare.html",
        {
            "run": run,
            "demand": queries.demand_of(demand),
            "offers": offers,
            "conditions": list(_aligned(offers)),
            "regions": region_names({offer.supply.organisation.region for offer in offers}),
            "decides": decides and not run_queries.newer_runs(run).exists(),
            "sees_secrets": run_access.sees_secrets(request.user, run.round.chain_id),
            "reasons": queries.reasons_given(run.round.chain_id),
            "home": f"{home}?demand={demand}",
        },
    )


def _aligned(offers: list[Any]) -> Iterator[tuple[dict[str, Any], list[dict[str, Any] | None]]]:
    """A condition of the demand line and what each offer makes of it, in the line's order."""
    named: dict[tuple[str, str, int], list[dict[str, Any] | None]] = {}
    for place, offer in enumerate(offers):
        seen: dict[tuple[str, str], int] = {}
        for condition in offer.conditions:
            kind = (condition["kind"], condition["name"])
            seen[kind] = seen.get(kind, 0) + 1
            cells = named.setdefault((*kind, seen[kind]), [None] * len(offers))
            cells[place] = condition
    for cells in named.values():
        yield next(cell for cell in cells if cell is not None), cells


urlpatterns = [path("runs/<uuid:pk>/matches/compare/", matches_compare, name="matches_compare")]
