"""Accepted pairs on their way to delivery: the list, one pair, and what can be done about it."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.agreements import access, queries, services
from matching.agreements.forms import DayForm, ProgressFilter
from matching.agreements.models import MilestoneState
from matching.agreements.permits import ProgressAct
from matching.agreements.states import NEEDS_REASON
from matching.disclosure.services import saw_pairs
from matching.downloads import table
from matching.kinds import Label
from matching.pages import PortalRequest, attempt, back, page, page_of, refuse_unless, show
from matching.review.models import Review
from matching.review.states import ReviewState
from matching.sheets.results import AGREEMENTS

SHELVES = ("all", "confirm", "overdue", "delivered", "ended")


@page("GET")
def progress_list(request: PortalRequest) -> HttpResponse:
    """Pairs with their next step; what waits for one's own confirmation and what is late on shelves."""
    refuse_unless(access.follows_up(request.user))
    filters = ProgressFilter(request.GET)
    every = filters.narrow(queries.progress(request.user))
    counts = {name: queries.shelved(every, name, request.user).count() for name in SHELVES}
    wanted = request.GET.get("show", "")
    shelf = wanted if wanted in SHELVES else "all"
    found = page_of(request, queries.shelved(every, shelf, request.user))
    saw_pairs(found)
    return show(
        request,
        "agreements/progress_list.html",
        {
            "page": found,
            "counts": counts,
            "shelf": shelf,
            "filters": filters if request.user.is_office else None,
            "today": timezone.localdate(),
            "sees_orders": access.sees_orders(request.user),
        },
    )


@page("GET")
def progress_export(request: PortalRequest) -> HttpResponse:
    """All agreements that the person may see as a workbook; a column an amount's kind."""
    refuse_unless(access.follows_up(request.user))
    rows = queries.agreement_rows(queries.agreements(request.user))
    return table(AGREEMENTS, rows, Label("合作进展清单", "Agreements"), "")


@page("GET")
def progress_detail(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """One pair: its steps, its agreements with every version, and what can be done."""
    return detail(request, _pair(request, pk))


def _pair(request: PortalRequest, pk: uuid.UUID) -> Review:
    found: Review = get_object_or_404(queries.progress(request.user), pk=pk)
    return found


def detail(request: PortalRequest, review: Review, problem: str = "", status: int = 200) -> HttpResponse:
    """The page of a pair, with what was refused."""
    saw_pairs([review])
    stated = queries.agreements_of(request.user, review)
    standing = review.state == ReviewState.ACCEPTED
    may = {act.value: standing and access.may_with(request.user, review, act) for act in ProgressAct}
    milestones = sorted(review.milestones.all(), key=lambda row: queries.STEPS.index(row.step))
    awaited = next((row for row in milestones if row.state == MilestoneState.AWAITED), None)
    context: dict[str, Any] = {
        "review": review,
        "milestones": milestones,
        "awaited": awaited,
        "agreements": [(one, access.actions(request.user, one)) for one in stated],
        "outcomes": queries.outcomes_of(request.user, review),
        "may": may,
        "delivers": may["deliver"] and awaited is not None and awaited.step == "delivery",
        "can_state": access.can_state(request.user, review),
        "needs_reason": NEEDS_REASON,
        "problem": problem,
        "today": timezone.localdate(),
    }
    return show(request, "agreements/progress_detail.html", context, status=status)


@page("POST")
def progress_act(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Set the next due date, record the delivery, or break the deal off."""
    review = _pair(request, pk)
    wanted = request.POST.get("action", "")
    ids: dict[str, Any] = {"actor": request.user, "review_id": review.pk}
    if wanted == ProgressAct.BREAK_OFF:
        refuse_unless(access.may_with(request.user, review, ProgressAct.BREAK_OFF))
        reason = request.POST.get("reason", "").replace("\0", "")
        if not reason.strip():
            return detail(request, review, problem=_("Please give a reason."), status=422)
        attempt(request, partial(services.break_off, **ids, reason=reason), done=_("The deal is broken off."))
        return back(request, "progress_list")
    if wanted not in (ProgressAct.PLAN, ProgressAct.DELIVER):
        raise Http404
    refuse_unless(access.may_with(request.user, review, ProgressAct(wanted)))
    form = DayForm(request.POST)
    if not form.is_valid():
        return detail(request, review, problem=_("Please choose a day."), status=422)
    day = form.cleaned_data["day"]
    if wanted == ProgressAct.PLAN:
        attempt(request, partial(services.plan_step, **ids, due_on=day), done=_("The due date is set."))
    else:
        attempt(request, partial(services.deliver, **ids, done_on=day), done=_("The delivery is recorded."))
    return back(request, "progress_detail", review.pk)
