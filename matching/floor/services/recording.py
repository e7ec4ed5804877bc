"""Results are recorded at the table."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from matching.agreements.models import Absent, Outcome, Result
from matching.agreements.services import record_outcome
from matching.errors import Conflict
from matching.floor.models import Sitting
from matching.floor.states import SITTING, SittingAction, SittingState
from matching.meetings.models import Appointment, SigningMeeting
from matching.meetings.services import strike


@transaction.atomic
def record_result(
    *,
    actor: User,
    appointment_id: uuid.UUID,
    seen: str,
    result: Result,
    absent: Absent | str = "",
    next_step: str = "",
    due_on: date | None = None,
    terms: dict[str, Any] | None = None,
) -> Outcome:
    """Record what came of an appointment as its reader knew it; ``seen`` is the ISO time of the record that
    was shown, empty where there was none.

    Side effects: as ``record_outcome``; an appointment that is at the table is finished, one that waits and
    to which somebody did not come is struck. The same sent again changes nothing. Raises as
    ``record_outcome``, and ``Conflict`` where somebody else has recorded something else meanwhile.
    """
    meeting_id = Appointment.objects.values_list("meeting_id", flat=True).get(pk=appointment_id)
    SigningMeeting.objects.select_for_update(of=("self",)).get(pk=meeting_id)
    standing = Outcome.objects.filter(appointment=appointment_id).first()
    if standing is not None and standing.updated_at.isoformat() != seen:
        if _says_the_same(standing, actor, result, absent, next_step, due_on):
            return standing
        raise Conflict(
            _("Somebody has recorded a result meanwhile. Compare and send again."), code="recorded"
        )
    outcome = record_outcome(
        actor=actor,
        appointment_id=appointment_id,
        result=result,
        absent=absent,
        next_step=next_step,
        due_on=due_on,
        terms=terms,
    )
    _close(actor, appointment_id, result)
    return outcome


def _says_the_same(
    standing: Outcome, actor: User, result: Result, absent: str, next_step: str, due_on: date | None
) -> bool:
    """A phone that did not hear the answer sends again."""
    told = (actor.pk, result, absent, next_step.strip(), due_on)
    known = (standing.recorded_by_id, standing.result, standing.absent, standing.next_step, standing.due_on)
    return told == known


def _close(actor: User, appointment_id: uuid.UUID, result: Result) -> None:
    sitting = Sitting.objects.filter(pk=appointment_id).first()
    action = SittingAction.MISS if result == Result.NO_SHOW else SittingAction.FINISH
    if sitting is None and action == SittingAction.MISS:
        sitting = Sitting(appointment_id=appointment_id, state=SittingState.WAITING)
    if sitting is not None and SITTING.allows(sitting.state, action):
        sitting.state = SITTING.target(sitting.state, action)
        sitting.ended_at, sitting.noted_by = timezone.now(), actor
        sitting.save()
        if action == SittingAction.MISS:
            strike(appointment=Appointment.objects.get(pk=appointment_id), struck=True)
