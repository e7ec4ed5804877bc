"""The desk says what has happened; a worker computes what the rest of the day would be."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone

from matching.errors import Refusal
from matching.floor import services
from matching.floor.forms import RestOfDayForm
from matching.floor.models import Arrival
from matching.floor.portal.board import meeting_of
from matching.floor.queries import invited
from matching.meetings import access
from matching.meetings.models import SigningMeeting
from matching.meetings.queries.today import is_on
from matching.pages import PortalRequest, in_words, page, refuse_unless, see_other, show, status_of


@page("GET", "POST")
def floor_replan(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """A late firm, one that does not come, or a lost table: see what would change before anything does."""
    meeting = meeting_of(request, pk)
    refuse_unless(access.can_draft(request.user, meeting))
    form = RestOfDayForm(
        request.POST if request.method == "POST" else None,
        firms=list(invited(meeting)),
        tables=_tables(meeting),
        initial=_initial(meeting, request.GET.get("firm", "")),
    )
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            draft = services.replan(actor=request.user, meeting_id=meeting.pk, **form.told())
        except Refusal as refusal:
            form.add_error(None, in_words(refusal))
            status = status_of(refusal)
        else:
            return see_other(resolve_url("draft_detail", draft.pk))
    context = {"form": form, "meeting": meeting, "is_on": is_on(meeting)}
    return show(request, "floor/replan.html", context, status=status)


def _tables(meeting: SigningMeeting) -> list[int]:
    held = meeting.appointments.filter(is_active=True)
    return sorted(set(held.values_list("table__number", flat=True)))


def _initial(meeting: SigningMeeting, firm: str) -> dict[str, Any]:
    """The firm that the desk came from, and when it said it would come."""
    try:
        arrival = Arrival.objects.filter(meeting=meeting, organisation=uuid.UUID(firm)).first()
    except ValueError:
        return {}
    coming = arrival and arrival.coming_at
    return {"organisation": firm, "comes_at": coming and timezone.localtime(coming).time()}
