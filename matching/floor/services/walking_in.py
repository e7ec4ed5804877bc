"""Two firms that are both there meet on the spot."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from matching.errors import Conflict, Forbidden, Invalid
from matching.floor import access
from matching.floor.queries import eligible
from matching.floor.services.locks import lock_running, refuse_other_day
from matching.meetings.models import Appointment, SigningMeeting
from matching.meetings.queries.today import here
from matching.meetings.services import seat_next
from matching.review.models import Review
from matching.review.services import accept_spoken
from matching.review.services.spoken import NAME_LENGTH
from matching.review.states import LEADER_ACTIONS, MISSING_ANSWERS, ReviewAction, ReviewState


@transaction.atomic
def seat_walk_in(
    *,
    actor: User,
    meeting_id: uuid.UUID,
    review_id: uuid.UUID,
    demand_said_by: str = "",
    supply_said_by: str = "",
) -> Appointment:
    """Give a pair the next place of a running day that the rules allow; ``…_said_by`` name who of a firm has
    said yes on the spot, where that firm has not said so before.

    Side effects: a yes that was missing is recorded with who said it, and works as any; the appointment; its
    firms are told by their invitations. All of it or nothing. Raises ``Forbidden``, ``Invalid`` where a yes
    is missing, and ``Conflict`` where the meeting is not on today, the pair stands in no published list, is
    planned or declined, a firm is not here, or no place is left.
    """
    meeting = lock_running(meeting_id)
    if not access.seats_walk_ins(actor, meeting):
        raise Forbidden(_("Your role does not allow this."), code="not_your_meeting")
    refuse_other_day(meeting)
    review = Review.objects.select_for_update(of=("self",)).get(pk=review_id)
    _refuse_unfit(meeting, review)
    said = {
        action: demand_said_by.strip() if action in LEADER_ACTIONS else supply_said_by.strip()
        for action in MISSING_ANSWERS[ReviewState(review.state)]
    }
    _refuse_unsaid(said)
    for action, name in said.items():
        review = accept_spoken(actor=actor, review=review, action=action, said_by=name)
    return seat_next(meeting=meeting, review=review, now=timezone.now())


def _refuse_unfit(meeting: SigningMeeting, review: Review) -> None:
    if not eligible(meeting).filter(pk=review.pk).exists():
        raise Conflict(
            _("This pair can't meet on the spot: no published list names it, or it is planned or declined."),
            code="no_walk_in",
        )
    if not here(meeting).issuperset({review.demand.organisation_id, review.supply.organisation_id}):
        raise Conflict(_("Check both firms in first."), code="party_not_here")


def _refuse_unsaid(said: Mapping[ReviewAction, str]) -> None:
    for action, name in said.items():
        field = "demand_said_by" if action in LEADER_ACTIONS else "supply_said_by"
        if not name:
            raise Invalid({field: [_("Say who of this firm has said yes.")]}, code="required")
        if len(name) > NAME_LENGTH or "\0" in name:
            raise Invalid(
                {field: [_("At most %(count)d characters.") % {"count": NAME_LENGTH}]}, code="max_length"
            )
