"""Parties come, or say that they come later."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from matching.errors import Conflict, Forbidden, Invalid
from matching.floor import access
from matching.floor.models import Arrival
from matching.floor.permits import FloorAct
from matching.floor.queries import may_come
from matching.floor.services.locks import lock_running
from matching.meetings.models import SigningMeeting

MOST_MINUTES = 480


@transaction.atomic
def check_in(*, actor: User, meeting_id: uuid.UUID, organisation_id: uuid.UUID) -> Arrival:
    """Note that a party is here; a second time changes nothing.

    Side effects: the time of its arrival; what it had announced stays on record. Raises ``Forbidden``, and
    ``Conflict`` for who has no appointment and might have none on the
    spot, or where the meeting is not on.
    """
    arrival = _arrival(actor, meeting_id, organisation_id, FloorAct.CHECK_IN)
    if arrival.arrived_at is None:
        arrival.arrived_at, arrival.noted_by = timezone.now(), actor
        arrival.save()
    return arrival


@transaction.atomic
def undo_check_in(*, actor: User, meeting_id: uuid.UUID, organisation_id: uuid.UUID) -> Arrival:
    """Take a check-in back that was a mistake. Raises as ``check_in``."""
    arrival = _arrival(actor, meeting_id, organisation_id, FloorAct.UNDO_CHECK_IN)
    if arrival.arrived_at is not None:
        arrival.arrived_at, arrival.noted_by = None, actor
        arrival.save()
    return arrival


@transaction.atomic
def announce_delay(
    *, actor: User, meeting_id: uuid.UUID, organisation_id: uuid.UUID, minutes: int
) -> Arrival:
    """Note that a party comes in so many minutes from now; 0 takes the announcement back.

    Side effects: the board expects its appointments, and what has to wait for them, later. Raises as
    ``check_in``, ``Invalid`` for more than eight hours, ``Conflict`` where the party is here already.
    """
    if not 0 <= minutes <= MOST_MINUTES:
        raise Invalid({"minutes": [_("From 0 to 480 minutes.")]})
    arrival = _arrival(actor, meeting_id, organisation_id, FloorAct.BE_LATE)
    if arrival.arrived_at is not None:
        raise Conflict(_("This party is here already."), code="already_here")
    arrival.coming_at = timezone.now() + timedelta(minutes=minutes) if minutes else None
    arrival.noted_by = actor
    arrival.save()
    return arrival


def _arrival(actor: User, meeting_id: uuid.UUID, organisation_id: uuid.UUID, act: FloorAct) -> Arrival:
    """The locked row, new where there is none yet."""
    meeting = lock_running(meeting_id)
    if not access.may_arrive(actor, meeting, organisation_id, act):
        raise Forbidden(_("Your role does not allow this."), code="not_your_meeting")
    _refuse_stranger(meeting, organisation_id)
    found = Arrival.objects.filter(meeting=meeting, organisation_id=organisation_id).first()
    return found or Arrival(meeting=meeting, organisation_id=organisation_id)


def _refuse_stranger(meeting: SigningMeeting, organisation_id: uuid.UUID) -> None:
    if not may_come(meeting).filter(pk=organisation_id).exists():
        raise Conflict(_("This firm has no appointment at this meeting."), code="no_appointment")
