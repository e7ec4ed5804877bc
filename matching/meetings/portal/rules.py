"""Pages of the rules by which meetings are proposed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.utils.translation import gettext as _

from matching.chains.models import Chain
from matching.meetings import access, services
from matching.meetings.forms import RuleForm
from matching.meetings.models import MeetingRule
from matching.pages import PortalRequest, page, refuse_unless, see_other, show


def chains_kept(request: PortalRequest) -> list[Chain]:
    """Chains whose rules the person keeps."""
    return [chain for chain in Chain.objects.all() if access.keeps_rule(request.user, chain.pk)]


@page("GET")
def rule_list(request: PortalRequest) -> HttpResponse:
    """The rules by which meetings are proposed."""
    chains = chains_kept(request)
    refuse_unless(bool(chains))
    rules = {
        rule.chain_id: rule for rule in MeetingRule.objects.filter(chain__in=chains).select_related("venue")
    }
    return show(
        request,
        "meetings/rule_list.html",
        {"rows": [(chain, rules.get(chain.pk)) for chain in chains]},
    )


@page("GET", "POST")
def rule_edit(request: PortalRequest, chain: str) -> HttpResponse:
    """Set or change the rule of a chain."""
    found = get_object_or_404(Chain, pk=chain)
    refuse_unless(access.keeps_rule(request.user, found.pk))
    rule = MeetingRule.objects.filter(chain=found).first() or MeetingRule(chain=found)
    form = RuleForm(request.POST if request.method == "POST" else None, instance=rule)
    if form.is_bound and form.is_valid():
        services.save_rule(actor=request.user, rule=form.instance)
        messages.success(request, _("The rule is saved."))
        return see_other(resolve_url("rule_list"))
    status = 422 if form.is_bound else 200
    return show(request, "meetings/rule_form.html", {"form": form, "chain": found}, status=status)
