"""Supervision orders and the rules that they follow from."""

from __future__ import annotations

import uuid
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.agreements import access, queries, services
from matching.agreements.forms import AnswerForm, FollowUpRuleForm
from matching.agreements.models import SupervisionOrder
from matching.agreements.states import OrderAction, OrderState
from matching.chains.models import Chain
from matching.disclosure.services import saw_pairs
from matching.errors import Conflict, Invalid
from matching.pages import PortalRequest, attempt, back, page, page_of, refuse_unless, see_other, show


@page("GET")
def order_list(request: PortalRequest) -> HttpResponse:
    """Supervision orders of one's chains, those that wait for an answer first."""
    refuse_unless(access.sees_orders(request.user))
    every = queries.orders(request.user)
    shelves = {
        "open": every.exclude(state=OrderState.CLOSED),
        "closed": every.filter(state=OrderState.CLOSED).order_by("-closed_at", "pk"),
    }
    shelf = request.GET.get("show", "open")
    shelf = shelf if shelf in shelves else "open"
    found = page_of(request, shelves[shelf])
    saw_pairs(order.milestone.review for order in found)
    context = {
        "page": found,
        "shelf": shelf,
        "counts": {name: rows.count() for name, rows in shelves.items()},
        "today": timezone.localdate(),
        "keeps_rules": bool(_chains_kept(request)),
    }
    return show(request, "agreements/order_list.html", context)


@page("GET")
def order_detail(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """One order with its answer."""
    return _detail(request, _order(request, pk))


def _order(request: PortalRequest, pk: uuid.UUID) -> SupervisionOrder:
    found: SupervisionOrder = get_object_or_404(queries.orders(request.user), pk=pk)
    return found


def _detail(
    request: PortalRequest,
    order: SupervisionOrder,
    form: AnswerForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    saw_pairs([order.milestone.review])
    context = {
        "order": order,
        "review": order.milestone.review,
        "actions": access.order_actions(request.user, order),
        "form": form or AnswerForm(),
        "problem": problem,
        "today": timezone.localdate(),
    }
    return show(request, "agreements/order_detail.html", context, status=status)


@page("POST")
def order_act(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Answer, return or close an order."""
    order = _order(request, pk)
    wanted = request.POST.get("action", "")
    if wanted not in OrderAction:
        raise Http404
    refuse_unless(access.may_order(request.user, order, wanted))
    if wanted == OrderAction.ANSWER:
        return _answer(request, order)
    if wanted == OrderAction.RETURN:
        reason = request.POST.get("reason", "").replace("\0", "")
        if not reason.strip():
            return _detail(request, order, problem=_("Please give a reason."), status=422)
        verb = partial(services.return_order, actor=request.user, order_id=order.pk, reason=reason)
        attempt(request, verb, done=_("The order is returned."))
    else:
        close = partial(services.close_order, actor=request.user, order_id=order.pk)
        attempt(request, close, done=_("The order is closed."))
    return back(request, "order_detail", order.pk)


def _answer(request: PortalRequest, order: SupervisionOrder) -> HttpResponse:
    form = AnswerForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        try:
            services.answer_order(
                actor=request.user, order_id=order.pk, answer=told["answer"], due_on=told["due_on"]
            )
        except Invalid as refusal:
            form.show_problems(refusal)
        except Conflict as refusal:
            messages.error(request, refusal.message)
            return see_other(resolve_url("order_detail", order.pk))
        else:
            messages.success(request, _("The answer is sent."))
            return see_other(resolve_url("order_detail", order.pk))
    return _detail(request, order, form, status=422)


def _chains_kept(request: PortalRequest) -> list[Chain]:
    return [chain for chain in Chain.objects.all() if access.keeps_rule(request.user, chain.pk)]


@page("GET")
def follow_up_rule_list(request: PortalRequest) -> HttpResponse:
    """By which days the pairs of each chain are followed up."""
    chains = _chains_kept(request)
    refuse_unless(bool(chains))
    kept = {rule.chain_id: rule for rule in queries.rules(request.user)}
    rows = [(chain, kept.get(chain.pk) or queries.rule_of(chain.pk), chain.pk in kept) for chain in chains]
    return show(request, "agreements/rule_list.html", {"rows": rows})


@page("GET", "POST")
def follow_up_rule_edit(request: PortalRequest, chain: str) -> HttpResponse:
    """Set or change the days of a chain."""
    found = get_object_or_404(Chain, pk=chain)
    refuse_unless(access.keeps_rule(request.user, found.pk))
    rule = queries.rule_of(found.pk)
    form = FollowUpRuleForm(request.POST if request.method == "POST" else None, instance=rule)
    if form.is_bound and form.is_valid():
        services.save_rule(actor=request.user, rule=form.instance)
        messages.success(request, _("The rule is saved."))
        return see_other(resolve_url("follow_up_rule_list"))
    status = 422 if form.is_bound else 200
    return show(request, "agreements/rule_form.html", {"form": form, "chain": found}, status=status)
