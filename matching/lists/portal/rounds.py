"""Pages of rounds."""

from __future__ import annotations

import uuid
from functools import partial

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permits.reach import chain_filter
from matching.chains.models import Chain
from matching.errors import Invalid
from matching.lists import access, queries, services
from matching.lists.forms import RoundFilter, RoundForm
from matching.lists.models import Round
from matching.lists.portal.sides import posted
from matching.lists.states import RoundAction, RoundState
from matching.pages import PortalRequest, attempt, back, page, page_of, refuse_unless, see_other, show


@page("GET")
def round_list(request: PortalRequest) -> HttpResponse:
    """Collection periods with what came in."""
    filters = RoundFilter(request.GET)
    rounds = queries.rounds_with_counts(request.user).order_by("-opens_at", "chain__position", "pk")
    if filters.is_valid():
        if chain := filters.cleaned_data["chain"]:
            rounds = rounds.filter(chain=chain)
        if state := filters.cleaned_data["state"]:
            rounds = rounds.filter(state=state)
    found = page_of(request, rounds)
    for round_ in found:
        round_.allowed = [RoundAction(action) for action in access.round_actions(request.user, round_)]
        round_.overseen = access.oversees(request.user, round_)
        round_.counted = access.counts_lines(request.user, round_)
        round_.runnable = access.can_manage_round(request.user, round_) and round_.state != RoundState.PLANNED
    return show(
        request,
        "lists/round_list.html",
        {"page": found, "filters": filters, "can_plan": _planned_chains(request.user).exists()},
    )


def _planned_chains(user: User) -> QuerySet[Chain]:
    return Chain.objects.filter(chain_filter("code", access.planned_chains(user)))


@page("GET", "POST")
def round_plan(request: PortalRequest) -> HttpResponse:
    """Plan a collection period."""
    chains = _planned_chains(request.user)
    refuse_unless(chains.exists())
    today = timezone.localdate()
    form = RoundForm(posted(request), chains=chains, initial={"opens_on": today})
    if form.is_bound and form.is_valid():
        begin, end = form.span()
        try:
            services.plan_round(
                actor=request.user,
                chain_id=form.cleaned_data["chain"].pk,
                name=form.cleaned_data["name"],
                opens_at=begin,
                closes_at=end,
            )
        except Invalid as invalid:
            form.show_problems(invalid.fields)
        else:
            messages.success(request, _("The round is planned; it opens by itself on its day."))
            return see_other(resolve_url("round_list"))
    return show(request, "lists/round_plan.html", {"form": form}, status=422 if form.is_bound else 200)


@page("POST")
def round_act(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Open or close a round."""
    round_ = get_object_or_404(Round.objects.visible_to(request.user), pk=pk)
    wanted = request.POST.get("action", "")
    if wanted not in (RoundAction.OPEN, RoundAction.CLOSE):
        raise Http404
    action = RoundAction(wanted)
    attempt(
        request,
        partial(services.change_round, actor=request.user, round_id=round_.pk, action=action),
        done=_("Done: %(action)s.") % {"action": action.label},
    )
    return back(request, "round_list")
