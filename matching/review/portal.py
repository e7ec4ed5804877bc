"""Pages of reviews: the office's two-pane screen, a firm's matches."""

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
from matching.review.models import Review
from matching.review.states import NEEDS_REASON, OFFICE_ACTIONS, ReviewAction, ReviewState
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


# Firms


@page("GET")
def my_matches(request: PortalRequest) -> HttpResponse:
    """A firm's matches: those that wait for its answer, those it answered, those that are published."""
    refuse_unless(bool(request.user.firms()))
    waiting = queries.waiting_for(request.user)
    own = queries.own_reviews(request.user)
    answered = own.exclude(pk__in=waiting.values("pk"))
    unreviewed = queries.published_for(request.user).exclude(pk__in=queries.reviewed_matches(own))
    shelves: dict[str, Any] = {"waiting": waiting, "answered": answered, "published": unreviewed}
    counts = {name: rows.count() for name, rows in shelves.items()}
    wanted = request.GET.get("show", "")
    shelf = (
        wanted if wanted in shelves else next((name for name, count in counts.items() if count), "waiting")
    )
    if shelf == "published":
        found = page_of(request, unreviewed)
        matches = queries.firm_matches(request.user, matches=found.object_list)
    else:
        found = page_of(request, queries.with_parties(shelves[shelf]))
        matches = queries.firm_matches(request.user, reviews=found.object_list)
    return show(
        request,
        "review/my_matches.html",
        {"page": found, "matches": matches, "counts": counts, "shelf": shelf},
    )


@page("GET")
def review_detail(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """One pair: for a firm what it may know of it, for an office all with its history."""
    return _detail(request, pk)


def _detail(request: PortalRequest, pk: uuid.UUID, problem: str = "", status: int = 200) -> HttpResponse:
    visible = Review.objects.visible_to(request.user)
    review = get_object_or_404(queries.with_parties(visible), pk=pk)
    is_party = access.is_leader(request.user, review) or access.is_member(request.user, review)
    context: dict[str, Any] = {"review": review, "problem": problem}
    if is_party:
        context["match"] = queries.firm_matches(request.user, reviews=[review])[0]
        return show(request, "review/review_firm.html", context, status=status)
    offer: Any = run_queries.tell([review.match])[0]
    offer.review_state, offer.review_id = review.state, review.pk
    offer.actions = access.actions(request.user, review, review.state)
    decides = access.decides_for_office(request.user, review)
    places = region_names([review.supply.organisation.region])
    context.update(offer=offer, decides=decides, sees_secrets=decides, regions=places)
    return show(request, "review/review_office.html", context, status=status)


@page("POST")
def review_decide(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """A firm's or an office's answer to a review."""
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=pk)
    wanted = request.POST.get("action", "")
    if wanted not in ReviewAction:
        raise Http404
    action = ReviewAction(wanted)
    reason = request.POST.get("reason", "")
    if action in NEEDS_REASON and not reason.strip():
        return _detail(request, pk, problem=_("Please give a reason."), status=422)
    attempt(
        request,
        partial(services.decide, actor=request.user, review_id=review.pk, action=action, reason=reason),
        done=_("Your answer is stored."),
    )
    return back(request, "review_detail", review.pk)


urlpatterns = [
    path("runs/<uuid:pk>/matches/", run_matches, name="run_matches"),
    path("runs/<uuid:pk>/matches/review/", matches_review, name="matches_review"),
    path("matches/<uuid:pk>/review/", match_review, name="match_review"),
    path("matches/", my_matches, name="my_matches"),
    path("reviews/<uuid:pk>/", review_detail, name="review_detail"),
    path("reviews/<uuid:pk>/decide/", review_decide, name="review_decide"),
]
