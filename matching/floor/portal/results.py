"""Recording a result at the table."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.utils.translation import gettext as _

from matching.agreements.access import sides
from matching.agreements.models import Outcome
from matching.disclosure.services import saw_pairs
from matching.errors import Conflict, Forbidden, Invalid, Refusal
from matching.floor import services
from matching.floor.forms import ResultForm, seen
from matching.meetings.models import Appointment
from matching.meetings.states import MeetingState
from matching.pages import PortalRequest, in_words, page, refuse_unless, see_other, show, status_of
from matching.refusals import database_refusals


@page("GET", "POST")
def outcome_record(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Record what came of an appointment, in under a minute; what somebody else recorded meanwhile is shown
    beside what was typed."""
    appointment = get_object_or_404(_recorded_for(request), pk=pk)
    refuse_unless(bool(sides(request.user, appointment.review)))
    standing = _standing(request, pk)
    form = ResultForm(request.POST) if request.method == "POST" else ResultForm.of(appointment, standing)
    status, other = 200, None
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                with database_refusals():
                    services.record_result(actor=request.user, appointment_id=appointment.pk, **form.told())
            except Forbidden:
                raise
            except Refusal as refusal:
                status = status_of(refusal)
                form = _refused(request, form, refusal, standing)
                other = standing if isinstance(refusal, Conflict) and refusal.code == "recorded" else None
            else:
                messages.success(request, _("The result is recorded."))
                return see_other(_next(appointment))
    saw_pairs([appointment.review])
    context = {"form": form, "appointment": appointment, "other": other, "standing": standing}
    return show(request, "floor/result.html", context, status=status)


def _recorded_for(request: PortalRequest) -> QuerySet[Appointment]:
    """Also what a meeting that was cancelled gave up: the refusal says so."""
    return Appointment.objects.recorded_for(request.user).select_related(
        "meeting", "table", "review__demand__organisation", "review__supply__organisation"
    )


def _next(appointment: Appointment) -> str:
    """Back to the tables while the meeting is on, to the pair's progress afterwards."""
    if appointment.meeting.state == MeetingState.APPROVED:
        return resolve_url("floor_board", appointment.meeting_id)
    return resolve_url("progress_detail", appointment.review_id)


def _standing(request: PortalRequest, appointment_id: uuid.UUID) -> Outcome | None:
    rows = Outcome.objects.visible_to(request.user).select_related("agreement", "recorded_by")
    return rows.filter(appointment=appointment_id).first()


def _refused(
    request: PortalRequest, form: ResultForm, refusal: Refusal, standing: Outcome | None
) -> ResultForm:
    """The same form with what is wrong; sent again after a conflict, it replaces what stands."""
    if isinstance(refusal, Conflict) and refusal.code == "recorded":
        typed = request.POST.copy()
        typed["seen"] = seen(standing)
        form = ResultForm(typed)
        form.is_valid()
    if isinstance(refusal, Invalid):
        for name, texts in refusal.fields.items():
            form.add_error(name if name in form.fields else None, list(texts))
    else:
        form.add_error(None, in_words(refusal))
    return form
