"""Pages of runs and of published lists."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any, TypeVar

from django import forms
from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django_htmx.http import HttpResponseClientRefresh

from matching.chains.models import Chain
from matching.disclosure.services import saw, saw_pairs
from matching.lists.models import Round
from matching.lists.states import RoundState
from matching.pages import PortalRequest, attempt, back, page, page_of, refuse_unless, see_other, show
from matching.runs import access, queries, services
from matching.runs.models import Gap, MatchingRun
from matching.runs.queries.progress import progress
from matching.runs.states import LIVE, RUN, RunAction, RunState

R = TypeVar("R", bound=Model)


class RunFilter(forms.Form):
    """What the list of runs can be narrowed by."""

    chain = forms.ModelChoiceField(
        label=_lazy("chain"), queryset=Chain.objects.all(), required=False, empty_label=_lazy("All chains")
    )
    state = forms.ChoiceField(
        label=_lazy("state"), required=False, choices=[("", _lazy("All states")), *RunState.choices]
    )


class GapFilter(forms.Form):
    """What the gaps of a run can be narrowed by."""

    type = forms.ChoiceField(label=_lazy("type"), required=False, choices=())

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        types = Gap._meta.get_field("type").flatchoices
        self.fields["type"].choices = [("", _lazy("All types")), *types]  # type: ignore[attr-defined]


@page("GET")
def run_list(request: PortalRequest) -> HttpResponse:
    """Runs of one's chains, newest first."""
    refuse_unless(access.sees_runs(request.user))
    filters = RunFilter(request.GET)
    runs = queries.runs(request.user)
    if filters.is_valid():
        if chain := filters.cleaned_data["chain"]:
            runs = runs.filter(round__chain=chain)
        if state := filters.cleaned_data["state"]:
            runs = runs.filter(state=state)
    startable = [
        round_
        for round_ in Round.objects.visible_to(request.user)
        .exclude(state="planned")
        .select_related("chain")
        .order_by("chain__position", "-opens_at")
        if access.can_run(request.user, round_.chain_id)
    ]
    return show(
        request,
        "runs/run_list.html",
        {"page": page_of(request, runs), "filters": filters, "startable": startable[:60]},
    )


@page("GET", "POST")
def run_start(request: PortalRequest) -> HttpResponse:
    """Freeze a round's verified lines and queue the computation; of an open round only when one is sure."""
    asked = request.POST if request.method == "POST" else request.GET
    try:
        round_id = uuid.UUID(asked.get("round", ""))
    except ValueError as error:
        raise Http404 from error
    visible = Round.objects.visible_to(request.user).select_related("chain")
    round_ = get_object_or_404(visible, pk=round_id)
    refuse_unless(access.can_run(request.user, round_.chain_id))
    unsure = round_.state == RoundState.OPEN and not asked.get("sure")
    if request.method == "GET" or unsure:
        return show(request, "runs/run_start.html", {"round": round_})
    run = attempt(request, partial(services.start_run, actor=request.user, round_id=round_.pk))
    return back(request, "run_list") if run is None else see_other(resolve_url("run_detail", run.pk))


def run_of(request: PortalRequest, pk: uuid.UUID) -> MatchingRun:
    """The run of an address; 404 where the person may not see it."""
    return get_object_or_404(queries.runs(request.user), pk=pk)


