"""Pages of a chain's rules: versions, their differences, proposals, and a form for new ones."""

from __future__ import annotations

import uuid
from functools import partial

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.urls import path
from django.utils.translation import gettext as _

from matching import kinds
from matching.chains.models import Chain
from matching.engine.policies import differences, terms
from matching.engine.types import Policy
from matching.errors import Refusal
from matching.pages import (
    PortalRequest,
    attempt,
    in_words,
    page,
    page_of,
    refuse_unless,
    see_other,
    show,
    status_of,
)
from matching.runs import access, queries, services
from matching.runs.forms import RulesForm
from matching.runs.models import PolicyVersion
from matching.runs.states import PROPOSAL, ProposalAction, ProposalState


@page("GET")
def policy_list(request: PortalRequest) -> HttpResponse:
    """Versions of the rules of one's chains, and what is proposed."""
    refuse_unless(access.sees_runs(request.user))
    versions = queries.versions(request.user).order_by("chain__position", "kind", "-number")
    proposals = queries.proposals(request.user).filter(state=ProposalState.OPEN)
    return show(
        request,
        "runs/policy_list.html",
        {
            "page": page_of(request, versions),
            "proposals": proposals.order_by("chain__position", "kind"),
            "chains": [
                chain for chain in Chain.objects.all() if access.can_set_policy(request.user, chain.pk)
            ],
        },
    )


@page("GET")
def policy_detail(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """A version term by term, beside another one: the one before it where none is asked for."""
    version = get_object_or_404(queries.versions(request.user), pk=pk)
    others = (
        queries.versions(request.user)
        .filter(chain=version.chain_id, kind=version.kind)
        .exclude(pk=pk)
        .order_by("-number")
    )
    against = _against(request, version, others)
    return show(
        request,
        "runs/policy_detail.html",
        {
            "version": version,
            "terms": list(terms(queries.rules_of(version))),
            "others": others,
            "against": against,
            "differences": _differences(against, version) if against else (),
            "can_set": access.can_set_policy(request.user, version.chain_id),
        },
    )


def _against(
    request: PortalRequest, version: PolicyVersion, others: QuerySet[PolicyVersion]
) -> PolicyVersion | None:
    wanted = request.GET.get("against", "")
    if wanted.isdecimal():
        return others.filter(number=int(wanted[:9])).first()
    return others.filter(number__lt=version.number).first()


def _differences(before: PolicyVersion, after: PolicyVersion) -> object:
    return differences(queries.rules_of(before), queries.rules_of(after))


@page("GET", "POST")
def policy_create(request: PortalRequest, chain: str) -> HttpResponse:
    """New rules by hand, starting from the current ones or from the version in ``?from=``."""
    found = get_object_or_404(Chain, pk=chain)
    refuse_unless(access.can_set_policy(request.user, found.pk))
    kind = request.GET.get("kind", "product")
    if kind not in dict(kinds.choices()):
        raise Http404
    start, number = _start(request, found, kind)
    form = RulesForm(request.POST if request.method == "POST" else None, start=start)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                version = services.adopt_rules(
                    actor=request.user,
                    chain_id=found.pk,
                    kind=kind,
                    rules=form.rules(),
                    note=form.cleaned_data["note"],
                )
            except Refusal as refusal:
                form.add_error(None, in_words(refusal))
                status = status_of(refusal)
            else:
                messages.success(request, _("Adopted; it counts from the next run on."))
                return see_other(resolve_url("policy_detail", version.pk))
    context = {"form": form, "chain": found, "kind": kind, "number": number}
    return show(request, "runs/policy_form.html", context, status=status)


def _start(request: PortalRequest, chain: Chain, kind: str) -> tuple[Policy, int]:
    """The rules that the form begins with and their number; nothing is stored for looking at them."""
    versions = queries.versions(request.user).filter(chain=chain, kind=kind).order_by("-number")
    wanted = request.GET.get("from", "")
    if wanted.isdecimal():
        versions = versions.filter(number=int(wanted[:9]))
    version = versions.first()
    return (queries.rules_of(version), version.number) if version else (kinds.get(kind).policy, 1)


@page("GET", "POST")
def policy_restore(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Go back to an old version: first what that changes, then its rules become the next one."""
    version = get_object_or_404(queries.versions(request.user), pk=pk)
    refuse_unless(access.can_set_policy(request.user, version.chain_id))
    if request.method == "GET":
        return _confirm_restore(request, version)
    note = _("As version %(number)d") % {"number": version.number}
    restored = attempt(
        request,
        partial(services.restore_version, actor=request.user, version_id=pk, note=note),
        done=_("Adopted; it counts from the next run on."),
    )
    return see_other(resolve_url("policy_detail", (restored or version).pk))


def _confirm_restore(request: PortalRequest, version: PolicyVersion) -> HttpResponse:
    versions = queries.versions(request.user).filter(chain=version.chain_id, kind=version.kind)
    present = versions.order_by("-number")[0]
    context = {"version": version, "present": present, "differences": _differences(present, version)}
    return show(request, "runs/policy_restore.html", context)


@page("GET")
def proposal_detail(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Proposed rules with the report that they rest on."""
    proposal = get_object_or_404(queries.proposals(request.user), pk=pk)
    may = access.can_set_policy(request.user, proposal.chain_id)
    return show(
        request,
        "runs/proposal_detail.html",
        {
            "proposal": proposal,
            "lesson": services.lesson_of(proposal),
            "can_decide": may and PROPOSAL.allows(proposal.state, ProposalAction.ADOPT),
        },
    )


@page("POST")
def proposal_decide(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Adopt a proposal, or reject it."""
    proposal = get_object_or_404(queries.proposals(request.user), pk=pk)
    text = request.POST.get("note", "")
    verbs = {
        ProposalAction.ADOPT: partial(services.adopt_proposal, note=text),
        ProposalAction.REJECT: partial(services.reject_proposal, reason=text),
    }
    verb = verbs.get(request.POST.get("action", ""))  # type: ignore[call-overload]
    if verb is None:
        raise Http404
    attempt(request, partial(verb, actor=request.user, proposal_id=pk), done=_("Your decision is kept."))
    return see_other(resolve_url("proposal_detail", proposal.pk))


urlpatterns = [
    path("policies/", policy_list, name="policy_list"),
    path("policies/new/<slug:chain>/", policy_create, name="policy_create"),
    path("policies/<uuid:pk>/", policy_detail, name="policy_detail"),
    path("policies/<uuid:pk>/restore/", policy_restore, name="policy_restore"),
    path("policies/proposals/<uuid:pk>/", proposal_detail, name="proposal_detail"),
    path("policies/proposals/<uuid:pk>/decide/", proposal_decide, name="proposal_decide"),
]
