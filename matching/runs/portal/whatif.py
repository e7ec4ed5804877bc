"""The page of what-if questions about a run."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

import msgspec
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.urls import path

from accounts.models import Organisation
from matching.chains.queries import region_names
from matching.disclosure.models import Part
from matching.disclosure.services import saw, saw_pairs
from matching.engine.types import ConditionKind
from matching.engine.whatif import Relaxable, relaxable
from matching.errors import Invalid
from matching.lists.models import DemandLine, SupplyLine
from matching.pages import PortalRequest, attempt, page, see_other, show
from matching.runs import access, queries
from matching.runs.forms import WhatIfForm
from matching.runs.models import MatchingRun
from matching.runs.queries import policy_of
from matching.runs.services.whatif import SECRET_KINDS, ask, need_in, offer_in
from matching.runs.states import RunState

SHOWN_GAPS = 10
BESIDE = ("free_capacity", "minimum_order")
"""Fields whose faults stand beside them."""


@page("GET")
def run_what_if(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """What would be otherwise if a condition were relaxed, a firm dropped out, or an offer gave more."""
    run = get_object_or_404(queries.runs(request.user), pk=pk)
    if run.state != RunState.FINISHED:
        return see_other(resolve_url("run_detail", run.pk))
    form = WhatIfForm(request.GET, unit=_unit(request, run))
    question = form.question() if form.is_valid() else None
    for name, texts in form.errors.items():
        if name not in BESIDE:
            messages.error(request, " ".join(map(str, texts)))
    answer = question and attempt(request, partial(ask, actor=request.user, run=run, question=question))
    can_run = access.can_run(request.user, run.round.chain_id)
    if answer:
        saw(row.demand for row in answer.needs)
        saw_pairs(answer.pairs)
    context = {
        "run": run,
        "published": getattr(run, "published", None),
        "can_run": can_run,
        "tab": "what_if",
        "form": form,
        "question": question,
        "answer": answer,
        **_subject(request, run, form.cleaned_data, can_run),
    }
    return show(request, "runs/what_if.html", context)


def _unit(request: PortalRequest, run: MatchingRun) -> str:
    """What the supply line counts in that the page is about."""
    try:
        return offer_in(run, uuid.UUID(request.GET.get("supply", ""))).unit
    except (ValueError, Invalid):
        return ""


def _subject(
    request: PortalRequest, run: MatchingRun, asked: dict[str, Any], can_run: bool
) -> dict[str, Any]:
    """The line or firm that the page is about; the widest gaps where it is about none."""
    if asked.get("demand") and (need := attempt(request, partial(need_in, run, asked["demand"]))):
        demand = DemandLine.objects.select_related("organisation").get(pk=asked["demand"])
        saw([demand], *([Part.SECRETS] if can_run else []))
        return {
            "demand": demand,
            "title": need.title,
            "conditions": [
                {
                    **msgspec.to_builtins(one),
                    "wanted": _wanted(one),
                    "changeable": one.changeable and (can_run or one.kind not in SECRET_KINDS),
                }
                for one in relaxable(need, policy_of(run))
            ],
        }
    if asked.get("supply") and (offer := attempt(request, partial(offer_in, run, asked["supply"]))):
        supply = SupplyLine.objects.select_related("organisation").get(pk=asked["supply"])
        saw([supply], *([Part.SECRETS] if can_run else []))
        return {"supply": supply, "title": offer.title, "offer": offer}
    if asked.get("firm"):
        return {"firm": Organisation.objects.filter(pk=asked["firm"]).first()}
    widest = list(queries.gaps(request.user, run)[:SHOWN_GAPS])
    saw(gap.demand for gap in widest)
    return {"gaps": widest}


def _wanted(condition: Relaxable) -> str:
    if condition.kind != ConditionKind.REGION:
        return condition.wanted
    codes = condition.wanted.split("、")
    names = region_names(codes)
    return "、".join(names[code] for code in codes)


urlpatterns = [path("runs/<uuid:pk>/what-if/", run_what_if, name="run_what_if")]
