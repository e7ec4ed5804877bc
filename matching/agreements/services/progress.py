"""Verbs on the way of an accepted pair to its delivery."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from matching.agreements import access
from matching.agreements.amounts import Kind, Step
from matching.agreements.models import AgreementEvent, Milestone, MilestoneState, Side
from matching.agreements.permits import ProgressAct
from matching.agreements.services.capacity import give_up_for
from matching.agreements.services.checking import check_reason, lock_pair, refuse_unless_accepted
from matching.agreements.services.milestones import close_orders, settle
from matching.agreements.services.telling import tell_parties
from matching.agreements.states import AGREEMENT, ENDED, IN_FORCE, AgreementAction
from matching.errors import Conflict, Forbidden, Invalid
from matching.review.models import Review
from matching.review.services import end_pair

MOST_DAYS = 3 * 365


def _pair(actor: User, review_id: uuid.UUID, action: ProgressAct) -> Review:
    review = lock_pair(review_id)
    if not access.may_with(actor, review, action):
        raise Forbidden(_("Your role does not allow this."), code="not_your_review")
    refuse_unless_accepted(review)
    return review


@transaction.atomic
def plan_step(*, actor: User, review_id: uuid.UUID, due_on: date) -> Milestone:
    """Set until when the pair's next step is due.

    Side effects: reminders and supervision follow the new date. Raises ``Forbidden``, ``Invalid`` for a day
    that is past or years away, ``Conflict`` where nothing is awaited.
    """
    review = _pair(actor, review_id, ProgressAct.PLAN)
    today = timezone.localdate()
    if not today <= due_on <= today + timedelta(days=MOST_DAYS):
        raise Invalid({"due_on": [_("Choose a day from today on, within three years.")]})
    milestone = settle(review, actor=actor, due_on=due_on)
    if milestone is None:
        raise Conflict(_("Nothing is awaited of this pair."), code="nothing_awaited")
    return milestone


@transaction.atomic
def deliver(*, actor: User, review_id: uuid.UUID, done_on: date) -> Milestone:
    """Record that the contract was delivered, as the buyer or the office.

    Side effects: both firms are told; supervision orders of the delivery are closed. Raises ``Forbidden``,
    ``Invalid`` for a day to come, ``Conflict`` where no contract is in force or it is delivered already.
    """
    review = _pair(actor, review_id, ProgressAct.DELIVER)
    if done_on > timezone.localdate():
        raise Invalid({"done_on": [_("This day has not come yet.")]})
    if not review.agreements.filter(kind=Kind.CONTRACT, state__in=IN_FORCE).exists():
        raise Conflict(_("There is no contract in force to deliver."), code="no_contract")
    settle(review, actor=actor)
    milestone = Milestone.objects.select_for_update().get(review=review, step=Step.DELIVERY)
    if milestone.state == MilestoneState.DONE:
        raise Conflict(_("The delivery is recorded already."), code="delivered_already")
    milestone.state, milestone.done_on = MilestoneState.DONE, done_on
    milestone.changed_by = actor
    milestone.save()
    close_orders(milestone)
    tell_parties(review, "deliver", f"{milestone.pk}:{milestone.updated_at.timestamp()}")
    return milestone


@transaction.atomic
def break_off(*, actor: User, review_id: uuid.UUID, reason: str) -> Review:
    """End the deal of an accepted pair for good, with a reason, as one of the two firms or the office.

    Side effects: its agreements end, its capacity is free, the demand is asked for again by the next run, its
    milestones and supervision orders are closed, and the end counts when rules are learnt from decisions;
    both firms are told. Raises ``Forbidden``, ``Invalid`` without a reason, ``Conflict`` for a pair that is
    not accepted.
    """
    review = _pair(actor, review_id, ProgressAct.BREAK_OFF)
    check_reason(AgreementAction.BREAK_OFF, reason)
    side = next(iter(access.sides(actor, review)), Side.OFFICE)
    for agreement in review.agreements.select_for_update().exclude(state__in=ENDED).order_by("pk"):
        agreement.review = review
        if agreement.kind == Kind.CONTRACT:
            give_up_for(agreement)
        agreement.state = AGREEMENT.target(agreement.state, AgreementAction.BREAK_OFF)
        agreement.save(update_fields=["state", "updated_at"])
        AgreementEvent.objects.create(
            agreement=agreement,
            action=AgreementAction.BREAK_OFF,
            state=agreement.state,
            acted_as=side,
            reason=reason,
            actor=actor,
        )
    end_pair(actor=actor, review=review, reason=reason)
    settle(review, actor=actor)
    tell_parties(review, "break_off", f"{review.pk}:{review.updated_at.timestamp()}", beside=side)
    return review
