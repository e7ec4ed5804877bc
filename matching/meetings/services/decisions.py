"""Decide on a signing meeting, move one of its appointments."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from matching.errors import Conflict, Forbidden, Invalid
from matching.meetings import access
from matching.meetings.models import Appointment, Attendance, SigningMeeting, Table
from matching.meetings.queries import slot_range
from matching.meetings.services import planning
from matching.meetings.services.booking import occupying
from matching.meetings.services.telling import (
    tell_heads,
    tell_returned,
)
from matching.meetings.states import (
    GIVEN_UP,
    MEETING,
    NEEDS_REASON,
    PLANNED_ANEW,
    MeetingAction,
    MeetingState,
)

REASON_LENGTH = 500
_reason_checks = (MaxLengthValidator(REASON_LENGTH), ProhibitNullCharactersValidator())


@transaction.atomic
def decide(
    *, actor: User, meeting_id: uuid.UUID, action: MeetingAction, reason: str = "", seen: int | None = None
) -> SigningMeeting:
    """Agree, approve, send back, decline, cancel or close a meeting; ``seen`` is the number of the plan that
    the person decided on, None for any.

    Side effects: what the department agreed to is told to the chain head, what the head sends back to the
    department; declining or cancelling frees its tables and pairs, while its appointments stay on record.
    The parties are told by their invitations, which follow the plan. Concurrent calls: one wins, the other
    gets ``Conflict``, as does who saw another plan. Raises ``Forbidden``, and ``Invalid`` for a reason
    that is missing or longer than 500 characters.
    """
    meeting = (
        SigningMeeting.objects.select_for_update(of=("self",)).select_related("chain").get(pk=meeting_id)
    )
    if not access.can_decide(actor, meeting, action):
        raise Forbidden(_("Your role does not allow this."), code="not_your_meeting")
    target = MEETING.target(meeting.state, action)
    if action == MeetingAction.APPROVE and meeting.needs_head:
        raise Conflict(_("The chain head approves this meeting after the department."), code="needs_head")
    if seen not in (None, meeting.plan):
        raise Conflict(
            _("The plan has changed since this page was opened. Look at it, then decide."),
            code="plan_changed",
        )
    _check_reason(action, reason)
    meeting.state, meeting.reason = target, reason
    meeting.decided_by, meeting.decided_at = actor, timezone.now()
    if target == MeetingState.APPROVED:
        meeting.approved_at = meeting.decided_at
    elif target in GIVEN_UP:
        _give_up(meeting)
    meeting.save()
    if action == MeetingAction.ENDORSE:
        tell_heads(meeting)
    elif action == MeetingAction.RETURN:
        tell_returned(meeting)
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
    """Free tables, parties and pairs."""
    Attendance.objects.filter(appointment__meeting=meeting).update(is_active=False)
    meeting.appointments.update(is_active=False)


@transaction.atomic
def move(*, actor: User, appointment_id: uuid.UUID, table_number: int, slot: int) -> Appointment:
    """Move an appointment to another table and slot of its meeting, with all that hear the same presentation.

    Once the meeting is approved, both parties hear of it by their invitations. Raises ``Forbidden``,
    ``Invalid`` for a table or slot that the meeting does not have, and ``Conflict`` where the meeting is
    over, the appointment has gone, the table or one of the parties is taken then, or a rule of the meeting
    that holds now would be broken.
    """
    meeting, appointment = _locked(appointment_id)
    if not access.can_move(actor, meeting.chain_id):
        raise Forbidden(_("Your role does not allow this."), code="not_your_meeting")
    if meeting.state not in PLANNED_ANEW:
        raise Conflict(_("This meeting is over."), code="meeting_over")
    table = Table.objects.filter(venue=meeting.venue_id, number=table_number).first()
    if table is None:
        raise Invalid({"table": [_("The venue has no such table.")]})
    if not 0 <= slot < max(meeting.slots, 1):
        raise Invalid({"slot": [_("The meeting has no such slot.")]})
    if (appointment.table_id, appointment.slot) == (table.pk, slot):
        return appointment
    before, during = list(occupying(meeting)), slot_range(meeting, slot)
    try:
        with transaction.atomic():
            occupying(meeting).filter(presentation=appointment.presentation).update(
                table=table, slot=slot, during=during
            )
            Attendance.objects.filter(
                presentation=appointment.presentation, is_active=True, is_struck=False
            ).update(during=during)
    except (IntegrityError, OperationalError) as error:  # taken, or a deadlock with whoever takes it
        raise Conflict(
            _("The table or one of the parties is taken at that time."), code="double_booking"
        ) from error
    _refuse_against_rules(meeting, before)
    SigningMeeting.objects.filter(pk=meeting.pk).update(plan=F("plan") + 1)
    return Appointment.objects.select_related("meeting", "table").get(pk=appointment.pk)


def _refuse_against_rules(meeting: SigningMeeting, before: Sequence[Appointment]) -> None:
    """Nothing may be wrong that was not wrong before: a gap in the rules is mended by planning anew."""
    setting = planning.of_meeting(meeting, max(meeting.slots, 1))
    programme = planning.programme_of(setting, [item.review for item in before], meeting=meeting)
    seats = [planning.standing_seats(setting, items).values() for items in (before, list(occupying(meeting)))]
    if planning.brings_faults(programme, *seats):
        raise Conflict(
            _("Not by the rules of this meeting: somebody is away or needs a rest, or the table is shut."),
            code="against_rules",
        )


@transaction.atomic
def pin(*, actor: User, appointment_id: uuid.UUID, pinned: bool) -> Appointment:
    """Say that an appointment, with all of its presentation, stays where it is whatever is planned anew, or
    that it need not.

    Side effects: drafts of the meeting are outdated. Raises ``Forbidden``, and ``Conflict`` where the
    appointment has gone or the meeting is over.
    """
    meeting, appointment = _locked(appointment_id)
    if not access.can_pin(actor, meeting.chain_id):
        raise Forbidden(_("Your role does not allow this."), code="not_your_meeting")
    if meeting.state not in PLANNED_ANEW:
        raise Conflict(_("This meeting is over."), code="meeting_over")
    if appointment.is_pinned != pinned:
        appointment.is_pinned = pinned
        meeting.appointments.filter(presentation=appointment.presentation).update(is_pinned=pinned)
        SigningMeeting.objects.filter(pk=meeting.pk).update(plan=F("plan") + 1)
    return appointment


def _locked(appointment_id: uuid.UUID) -> tuple[SigningMeeting, Appointment]:
    """Both under lock, the meeting first as in every other verb. Raises ``Conflict``."""
    meeting = (
        SigningMeeting.objects.select_for_update(of=("self",))
        .select_related("chain")
        .filter(appointments=appointment_id)
        .first()
    )
    appointment = Appointment.objects.select_for_update().filter(pk=appointment_id).first()
    if meeting is None or appointment is None or appointment.is_struck:
        raise Conflict(_("This appointment no longer exists."), code="appointment_gone")
    return meeting, appointment
