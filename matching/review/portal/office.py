"""The office's two-pane screen of a run's matches."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from matching.chains.queries import region_names
from matching.errors import Refusal
from matching.pages import (
    PortalRequest,
    attempt,
    back,
    in_words,
    page,
    page_of,
    refuse_unless,
    see_other,
    show,
    status_of,
)
from matching.review import access, queries, services
from matching.review.states import OFFICE_ACTIONS, ReviewAction, ReviewState
from matching.runs import access as run_access
from matching.runs import queries as run_queries
from matching.runs.models import Band, Match, MatchingRun
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


@page("GET")
def run_matches(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Demand lines on the left, the ranked offers of one of them on the right."""
    run = get_object_or_404(run_queries.runs(request.user), pk=pk)
    filters = DemandFilter(request.GET)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    demands = queries.demands_of_run(
        request.user,
        run,
        text=wanted.get("q", ""),
        state=wanted.get("state", ""),
        band=wanted.get("band", ""),
    )
    found = page_of(request, demands, DEMANDS_A_PAGE)
    chosen = _chosen(request, found.object_list)
    offers = _offers(request, run, chosen["demand_id"]) if chosen else []
    decides = run_access.can_run(request.user, run.round.chain_id)
    context = {
        "run": run,
        "live": run.state in LIVE,
        "finished": run.state == RunState.FINISHED,
        "published": getattr(run, "published", None),
        "can_run": decides,
        "tab": "matches",
        "filters": filters,
        "page": found,
        "chosen": chosen,
        "demand": queries.demand_of(chosen["demand_id"]) if chosen else None,
        "offers": offers,
        "decides": decides,
        "sees_secrets": decides,
        "regions": region_names({offer.supply.organisation.region for offer in offers}),
        "kept": _kept(request),
    }
    partial_wanted = bool(request.htmx) and request.htmx.target == "offers"
    return show(request, "review/_offers.html" if partial_wanted else "review/run_matches.html", context)


def _kept(request: PortalRequest) -> str:
    """The filters in force, for links to other demand lines."""
    kept = request.GET.copy()
    kept.pop("demand", None)
    return f"&{kept.urlencode()}" if kept else ""


def _chosen(request: PortalRequest, rows: Any) -> Any:
    wanted = request.GET.get("demand", "")
    return next((row for row in rows if str(row["demand_id"]) == wanted), rows[0] if rows else None)


def _offers(request: PortalRequest, run: MatchingRun, demand: uuid.UUID) -> list[Match]:
    matches = queries.for_office(request.user, run).filter(demand_id=demand).order_by("rank")
    offers = run_queries.tell(matches.prefetch_related("supply__organisation__grades"))
    for offer in offers:
        _add_actions(request, offer)
    return offers


def _add_actions(request: PortalRequest, offer: Any) -> None:
    offer.actions = access.actions(request.user, offer, offer.review_state)


@page("POST")
def match_review(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Shortlist, reject or reopen one pair; answers with its fresh card, or with the page."""
    match = get_object_or_404(Match.objects.visible_to(request.user), pk=pk)
    action = _action(request.POST.get("action", ""))
    refuse_unless(access.may(request.user, match, action))
    verb = partial(
        services.review_match,
        actor=request.user,
        match_id=match.pk,
        action=action,
        reason=request.POST.get("reason", ""),
    )
    if not request.htmx:
        attempt(request, verb, done=_("Decided: %(action)s.") % {"action": action.label})
        address = f"{resolve_url('run_matches', match.run_id)}?demand={match.demand_id}#match-{match.pk}"
        return see_other(address)
    problem, status = "", 200
    try:
        verb()
    except Refusal as refusal:
        problem, status = in_words(refusal), status_of(refusal)
    fresh = get_object_or_404(
        queries.for_office(request.user, match.run).prefetch_related("supply__organisation__grades"), pk=pk
    )
    run_queries.tell([fresh])
    _add_actions(request, fresh)
    row = queries.demands_of_run(request.user, match.run).filter(demand_id=match.demand_id).first()
    context = {
        "offer": fresh,
        "run": match.run,
        "decides": True,
        "sees_secrets": True,
        "regions": region_names([fresh.supply.organisation.region]),
        "problem": problem,
        "row": row,
        "typed_reason": request.POST.get("reason", "") if problem else "",
    }
    return show(request, "review/_offer_decided.html", context, status=status)


def _action(wanted: str) -> ReviewAction:
    if wanted not in OFFICE_ACTIONS:
        raise Http404
    return ReviewAction(wanted)


@page("POST")
def matches_review(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """One decision on several pairs of a run."""
    run = get_object_or_404(MatchingRun.objects.visible_to(request.user), pk=pk)
    refuse_unless(run_access.can_run(request.user, run.round.chain_id))
    action = _action(request.POST.get("action", ""))
    try:
        chosen = [uuid.UUID(text) for text in request.POST.getlist("match")]
    except ValueError as error:
        raise Http404 from error
    known = Match.objects.filter(run=run, pk__in=chosen).order_by("demand_id", "rank")
    done = services.review_many(
        actor=request.user,
        match_ids=list(known.values_list("pk", flat=True)),
        action=action,
        reason=request.POST.get("reason", ""),
    )
    decided = sum(not item.problem for item in done)
    if decided:
        text = ngettext("%(count)d match decided.", "%(count)d matches decided.", decided)
        messages.success(request, text % {"count": decided})
    if not done:
        messages.warning(request, _("Tick the matches first."))
    for problem in sorted({item.problem for item in done if item.problem}):
        messages.error(request, problem)
    return back(request, "run_matches", run.pk)


urlpatterns = [
    path("runs/<uuid:pk>/matches/", run_matches, name="run_matches"),
    path("runs/<uuid:pk>/matches/review/", matches_review, name="matches_review"),
    path("matches/<uuid:pk>/review/", match_review, name="match_review"),
]
