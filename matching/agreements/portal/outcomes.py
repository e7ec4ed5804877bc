"""Recording what came of an appointment."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.utils.translation import gettext as _

from matching.agreements import access, services
from matching.agreements.forms import OutcomeForm
from matching.agreements.models import Outcome
from matching.disclosure.services import saw_pairs
from matching.errors import Invalid, Refusal
from matching.meetings.models import Appointment
from matching.pages import PortalRequest, in_words, page, refuse_unless, see_other, show, status_of
from matching.refusals import database_refusals


@page("GET", "POST")
def outcome_record(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """What came of an appointment, with the next step."""
    visible = Appointment.objects.recorded_for(request.user).select_related(
        "meeting", "review__demand__organisation", "review__supply__organisation"
    )
    appointment: Appointment = get_object_or_404(visible, pk=pk)
    refuse_unless(bool(access.sides(request.user, appointment.review)))
    form = OutcomeForm(request.POST if request.method == "POST" else None, initial=_known(appointment))
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            with database_refusals():
                services.record_outcome(actor=request.user, appointment_id=appointment.pk, **form.told())
        except Refusal as refusal:
            if isinstance(refusal, Invalid):
                form.show_problems(refusal)
            else:
                form.add_error(None, in_words(refusal))
            status = status_of(refusal)
        else:
            messages.success(request, _("The result is recorded."))
            return see_other(resolve_url("progress_detail", appointment.review_id))
    saw_pairs([appointment.review])
    context = {"form": form, "appointment": appointment, "review": appointment.review}
    return show(request, "agreements/outcome_form.html", context, status=status)


def _known(appointment: Appointment) -> dict[str, object]:
    outcome = Outcome.objects.filter(appointment=appointment).select_related("agreement").first()
    if outcome is None:
        return {"tax_included": True}
    known: dict[str, object] = {
        name: getattr(outcome, name) for name in ("result", "absent", "next_step", "due_on")
    }
    if outcome.agreement is not None:
        known |= {name: getattr(outcome.agreement, name) for name in ("amount", "tax_included")}
    return known
