"""Pages of signing meetings."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.chains.models import Chain
from matching.disclosure.models import Part
from matching.disclosure.services import saw, saw_pairs
from matching.errors import Refusal
from matching.lists.models import DemandLine, SupplyLine
from matching.meetings import access, queries, services
from matching.meetings.forms import MoveForm, RuleForm
from matching.meetings.models import Appointment, MeetingRule
from matching.meetings.states import GIVEN_UP, NEEDS_REASON, MeetingAction, MeetingState
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
from matching.review.access import shows_contacts


@dataclass(frozen=True, slots=True)
class Seat:
    """An appointment as one of its two firms sees it; contacts as long as both say yes."""

    appointment: Appointment
    own: DemandLine | SupplyLine
    other: DemandLine | SupplyLine
    contact: str

    @classmethod
    def of(cls, appointment: Appointment, firms: set[uuid.UUID]) -> Seat:
        """The own side is the demand where the firm is its buyer."""
        review = appointment.review
        sides = (review.demand, review.supply)
        own, other = sides if review.demand.organisation_id in firms else sides[::-1]
        told = f"{other.contact_name} {other.contact_phone}".strip()
        contact = told if shows_contacts(review.state) else ""
        saw([other], *([Part.CONTACTS] if contact else []))
        return cls(appointment, own, other, contact)


@page("GET")
def meeting_list(request: PortalRequest) -> HttpResponse:
    """Signing meetings of one's chains, or those that one's firm takes part in."""
    rules = [
        rule
        for rule in MeetingRule.objects.select_related("chain", "venue").order_by("chain__position")
        if access.can_propose(request.user, rule.chain_id)
    ]
    return show(
        request,
        "meetings/meeting_list.html",
        {
            "page": page_of(request, queries.meetings(request.user).order_by("-date", "pk")),
            "rules": [rule for rule in rules if rule.is_active],
            "keeps_rules": bool(_chains_kept(request)),
        },
    )


def _chains_kept(request: PortalRequest) -> list[Chain]:
    return [chain for chain in Chain.objects.all() if access.keeps_rule(request.user, chain.pk)]


@page("GET")
def meeting_detail(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """A meeting with its plan of tables and slots; a firm sees its own appointments only."""
    return _detail(request, pk)


def _detail(request: PortalRequest, pk: uuid.UUID, problem: str = "", status: int = 200) -> HttpResponse:
    meeting = get_object_or_404(queries.meetings(request.user), pk=pk)
    planned = list(queries.appointments(request.user, meeting))
    saw_pairs(item.review for item in planned)
    tables, rows = queries.grid(meeting, planned)
    context = {
        "meeting": meeting,
        "planned": planned,
        "tables": tables,
        "rows": rows,
        "actions": access.actions(request.user, meeting),
        "needs_reason": NEEDS_REASON,
        "given_up": meeting.state in GIVEN_UP,
        "can_move": access.can_move(request.user, meeting.chain_id)
        and meeting.state in (MeetingState.PROPOSED, MeetingState.APPROVED),
        "problem": problem,
    }
    return show(request, "meetings/meeting_detail.html", context, status=status)


@page("POST")
def meeting_act(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Approve, decline, cancel or close a meeting."""
    meeting = get_object_or_404(queries.meetings(request.user), pk=pk)
    wanted = request.POST.get("action", "")
    if wanted not in MeetingAction:
        raise Http404
    action = MeetingAction(wanted)
    reason = request.POST.get("reason", "")
    if action in NEEDS_REASON and not reason.strip():
        return _detail(request, pk, problem=_("Please give a reason."), status=422)
    attempt(
        request,
        partial(services.decide, actor=request.user, meeting_id=meeting.pk, action=action, reason=reason),
        done=_("Done: %(action)s.") % {"action": action.label},
    )
    return back(request, "meeting_detail", meeting.pk)


@page("POST")
def meeting_propose(request: PortalRequest, chain: str) -> HttpResponse:
    """Propose, or bring up to date, the chain's meeting of this period now."""
    rule = get_object_or_404(MeetingRule, chain_id=chain)
    today = timezone.localdate()
    meeting = attempt(request, lambda: (services.propose(rule_id=rule.pk, today=today, actor=request.user),))
    if meeting is None:
        return see_other(resolve_url("meeting_list"))
    if meeting[0] is None:
        messages.info(
            request,
            _("Nothing to propose: too few new accepted matches, or no free day at the venue."),
        )
        return see_other(resolve_url("meeting_list"))
    messages.success(request, _("A signing meeting is proposed."))
    return see_other(resolve_url("meeting_detail", meeting[0].pk))


@page("GET", "POST")
def appointment_move(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Give an appointment another table or slot."""
    appointment = get_object_or_404(queries.appointments(request.user), pk=pk)
    refuse_unless(access.can_move(request.user, appointment.meeting.chain_id))
    form = MoveForm(request.POST if request.method == "POST" else None, appointment=appointment)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            services.move(
                actor=request.user,
                appointment_id=appointment.pk,
                table_number=form.cleaned_data["table"],
                slot=form.cleaned_data["slot"],
            )
        except Refusal as refusal:
            form.add_error(None, in_words(refusal))
            status = status_of(refusal)
        else:
            messages.success(request, _("The appointment is moved."))
            return see_other(resolve_url("meeting_detail", appointment.meeting_id))
    saw_pairs([appointment.review])
    context = {"form": form, "appointment": appointment}
    return show(request, "meetings/appointment_move.html", context, status=status)


@page("GET")
def appointment_list(request: PortalRequest) -> HttpResponse:
    """One's own appointments, to come or past: when, where, with whom and about what."""
    firms = {firm.pk for firm in request.user.firms()}
    refuse_unless(bool(firms))
    shelves = {past: queries.own_appointments(request.user, past=past) for past in (False, True)}
    past = request.GET.get("show") == "past"
    found = page_of(request, shelves[past])
    context = {
        "page": found,
        "rows": [Seat.of(item, firms) for item in found],
        "past": past,
        "coming_count": shelves[False].count(),
        "past_count": shelves[True].count(),
    }
    return show(request, "meetings/appointment_list.html", context)


@page("GET")
def rule_list(request: PortalRequest) -> HttpResponse:
    """The rules by which meetings are proposed."""
    chains = _chains_kept(request)
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


urlpatterns = [
    path("meetings/", meeting_list, name="meeting_list"),
    path("meetings/rules/", rule_list, name="rule_list"),
    path("meetings/rules/<slug:chain>/", rule_edit, name="rule_edit"),
    path("meetings/propose/<slug:chain>/", meeting_propose, name="meeting_propose"),
    path("meetings/<uuid:pk>/", meeting_detail, name="meeting_detail"),
    path("meetings/<uuid:pk>/act/", meeting_act, name="meeting_act"),
    path("appointments/", appointment_list, name="appointment_list"),
    path("appointments/<uuid:pk>/move/", appointment_move, name="appointment_move"),
]
