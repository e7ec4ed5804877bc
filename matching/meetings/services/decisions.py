"""Decide on a signing meeting, move one of its appointments."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from matching.errors import Conflict, Forbidden, Invalid
from matching.meetings import access
from matching.meetings.models import Appointment, Attendance, SigningMeeting, Table
from matching.meetings.queries import slot_range
from matching.meetings.services.telling import tell_cancelled, tell_invited, tell_moved
from matching.meetings.states import GIVEN_UP, MEETING, NEEDS_REASON, MeetingAction, MeetingState

REASON_LENGTH = 500
_reason_checks = (MaxLengthValidator(REASON_LENGTH), ProhibitNullCharactersValidator())


@transaction.atomic
def decide(*, actor: User, meeting_id: uuid.UUID, action: MeetingAction, reason: str = "") -> SigningMeeting:
    """Approve, decline, cancel or close a meeting.

    Side effects: approval tells every party; declining or cancelling frees its tables and pairs, while
    its appointments stay on record. Concurrent calls: one wins, the other gets ``Conflict``.
    Raises ``Forbidden``, and ``Invalid`` for a reason that is missing or longer than 500 characters.
    """
    meeting = (
        SigningMeeting.objects.select_for_update(of=("self",)).select_related("chain").get(pk=meeting_id)
    )
    if not access.can_decide(actor, meeting, action):
        raise Forbidden(_("Your role does not allow this."), code="not_your_meeting")
    target = MEETING.target(meeting.state, action)
    _check_reason(action, reason)
    meeting.state, meeting.reason = target, reason
    meeting.decided_by, meeting.decided_at = actor, timezone.now()
    if target == MeetingState.APPROVED:
        meeting.approved_at = meeting.decided_at
        tell_invited(meeting)
    elif target in GIVEN_UP:
        _give_up(meeting)
    meeting.save()
    return meeting


def _check_reason(action: MeetingAction, reason: str) -> None:
    if action in NEEDS_REASON and not reason.strip():
        raise Invalid({"reason": [_("Please give a reason.")]})
    try:
        for check in _reason_checks:
            check(reason)
    except ValidationError as error:
        raise Invalid({"reason": error.messages}) from error


def _give_up(meeting: SigningMeeting) -> None:
    """Free tables, parties and pairs; who had been invited is told."""
    if meeting.approved_at is not None:
        tell_cancelled(meeting)
    Attendance.objects.filter(appointment__meeting=meeting).update(is_active=False)
    meeting.appointments.update(is_active=False)


@transaction.atomic
def move(*, actor: User, appointment_id: uuid.UUID, table_number: int, slot: int) -> Appointment:
    """Move an appointment to another table and slot of its meeting.

    Side effects: once the meeting is approved, both parties are told. Raises ``Forbidden``, ``Invalid``
    for a table or slot that the meeting does not have, and ``Conflict`` where the meeting is over, the
    appointment has gone, or the table or one of the parties is taken then.
    """
    # The meeting's lock comes before the appointment's here as in every other verb.
    meeting = (
        SigningMeeting.objects.select_for_update(of=("self",))
        .select_related("chain")
        .filter(appointments=appointment_id)
        .first()
    )
    appointment = Appointment.objects.select_for_update().filter(pk=appointment_id).first()
    if meeting is None or appointment is None:
        raise Conflict(_("This appointment no longer exists."), code="appointment_gone")
    if not access.can_move(actor, meeting.chain_id):
        raise Forbidden(_("Your role does not allow this."), code="not_your_meeting")
    if meeting.state not in (MeetingState.PROPOSED, MeetingState.APPROVED):
        raise Conflict(_("This meeting is over."), code="meeting_over")
    table = Table.objects.filter(venue=meeting.venue_id, number=table_number).first()
    if table is None:
        raise Invalid({"table": [_("The venue has no such table.")]})
    if not 0 <= slot < max(meeting.slots, 1):
        raise Invalid({"slot": [_("The meeting has no such slot.")]})
    if (appointment.table_id, appointment.slot) == (table.pk, slot):
        return appointment
    appointment.meeting, appointment.table, appointment.slot = meeting, table, slot
    appointment.during = slot_range(meeting, slot)
    try:
        with transaction.atomic():
            appointment.save()
            appointment.parties.update(during=appointment.during)
    except IntegrityError as error:
        raise Conflict(
            _("The table or one of the parties is taken at that time."), code="double_booking"
        ) from error
    if meeting.state == MeetingState.APPROVED:
        tell_moved(appointment)
    return appointment
