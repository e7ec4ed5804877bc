"""Pages of the rules by which meetings are proposed."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.utils.translation import gettext as _

from matching.chains.models import Chain
from matching.meetings import access, services
from matching.meetings.events import PATTERNS, Event
from matching.meetings.forms import RuleForm
from matching.meetings.models import MeetingRule
from matching.pages import PortalRequest, page, refuse_unless, see_other, show


def chains_kept(request: PortalRequest) -> list[Chain]:
    """Chains whose rules the person keeps."""
    return [chain for chain in Chain.objects.all() if access.keeps_rule(request.user, chain.pk)]


@page("GET")
def rule_list(request: PortalRequest) -> HttpResponse:
    """The rules by which meetings are proposed: those of each chain, and the events that have none."""
    chains = chains_kept(request)
    refuse_unless(bool(chains))
    rules = {
        (rule.chain_id, rule.event): rule
        for rule in MeetingRule.objects.filter(chain__in=chains).select_related("venue")
    }
    rows = [
        (
            chain,
            [rule for event in Event if (rule := rules.get((chain.pk, event)))],
            [event for event in Event if (chain.pk, event) not in rules],
        )
        for chain in chains
    ]
    return show(request, "meetings/rule_list.html", {"rows": rows})


@page("GET", "POST")
def rule_edit(request: PortalRequest, chain: str) -> HttpResponse:
    """Set or change the rule of a chain for one kind of event, named in the query."""
    found = get_object_or_404(Chain, pk=chain)
    refuse_unless(access.keeps_rule(request.user, found.pk))
    event = request.GET.get("event", Event.SIGNING)
    if event not in PATTERNS:
        raise Http404
    rule = MeetingRule.objects.filter(chain=found, event=event).first() or _first(found, event)
    form = RuleForm(request.POST if request.method == "POST" else None, instance=rule)
    if form.is_bound and form.is_valid():
        services.save_rule(
            actor=request.user, rule=form.instance, other_venues=form.cleaned_data["other_venues"]
        )
        messages.success(request, _("The rule is saved."))
        return see_other(resolve_url("rule_list"))
    status = 422 if form.is_bound else 200
    context = {"form": form, "chain": found, "event": Event(event)}
    return show(request, "meetings/rule_form.html", context, status=status)


def _first(chain: Chain, event: str) -> MeetingRule:
    pattern = PATTERNS[event]
    return MeetingRule(
        chain=chain, event=event, slot_minutes=pattern.slot_minutes, slots_a_day=pattern.slots_a_day
    )
