"""One decision on several offers: first how many and which, then the decision."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.disclosure.services import saw_pairs
from matching.pages import PortalRequest, back, own_address, page, refuse_unless, show
from matching.review import queries, services
from matching.review.portal.offers import action_in, matches_in
from matching.review.states import NEEDS_REASON, ReviewState
from matching.runs import access as run_access
from matching.runs.models import Match, MatchingRun

MOST = 200
"""Offers that one request decides on, so that it answers in time."""


@page("GET")
def matches_chosen(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """What a decision on several offers would touch: the ticked ones, or all that are evident."""
    run = get_object_or_404(MatchingRun.objects.visible_to(request.user), pk=pk)
    refuse_unless(run_access.can_run(request.user, run.round.chain_id))
    return _preview(request, run, request.GET)


def _preview(
    request: PortalRequest, run: MatchingRun, asked: Any, problem: str = "", status: int = 200
) -> HttpResponse:
    evident = asked.get("which") == "evident"
    ids = [] if evident else matches_in(asked.getlist("match"))
    chosen = queries.evident(request.user, run) if evident else _ticked(request, run, ids)
    offers = list(chosen[:MOST])
    saw_pairs(offers)
    return show(
        request,
        "review/matches_chosen.html",
        {
            "run": run,
            "evident": evident,
            "offers": offers,
            "total": chosen.count(),
            "settled": len(ids) - len(offers) if len(ids) <= MOST else 0,
            "demands": len({offer.demand_id for offer in offers}),
            "reasons": queries.reasons_given(run.round.chain_id),
            "next": own_address(request, asked.get("next", "")) or resolve_url("run_matches", run.pk),
            "reason": asked.get("reason", ""),
            "problem": problem,
        },
        status=status,
    )


def _ticked(request: PortalRequest, run: MatchingRun, ids: list[uuid.UUID]) -> QuerySet[Match]:
    """Those of the ticked offers that are still undecided."""
    every: QuerySet[Any, Any] = queries.for_office(request.user, run)
    matches = every.filter(pk__in=ids, review_state=ReviewState.PENDING)
    return matches.order_by("demand__organisation__name", "demand__key", "rank", "pk")


@page("POST")
def matches_review(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """One decision on several pairs of a run; what somebody decided meanwhile is left as it is."""
    run = get_object_or_404(MatchingRun.objects.visible_to(request.user), pk=pk)
    refuse_unless(run_access.can_run(request.user, run.round.chain_id))
    action = action_in(request.POST.get("action", ""))
    chosen = matches_in(request.POST.getlist("match"))[:MOST]
    reason = request.POST.get("reason", "")
    if action in NEEDS_REASON and not reason.strip():
        return _preview(request, run, request.POST, _("Please give a reason."), 422)
    known = Match.objects.filter(run=run, pk__in=chosen).order_by("demand_id", "rank")
    done = services.review_many(
        actor=request.user,
        match_ids=list(known.values_list("pk", flat=True)),
        action=action,
        reason=reason,
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
    path("runs/<uuid:pk>/matches/chosen/", matches_chosen, name="matches_chosen"),
    path("runs/<uuid:pk>/matches/review/", matches_review, name="matches_review"),
]
