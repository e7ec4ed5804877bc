"""The board of a running meeting: for the office, for the wall of the hall, for one firm."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.agreements.access import sides
from matching.agreements.models import Outcome
from matching.disclosure.services import saw_pairs
from matching.floor import access, services
from matching.floor.queries import board, invited
from matching.floor.states import SittingAction
from matching.meetings import queries as meetings
from matching.meetings.models import SigningMeeting
from matching.meetings.states import MeetingState
from matching.pages import PortalRequest, attempt, back, page, refuse_unless, show

DELAYS = (10, 20, 30, 60)
"""Minutes that are offered for a delay."""


def meeting_of(request: PortalRequest, pk: uuid.UUID) -> SigningMeeting:
    """A visible meeting; the 404 page else."""
    return get_object_or_404(meetings.meetings(request.user), pk=pk)


@page("GET")
def floor_board(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """What is on at every table and who is next; a firm sees its own appointments only."""
    meeting = meeting_of(request, pk)
    found = board(request.user, meeting)
    saw_pairs(row.appointment.review for row in found.rows)
    context = {
        "meeting": meeting,
        "board": found,
        "whole": access.sees_whole(request.user, meeting),
        "keeps_desk": access.keeps_desk(request.user, meeting),
        "is_on": meeting.state == MeetingState.APPROVED,
        "is_today": meeting.date == timezone.localdate(),
        "firms": list(invited(meeting).filter(pk__in=[firm.pk for firm in request.user.firms()])),
        "records": any(sides(request.user, row.appointment.review) for row in found.rows),
        "recorded": set(_recorded(meeting)),
        "delays": DELAYS,
        "now": timezone.now(),
    }
    template = "floor/_board.html" if request.htmx.target == "board" else "floor/board.html"
    return show(request, template, context)


def _recorded(meeting: SigningMeeting) -> Iterable[uuid.UUID]:
    """Appointments with a result."""
    return Outcome.objects.filter(appointment__meeting=meeting).values_list("appointment_id", flat=True)


@page("GET")
def floor_wall(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """The board for a screen in the hall: tables, firms and times, nothing of what they talk about."""
    meeting = meeting_of(request, pk)
    refuse_unless(access.sees_whole(request.user, meeting))
    found = board(request.user, meeting)
    saw_pairs(row.appointment.review for row in found.rows)
    return show(request, "floor/wall.html", {"meeting": meeting, "board": found, "now": timezone.now()})


@page("POST")
def sitting_step(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Begin, finish or strike an appointment, or take that back."""
    appointment = get_object_or_404(meetings.appointments(request.user), pk=pk)
    wanted = request.POST.get("action", "")
    if wanted not in SittingAction:
        raise Http404
    action = SittingAction(wanted)
    attempt(
        request,
        partial(services.step, actor=request.user, appointment_id=appointment.pk, action=action),
        done=_("Table %(number)s: %(action)s.")
        % {"number": appointment.table.number, "action": action.label},
    )
    return back(request, "floor_board", appointment.meeting_id)
