"""Recording what came of an appointment, at the table or afterwards."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from matching.agreements import access
from matching.agreements.amounts import Kind
from matching.agreements.models import Absent, Agreement, Outcome, Result, Side
from matching.agreements.services.agreements import act, correct, state_agreement, terms_of
from matching.agreements.services.checking import lock_pair, refuse_unless_accepted
from matching.agreements.services.milestones import settle
from matching.agreements.states import ENDED, IN_FORCE, AgreementAction
from matching.errors import Conflict, Forbidden, Invalid
from matching.meetings.models import Appointment
from matching.meetings.states import MeetingState
from matching.review.models import Review

_HELD = frozenset({MeetingState.APPROVED, MeetingState.HELD})


@transaction.atomic
def record_outcome(
    *,
    actor: User,
    appointment_id: uuid.UUID,
    result: Result,
    absent: Absent | str = "",
    next_step: str = "",
    due_on: date | None = None,
    terms: Mapping[str, Any] | None = None,
) -> Outcome:
    """Record what came of an appointment: met, did not come, to be continued, or an agreement with its terms.

    Recording it again brings the record up to date, so sending the same twice changes nothing. Side effects:
    an agreement as ``state_agreement`` makes it (in force at once where the office records it), or a
    correction of the one that this record made; one of another kind is taken back. ``due_on`` becomes the
    due date of the pair's next step. Raises ``Forbidden``, ``Invalid`` by field (terms under their own
    names), ``Conflict`` for an appointment that has been given up or whose meeting is not approved.
    """
    appointment = Appointment.objects.select_related("meeting").get(pk=appointment_id)
    review = lock_pair(appointment.review_id)
    side = next(iter(access.sides(actor, review)), None)
    if side is None:
        raise Forbidden(_("You do not act for one of the two firms."), code="not_your_review")
    _refuse_given_up(appointment)
    outcome = Outcome.objects.select_for_update().filter(appointment=appointment).first()
    outcome = outcome or Outcome(appointment=appointment)
    outcome.result, outcome.absent = result, absent
    outcome.next_step, outcome.due_on = next_step.strip(), due_on
    outcome.recorded_as, outcome.recorded_by = side, actor
    _check(outcome)
    outcome.agreement = _agreed(actor, outcome, review, dict(terms or {}))
    outcome.save()
    agreement = outcome.agreement
    if due_on is not None and (agreement is None or agreement.state in IN_FORCE):
        refuse_unless_accepted(review)
        settle(review, actor=actor, due_on=due_on)
    return outcome


def _refuse_given_up(appointment: Appointment) -> None:
    if not appointment.is_active or appointment.meeting.state not in _HELD:
        told = _("This appointment does not stand, or its meeting is not approved.")
        raise Conflict(told, code="appointment_gone")


def _check(outcome: Outcome) -> None:
    if (outcome.result == Result.NO_SHOW) != bool(outcome.absent):
        raise Invalid({"absent": [_("Say who did not come, and only then.")]})
    try:
        outcome.clean_fields(exclude={"appointment", "agreement", "recorded_by", "recorded_as"})
    except ValidationError as error:
        raise Invalid(error.message_dict) from error


def _agreed(actor: User, outcome: Outcome, review: Review, terms: dict[str, Any]) -> Agreement | None:
    """The agreement that this record stands for now."""
    earlier = outcome.agreement
    kind = Kind(outcome.result) if outcome.result in set(Kind) else None
    if kind is None and terms:
        raise Invalid({"terms": [_("Only an agreement has terms.")]})
    if earlier is not None and earlier.state not in ENDED:
        if kind == earlier.kind:
            return _corrected(actor, earlier, terms)
        _take_back(actor, earlier)
    if kind is None:
        return None
    return state_agreement(
        actor=actor, review_id=review.pk, kind=kind, terms=terms, appointment=outcome.appointment
    )


def _corrected(actor: User, earlier: Agreement, terms: dict[str, Any]) -> Agreement:
    newest = earlier.versions.order_by("-position").first()
    known = terms_of(newest or earlier)
    if all(known[name] == value for name, value in terms.items() if name in known):
        return earlier
    corrected = correct(actor=actor, agreement_id=earlier.pk, terms=terms)
    if corrected.stated_as == Side.OFFICE:
        return act(actor=actor, agreement_id=earlier.pk, action=AgreementAction.CONFIRM)
    return corrected


def _take_back(actor: User, earlier: Agreement) -> None:
    """It was of another kind than is recorded now."""
    told = str(_("Recorded anew as something else."))
    for action in (AgreementAction.ANNUL, AgreementAction.WITHDRAW):
        if access.may(actor, earlier, action):
            act(actor=actor, agreement_id=earlier.pk, action=action, reason=told)
            return
    raise Conflict(
        _("The other side stated what is recorded here; it must be disputed there first."),
        code="stated_by_other_side",
    )
