"""The office's two-pane screen of a run's matches."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from matching.chains.queries import region_names
from matching.disclosure.services import saw, saw_pairs
from matching.errors import Refusal
from matching.pages import (
    PortalRequest,
    attempt,
    back,
    in_words,
    page,
    page_of,
    refuse_unless,
    show,
    status_of,
)
from matching.refusals import database_refusals
from matching.review import access, queries, services
from matching.review.portal import offers as shown
from matching.review.states import ReviewState
from matching.runs import access as run_access
from matching.runs import queries as run_queries
from matching.runs.models import Band, Match, MatchingList, MatchingRun
from matching.runs.states import LIVE, RunState

DEMANDS_A_PAGE = 40


class DemandFilter(forms.Form):
    """What the demand lines of a run can be narrowed by."""

    q = forms.CharField(label=_lazy("Search"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=_lazy("decision"),
        required=False,
        choices=[("", _lazy("All decisions")), *ReviewState.choices],
    )
    band = forms.ChoiceField(
        label=_lazy("band"), required=False, choices=[("", _lazy("All bands")), *Band.choices]
    )
    changed = forms.ChoiceField(
        label=_lazy("since the last list"),
        required=False,
        choices=[("", _lazy("All demand lines")), ("1", _lazy("Offers have changed"))],
    )


@page("GET")
def run_matches(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Demand lines on the left, the ranked offers of one of them on the right."""
    run = get_object_or_404(run_queries.runs(request.user), pk=pk)
    since = queries.last_list(run)
    filters = DemandFilter(request.GET)
    if since is None:
        del filters.fields["changed"]
    found = page_of(request, _demands(run, filters, since), DEMANDS_A_PAGE)
    found.object_list = queries.demand_rows(request.user, run, found.object_list)
    chosen = _chosen(request, run, found.object_list)
    _mark_changes(run, since, found.object_list, chosen)
    decides = run_access.can_run(request.user, run.round.chain_id)
    superseded = run_queries.newer_runs(run).exists()
    context = {
        "run": run,
        "live": run.state in LIVE,
        "finished": run.state == RunState.FINISHED,
        "published": getattr(run, "published", None),
        "can_run": decides,
        "superseded": superseded,
        "tab": "matches",
        "filters": filters,
        "hidden": queries.demands_of_run(run).count() - found.paginator.count if filters.changed_data else 0,
        "since": since,
        "page": found,
        "chosen": chosen,
        "decides": decides and not superseded,
        "sees_secrets": run_access.sees_secrets(request.user, run.round.chain_id),
        "kept": _kept(request),
        **(_right_pane(request, run, since, chosen) if chosen else {}),
    }
    partial_wanted = bool(request.htmx) and request.htmx.target == "offers"
    return show(request, "review/_offers.html" if partial_wanted else "review/run_matches.html", context)


def _demands(run: MatchingRun, filters: DemandFilter, since: MatchingList | None) -> Any:
    wanted = filters.cleaned_data if filters.is_valid() else {}
    return queries.demands_of_run(
        run,
        text=wanted.get("q", ""),
        state=wanted.get("state", ""),
        band=wanted.get("band", ""),
        changed_since=since if wanted.get("changed") else None,
    )


def _kept(request: PortalRequest) -> str:
    """The filters in force, for links to other demand lines."""
    kept = request.GET.copy()
    kept.pop("demand", None)
    return f"&{kept.urlencode()}" if kept else ""


def _chosen(request: PortalRequest, run: MatchingRun, rows: Any) -> Any:
    """The demand line that is asked for, also where a decision has just moved it to another page."""
    wanted = request.GET.get("demand", "")
    listed = next((row for row in rows if str(row["demand_id"]) == wanted), None)
    if listed is None and wanted:
        try:
            listed = next(iter(queries.demand_rows(request.user, run, [uuid.UUID(wanted)])), None)
        except ValueError:
            listed = None
    return listed or (rows[0] if rows else None)


def _mark_changes(run: MatchingRun, since: MatchingList | None, rows: Any, chosen: Any) -> None:
    """Give each row its ``changes`` against the last list."""
    if since is None or not chosen:
        return
    shown_rows = [*rows, chosen]
    changes = queries.changes_since(run, since, {row["demand_id"] for row in shown_rows})
    for row in shown_rows:
        row["changes"] = changes[row["demand_id"]]


def _right_pane(
    request: PortalRequest, run: MatchingRun, since: MatchingList | None, chosen: Any
) -> dict[str, Any]:
    demand = chosen["demand_id"]
    offers = shown.offers_of(request.user, run, demand_id=demand)
    saw_pairs(offers, secrets=run_access.can_run(request.user, run.round.chain_id))
    gap, near_misses = queries.open_facts(run, demand)
    changes = chosen.get("changes")
    gone = list(queries.gone_since(since, demand, changes.gone)) if since and changes.gone else []
    saw(match.supply for match in gone)
    return {
        "demand": queries.demand_of(demand),
        "offers": offers,
        "opened": next((offer.pk for offer in offers if "shortlist" in offer.actions), None),  # type: ignore[attr-defined]
        "regions": region_names({offer.supply.organisation.region for offer in offers}),
        "gap": gap,
        "near_misses": near_misses,
        "gone": gone,
        "reasons": queries.reasons_given(run.round.chain_id),
    }


@page("POST")
def match_review(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Shortlist, reject or reopen one pair; answers with its fresh card, or with the page."""
    match = get_object_or_404(Match.objects.visible_to(request.user), pk=pk)
    action = shown.action_in(request.POST.get("action", ""))
    refuse_unless(access.may(request.user, match, action))
    verb = partial(
        services.review_match,
        actor=request.user,
        match_id=match.pk,
        action=action,
        reason=request.POST.get("reason", ""),
        seen=request.POST.get("seen", ""),
    )
    if not request.htmx:
        attempt(request, verb, done=_("Decided: %(action)s.") % {"action": action.label})
        return back(
            request, f"{resolve_url('run_matches', match.run_id)}?demand={match.demand_id}#match-{match.pk}"
        )
    problem, status = "", 200
    try:
        with database_refusals():
            verb()
    except Refusal as refusal:
        problem, status = in_words(refusal), status_of(refusal)
    return show(
        request,
        "review/_offer_decided.html",
        {**_decided_card(request, match), "problem": problem, "done": "" if problem else action.label},
        status=status,
    )


def _decided_card(request: PortalRequest, match: Match) -> dict[str, Any]:
    [fresh] = shown.offers_of(request.user, match.run, pk=match.pk)
    since = queries.last_list(match.run)
    saw_pairs([fresh], secrets=True)
    [row] = queries.demand_rows(request.user, match.run, [match.demand_id])
    _mark_changes(match.run, since, [], row)
    return {
        "offer": fresh,
        "opened": fresh.pk,
        "run": match.run,
        "since": since,
        "decides": not run_queries.newer_runs(match.run).exists(),
        "sees_secrets": True,
        "regions": region_names([fresh.supply.organisation.region]),
        "row": row,
        "chosen": row,
        "typed_reason": request.POST.get("reason", ""),
    }


urlpatterns = [
    path("runs/<uuid:pk>/matches/", run_matches, name="run_matches"),
    path("matches/<uuid:pk>/review/", match_review, name="match_review"),
]
