"""Pages of changed plans: what if, the effect before anything happens, and putting it into force."""

from __future__ import annotations

import uuid
from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRefresh

from matching.disclosure.services import saw_pairs
from matching.errors import Refusal
from matching.meetings import access, queries, services
from matching.meetings.forms import ChangesForm
from matching.meetings.states import PLANNED_ANEW, DraftAction, DraftState
from matching.meetings.words import PROBLEMS
from matching.pages import (
    PortalRequest,
    attempt,
    in_words,
    page,
    refuse_unless,
    see_other,
    show,
    status_of,
)


@page("GET", "POST")
def draft_new(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Say what happened or is wanted otherwise; a worker computes what the plan would be."""
    meeting = get_object_or_404(queries.meetings(request.user), pk=pk)
    refuse_unless(access.can_draft(request.user, meeting))
    meeting, planned = queries.plan_of(request.user, meeting)
    saw_pairs(item.review for item in planned)
    data = request.POST if request.method == "POST" else None
    form = ChangesForm(data, meeting=meeting, planned=planned)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            draft = services.draft(actor=request.user, meeting_id=meeting.pk, changes=form.changes())
        except Refusal as refusal:
            form.add_error(None, in_words(refusal))
            status = status_of(refusal)
        else:
            return see_other(resolve_url("draft_detail", draft.pk))
    return show(request, "meetings/draft_form.html", {"form": form, "meeting": meeting}, status=status)


@page("GET")
def draft_detail(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """What would change: from, to, why and for whom; then apply it or leave it."""
    draft = get_object_or_404(queries.drafts(request.user).select_related("meeting__venue"), pk=pk)
    told = queries.told(draft) if draft.outcome else None
    if told is not None:
        saw_pairs(
            [*(move.review for move in told.moves), *told.left, *(review for review, *_at in told.added)]
        )
    meeting = draft.meeting
    context = {
        "draft": draft,
        "meeting": meeting,
        "told": told,
        "problem": PROBLEMS.get(draft.problem, ""),
        "outdated": draft.state == DraftState.READY and draft.based_on != meeting.plan,
        "can_apply": meeting.state in PLANNED_ANEW and access.can_apply(request.user, meeting),
    }
    return show(request, "meetings/draft_detail.html", context)


@page("GET", beside=True)
def draft_progress(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Whether it is computed yet; asks the browser to load the page anew when it is."""
    draft = get_object_or_404(queries.drafts(request.user), pk=pk)
    if draft.state != DraftState.WAITING:
        return HttpResponseClientRefresh()
    return show(request, "meetings/_draft_progress.html", {"draft": draft})


@page("POST")
def draft_act(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Put a draft into force, or compute it anew."""
    draft = get_object_or_404(queries.drafts(request.user), pk=pk)
    wanted = request.POST.get("action", "")
    if wanted not in (DraftAction.APPLY, DraftAction.RECOMPUTE):
        raise Http404
    if wanted == DraftAction.RECOMPUTE:
        attempt(request, partial(services.recompute, actor=request.user, draft_id=pk))
        return see_other(resolve_url("draft_detail", pk))
    applied = attempt(
        request,
        partial(services.apply_draft, actor=request.user, draft_id=pk),
        done=_("The new plan is in force."),
    )
    if applied is None:
        return see_other(resolve_url("draft_detail", pk))
    return see_other(resolve_url("meeting_detail", draft.meeting_id))
