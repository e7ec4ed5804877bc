"""Pages of the offices: all answers to a meeting, guests, reminders, cards for the tables."""

from __future__ import annotations

import uuid
from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.utils.translation import gettext as _

from matching.disclosure.services import saw_pairs
from matching.invitations import access, queries, services
from matching.invitations.forms import GuestForm
from matching.invitations.states import InvitationState
from matching.meetings.models import SigningMeeting
from matching.meetings.states import MeetingState
from matching.pages import (
    PortalRequest,
    attempt,
    bulk,
    page,
    refuse_unless,
    see_other,
    show,
    tell_outcome,
)


def _meeting(request: PortalRequest, pk: uuid.UUID) -> SigningMeeting:
    visible = SigningMeeting.objects.visible_to(request.user).select_related("chain", "venue")
    return get_object_or_404(visible, pk=pk)


@page("GET")
def answer_list(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Who comes, who does not, who has not answered."""
    meeting = _meeting(request, pk)
    refuse_unless(access.oversees(request.user, meeting))
    context = {
        "meeting": meeting,
        "answers": queries.answers(request.user, meeting),
        "may_invite": access.invites(request.user, meeting) and meeting.state == MeetingState.APPROVED,
        "guests": GuestForm(meeting_id=meeting.pk),
    }
    return show(request, "invitations/answer_list.html", context)


@page("POST")
def invited_remind(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Remind everybody who has not answered."""
    meeting = _meeting(request, pk)
    refuse_unless(access.invites(request.user, meeting))
    waiting = queries.invitations(request.user).filter(meeting=meeting, state=InvitationState.OPEN)
    outcome = bulk(
        waiting.order_by("pk"),
        lambda one: services.remind(actor=request.user, invitation_id=one.pk),
        lambda one: one.organisation.name,
    )
    tell_outcome(request, outcome)
    return see_other(resolve_url("answer_list", pk))


@page("POST")
def invitation_remind(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Remind one organisation."""
    invitation = get_object_or_404(queries.invitations(request.user), pk=pk)
    attempt(
        request,
        partial(services.remind, actor=request.user, invitation_id=pk),
        done=_("%(name)s is reminded.") % {"name": invitation.organisation.name},
    )
    return see_other(resolve_url("answer_list", invitation.meeting_id))


@page("POST")
def guest_invite(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Invite an office as a guest."""
    meeting = _meeting(request, pk)
    refuse_unless(access.invites(request.user, meeting))
    form = GuestForm(request.POST, meeting_id=meeting.pk)
    if form.is_valid():
        guest = form.cleaned_data["organisation"]
        attempt(
            request,
            partial(services.invite_guest, actor=request.user, meeting_id=pk, organisation_id=guest.pk),
            done=_("%(name)s is invited.") % {"name": guest.name},
        )
        return see_other(resolve_url("answer_list", pk))
    context = {
        "meeting": meeting,
        "answers": queries.answers(request.user, meeting),
        "may_invite": True,
        "guests": form,
    }
    return show(request, "invitations/answer_list.html", context, status=422)


@page("GET")
def table_cards(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """A card for each table, to be printed: its appointments in their order."""
    meeting = _meeting(request, pk)
    refuse_unless(access.oversees(request.user, meeting))
    found = queries.cards(request.user, meeting)
    saw_pairs(item.review for card in found for item in card.appointments)
    return show(request, "invitations/table_cards.html", {"meeting": meeting, "cards": found})