@page("GET")
def run_detail(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """A run: progress while it computes, figures when it is done."""
    run = run_of(request, pk)
    finished = run.state == RunState.FINISHED
    return show(
        request,
        "runs/run_detail.html",
        {
            **about(request, run),
            "tab": "figures",
            "figures": queries.figures(run) if finished else None,
        },
    )


def about(request: PortalRequest, run: MatchingRun) -> dict[str, Any]:
    """What the head of every page of a run shows."""
    live = run.state in LIVE
    return {
        "run": run,
        "live": live,
        "progress": progress(run, now=timezone.now()) if live else None,
        "published": getattr(run, "published", None),
        "can_run": access.can_run(request.user, run.round.chain_id),
        "can_cancel": RUN.allows(run.state, RunAction.CANCEL),
        "superseded": queries.newer_runs(run).exists(),
    }


@page("GET")
def run_progress(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """The progress bar alone; asks the browser to load the page anew when the run has ended."""
    run = run_of(request, pk)
    if run.state not in LIVE:
        return HttpResponseClientRefresh()
    return show(request, "runs/_progress.html", about(request, run))


@page("POST")
def run_cancel(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Stop a run."""
    run = run_of(request, pk)
    attempt(
        request,
        partial(services.cancel_run, actor=request.user, run_id=run.pk),
        done=_("The run is cancelled."),
    )
    return see_other(resolve_url("run_detail", run.pk))


@page("GET")
def run_near_misses(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """The closest offers that fail one condition, and which."""
    run = run_of(request, pk)
    rows, only = _of_one_demand(request, queries.near_misses(request.user, run))
    found = page_of(request, rows)
    found.object_list = queries.tell(found.object_list)
    decides = access.can_run(request.user, run.round.chain_id)
    saw_pairs(found.object_list, secrets=decides)
    return show(
        request,
        "runs/near_misses.html",
        {**about(request, run), "tab": "near_misses", "page": found, "only": only},
    )


def _of_one_demand(request: PortalRequest, rows: QuerySet[R]) -> tuple[QuerySet[R], bool]:
    """The rows of the demand line in ``?demand=``, and whether one was asked for."""
    wanted = request.GET.get("demand", "")
    try:
        return (rows.filter(demand_id=uuid.UUID(wanted)), True) if wanted else (rows, False)
    except ValueError as error:
        raise Http404 from error


@page("GET")
def run_gaps(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Demand that stays open, with the evidence why."""
    run = run_of(request, pk)
    filters = GapFilter(request.GET)
    gaps, only = _of_one_demand(request, queries.gaps(request.user, run))
    if filters.is_valid() and filters.cleaned_data["type"]:
        gaps = gaps.filter(type=filters.cleaned_data["type"])
    found = page_of(request, gaps)
    saw(gap.demand for gap in found)
    return show(
        request,
        "runs/gaps.html",
        {
            **about(request, run),
            "tab": "gaps",
            "filters": filters,
            "only": only,
            "page": found,
        },
    )


@page("GET")
def published_list(request: PortalRequest) -> HttpResponse:
    """Published matching lists."""
    refuse_unless(access.sees_runs(request.user))
    # Differences of a whole province are megabytes; the list does not show them.
    found = page_of(request, queries.published(request.user).defer("diff"))
    return show(request, "runs/published_list.html", {"page": found})


@page("GET")
def published_detail(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """A published list as it was frozen, with its hashes and its diff."""
    published = get_object_or_404(queries.published(request.user).defer("diff"), pk=pk)
    found = page_of(request, queries.ListedRows(published), 50)
    changes = queries.published_changes(published)
    return show(
        request,
        "runs/published_detail.html",
        {
            "published": published,
            "diff": changes,
            "titles": queries.titles_shown(changes, list(found)),
            "page": found,
        },
    )


urlpatterns = [
    path("runs/", run_list, name="run_list"),
    path("runs/start/", run_start, name="run_start"),
    path("runs/<uuid:pk>/", run_detail, name="run_detail"),
    path("runs/<uuid:pk>/progress/", run_progress, name="run_progress"),
    path("runs/<uuid:pk>/cancel/", run_cancel, name="run_cancel"),
    path("runs/<uuid:pk>/near-misses/", run_near_misses, name="run_near_misses"),
    path("runs/<uuid:pk>/gaps/", run_gaps, name="run_gaps"),
    path("published/", published_list, name="published_list"),
    path("published/<uuid:pk>/", published_detail, name="published_detail"),
]
