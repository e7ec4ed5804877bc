"""Pages of appointments: a firm's own, and moving one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.utils.translation import gettext as _

from matching.disclosure.models import Part
from matching.disclosure.services import saw, saw_pairs
from matching.errors import Refusal
from matching.lists.models import DemandLine, SupplyLine
from matching.meetings import access, queries, services
from matching.meetings.forms import MoveForm
from matching.meetings.models import Appointment
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


@page("POST")
def appointment_pin(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """An appointment stays where it is whatever is planned anew, or need not any more."""
    appointment = get_object_or_404(queries.appointments(request.user), pk=pk)
    pinned = request.POST.get("pinned") == "1"
    attempt(request, partial(services.pin, actor=request.user, appointment_id=pk, pinned=pinned))
    return see_other(resolve_url("meeting_detail", appointment.meeting_id))


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
