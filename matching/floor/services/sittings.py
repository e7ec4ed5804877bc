"""Appointments begin and end."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from matching.errors import Conflict, Forbidden
from matching.floor import access
from matching.floor.models import Arrival, Sitting
from matching.floor.services.locks import lock_running
from matching.floor.states import SITTING, SittingAction, SittingState
from matching.meetings.models import Appointment, Attendance
from matching.meetings.queries.today import here
from matching.meetings.services import strike


@transaction.atomic
def step(*, actor: User, appointment_id: uuid.UUID, action: SittingAction) -> Sitting:
    """Begin, finish or strike an appointment of a meeting that is on, or take that back.

    Side effects: beginning checks both parties in; striking frees the table and the parties; the board
    expects what follows accordingly. Who is here to hear the same presentation begins and finishes with it;
    what was done together is taken back together. Concurrent calls: one wins, the other gets ``Conflict``.
    Raises ``Forbidden``, and ``Conflict`` where the appointment has gone, its table or a party is still at
    another one, or what was struck can't come back since its place is taken.
    """
    meeting_id = Appointment.objects.values_list("meeting_id", flat=True).get(pk=appointment_id)
    meeting = lock_running(meeting_id)
    if not access.may_step(actor, meeting, action):
        raise Forbidden(_("Your role does not allow this."), code="not_your_meeting")
    appointment = Appointment.objects.get(pk=appointment_id)
    if not appointment.is_active:
        raise Conflict(_("This appointment no longer exists."), code="appointment_gone")
    now = timezone.now()
    sitting = Sitting.objects.filter(pk=appointment.pk).first() or Sitting(appointment=appointment)
    with_it = list(_with_it(appointment, sitting, action))
    for each in (sitting, *with_it):
        _step(actor, each, action, now)
    return sitting


def _step(actor: User, sitting: Sitting, action: SittingAction, now: datetime) -> None:
    missed = sitting.state == SittingState.MISSED
    sitting.state = SITTING.target(sitting.state, action)
    if action == SittingAction.MISS or missed:
        strike(appointment=sitting.appointment, struck=not missed)
    if action == SittingAction.BEGIN:
        _begin(actor, sitting, now)
    elif action == SittingAction.UNDO:
        sitting.began_at = sitting.ended_at = None
    else:
        sitting.ended_at = now
    sitting.noted_by = actor
    sitting.save()


def _with_it(appointment: Appointment, sitting: Sitting, action: SittingAction) -> Iterable[Sitting]:
    """Others of the same presentation that are as far; those that wait only where their firms are here."""
    if action == SittingAction.MISS or sitting.state == SittingState.MISSED:
        return
    others = appointment.meeting.appointments.filter(
        presentation=appointment.presentation, is_active=True, is_struck=False
    ).exclude(pk=appointment.pk)
    arrived = here(appointment.meeting)
    told = (sitting.state, sitting.began_at, sitting.ended_at)
    for other in others.select_related("sitting", "review__demand", "review__supply"):
        found = getattr(other, "sitting", None) or Sitting(appointment=other)
        waits = found.state == SittingState.WAITING
        firms = {other.review.demand.organisation_id, other.review.supply.organisation_id}
        presenter = appointment.review.supply.organisation_id
        if (found.state, found.began_at, found.ended_at) == told and (
            not waits or arrived >= firms - {presenter}
        ):
            yield found


def _begin(actor: User, sitting: Sitting, now: datetime) -> None:
    appointment = sitting.appointment
    firms = list(Attendance.objects.filter(appointment=appointment).values_list("organisation_id", flat=True))
    running = Sitting.objects.filter(
        appointment__meeting=appointment.meeting_id, state=SittingState.RUNNING
    ).exclude(appointment__presentation=appointment.presentation)
    if running.filter(appointment__table=appointment.table_id).exists():
        raise Conflict(_("Another appointment is still at this table; finish it first."), code="table_busy")
    if running.filter(appointment__parties__organisation_id__in=firms).exists():
        raise Conflict(_("One of the two firms is still at another table."), code="party_busy")
    sitting.began_at = now
    for firm in firms:
        arrival, _new = Arrival.objects.get_or_create(
            meeting_id=appointment.meeting_id, organisation_id=firm, defaults={"noted_by": actor}
        )
        if arrival.arrived_at is None:
            arrival.arrived_at, arrival.noted_by = now, actor
            arrival.save()
