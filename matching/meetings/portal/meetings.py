"""Pages of signing meetings: the list, one meeting with its plan, and what is decided of it."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.disclosure.services import saw_pairs
from matching.meetings import access, queries, services
from matching.meetings.events import Event
from matching.meetings.models import MeetingRule, SigningMeeting
from matching.meetings.portal.rules import chains_kept
from matching.meetings.states import GIVEN_UP, NEEDS_REASON, PLANNED_ANEW, MeetingAction, MeetingState
from matching.pages import PortalRequest, attempt, back, page, page_of, see_other, show


@page("GET")
def meeting_list(request: PortalRequest) -> HttpResponse:
    """Signing meetings of one's chains, or those that one's firm takes part in."""
    rules = [
        rule
        for rule in MeetingRule.objects.select_related("chain").order_by("chain__position", "event")
        if access.can_propose(request.user, rule.chain_id)
    ]
    return show(
        request,
        "meetings/meeting_list.html",
        {
            "page": page_of(request, queries.meetings(request.user).order_by("-date", "pk")),
            "rules": [rule for rule in rules if rule.is_active],
            "keeps_rules": bool(chains_kept(request)),
        },
    )


@page("GET")
def meeting_detail(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """A meeting with its plan of tables and slots; a firm sees its own appointments only."""
    return _detail(request, pk)


def _detail(request: PortalRequest, pk: uuid.UUID, problem: str = "", status: int = 200) -> HttpResponse:
    meeting = get_object_or_404(queries.meetings(request.user), pk=pk)
    meeting, planned = queries.plan_of(request.user, meeting)
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
        "can_move": access.can_move(request.user, meeting.chain_id) and meeting.state in PLANNED_ANEW,
        "sees_answers": access.sees_whole(request.user, meeting) and meeting.approved_at is not None,
        "problem": problem,
        "whole": access.sees_whole(request.user, meeting),
    }
    if context["whole"]:
        context |= _of_offices(request, meeting)
    return show(request, "meetings/meeting_detail.html", context, status=status)


def _of_offices(request: PortalRequest, meeting: SigningMeeting) -> dict[str, Any]:
    """Why it is proposed, and what it could be instead."""
    changes = meeting.state in PLANNED_ANEW
    found = queries.alternatives(meeting) if meeting.state == MeetingState.PROPOSED else ()
    told = [(draft, queries.told(draft) if draft.outcome else None) for draft in found]
    return {
        "reasons": queries.reasons_of(meeting),
        "alternatives": [(draft, one) for draft, one in told if one is None or one.differs(meeting)],
        "can_draft": changes and access.can_draft(request.user, meeting),
    }


@page("POST")
def meeting_act(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Agree, approve, send back, decline, cancel or close a meeting."""
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
        partial(
            services.decide,
            actor=request.user,
            meeting_id=meeting.pk,
            action=action,
            reason=reason,
            seen=int(seen) if (seen := request.POST.get("seen", "")).isdecimal() else None,
        ),
        done=_("Done: %(action)s.") % {"action": action.label},
    )
    return back(request, "meeting_detail", meeting.pk)


@page("POST")
def meeting_propose(request: PortalRequest, chain: str) -> HttpResponse:
    """Propose, or bring up to date, the chain's event of this period now."""
    wanted = request.POST.get("event", Event.SIGNING)
    rule = get_object_or_404(MeetingRule, chain_id=chain, event=wanted)
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
