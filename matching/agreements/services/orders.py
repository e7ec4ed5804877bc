"""Reminders of steps that are due, and supervision orders for those that are late."""

from __future__ import annotations

import logging
import uuid
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from matching.agreements import access
from matching.agreements.models import FollowUpRule, Milestone, MilestoneState, SupervisionOrder
from matching.agreements.queries.rules import rule_of
from matching.agreements.services.checking import check_reason, lock_pair
from matching.agreements.services.milestones import close, settle
from matching.agreements.services.telling import remind_firms, tell_department, tell_office
from matching.agreements.states import ORDER, OrderAction, OrderState
from matching.chains.models import Chain
from matching.errors import Forbidden, Invalid
from matching.review.models import Review
from matching.review.states import ReviewState

ANSWER_LENGTH = 1000
AT_A_TIME = 500
"""Pairs of one tick; the next tick takes the next ones."""
log = logging.getLogger(__name__)


def follow_up(*, today: date) -> int:
    """One tick: accepted pairs get their first milestone, firms are reminded, late steps are escalated.

    Side effects: milestones, notices and supervision orders, each once however often it runs; what fails
    for one pair is logged and keeps no other from its turn. Returns how many pairs and steps changed.
    """
    begun = [_begin(pk) for pk in _without_milestones()[:AT_A_TIME]]
    rules = {chain.pk: rule_of(chain.pk) for chain in Chain.objects.all()}
    late = [_look_at(one, rules[one.review.demand.chain_id], today) for one in _due(rules, today)]
    answers = [_remind_department(order, today) for order in _unanswered(today)]
    return sum(begun) + sum(late) + sum(answers)


def _without_milestones() -> QuerySet[Review, uuid.UUID]:
    accepted = Review.objects.filter(state=ReviewState.ACCEPTED, milestones=None)
    return accepted.order_by("accepted_at", "pk").values_list("pk", flat=True)


@transaction.atomic
def _begin(review_id: uuid.UUID) -> bool:
    review = lock_pair(review_id)
    return review.state == ReviewState.ACCEPTED and settle(review, actor=None) is not None


def _due(rules: dict[str, FollowUpRule], today: date) -> QuerySet[Milestone]:
    ahead = max((rule.remind_days for rule in rules.values()), default=0)
    awaited = Milestone.objects.filter(
        state=MilestoneState.AWAITED,
        review__state=ReviewState.ACCEPTED,
        due_on__lte=today + timedelta(days=ahead),
    )
    return awaited.select_related(
        "review__demand__organisation", "review__demand__chain", "review__supply__organisation"
    ).order_by("due_on", "pk")


def _look_at(milestone: Milestone, rule: FollowUpRule, today: date) -> bool:
    try:
        with transaction.atomic():
            return _remind(milestone, rule, today) | _escalate(milestone, rule, today)
    except Exception:
        log.exception("Milestone %s was not followed up", milestone.pk)
        return False


def _remind(milestone: Milestone, rule: FollowUpRule, today: date) -> bool:
    """Before the due date, the day after it, and every week from then on."""
    due = milestone.due_on
    assert due is not None, "what is due has a due date"
    if today > due:
        week = (today - due).days // 7
        return bool(remind_firms(milestone, late=True, key=f"late:{milestone.pk}:{due}:{week}"))
    if today >= due - timedelta(days=rule.remind_days):
        return bool(remind_firms(milestone, late=False, key=f"due:{milestone.pk}:{due}"))
    return False


def _escalate(milestone: Milestone, rule: FollowUpRule, today: date) -> bool:
    due = milestone.due_on
    assert due is not None, "what is due has a due date"
    if today < due + timedelta(days=rule.escalate_days) or today <= due:
        return False
    # Two beats at once: the number is given, and the order looked for, under the chain's lock.
    chain = Chain.objects.select_for_update(no_key=True).get(pk=milestone.review.demand.chain_id)
    if SupervisionOrder.objects.filter(milestone=milestone, missed=due).exists():
        return False
    last = chain.supervision_orders.aggregate(last=Max("number", default=0))["last"]
    try:
        with transaction.atomic():
            order = SupervisionOrder.objects.create(
                chain=chain,
                number=last + 1,
                milestone=milestone,
                missed=due,
                due_on=today + timedelta(days=rule.answer_days),
            )
    except IntegrityError:
        return False
    tell_department(order, "opened", "请督办并答复", "An answer is required")
    return True


def _unanswered(today: date) -> QuerySet[SupervisionOrder]:
    late = SupervisionOrder.objects.filter(state=OrderState.OPEN, due_on__lt=today)
    return late.select_related("chain").order_by("due_on", "pk")


def _remind_department(order: SupervisionOrder, today: date) -> bool:
    week = (today - order.due_on).days // 7
    tell_department(order, f"late:{order.due_on}:{week}", "督办单答复已逾期", "The answer is late")
    return False


def _locked(actor: User, order_id: uuid.UUID, action: OrderAction) -> SupervisionOrder:
    # The pair's lock comes before the order's, as in every other verb.
    review_id = SupervisionOrder.objects.values_list("milestone__review_id", flat=True).get(pk=order_id)
    lock_pair(review_id)
    order = (
        SupervisionOrder.objects.select_for_update(of=("self",))
        .select_related("chain", "milestone")
        .get(pk=order_id)
    )
    if not access.may_order(actor, order, action):
        raise Forbidden(_("Your role does not allow this."), code="not_your_order")
    return order


@transaction.atomic
def answer_order(
    *, actor: User, order_id: uuid.UUID, answer: str, due_on: date | None = None
) -> SupervisionOrder:
    """Say what is done about a late step, as the lead department; ``due_on`` is a new day for the step.

    Side effects: the chain's office is told. Raises ``Forbidden``, ``Invalid`` by field, ``Conflict``
    where it is answered or closed already.
    """
    order = _locked(actor, order_id, OrderAction.ANSWER)
    target = ORDER.target(order.state, OrderAction.ANSWER)
    if not answer.strip():
        raise Invalid({"answer": [_("Please write an answer.")]})
    if len(answer) > ANSWER_LENGTH:
        raise Invalid({"answer": [_("At most %(count)d characters.") % {"count": ANSWER_LENGTH}]})
    today = timezone.localdate()
    if due_on is not None and not today <= due_on <= today + timedelta(days=3 * 365):
        raise Invalid({"due_on": [_("Choose a day from today on, within three years.")]})
    order.state, order.answer = target, answer.strip()
    order.answered_by, order.answered_at = actor, timezone.now()
    order.save()
    if due_on is not None and order.milestone.state == MilestoneState.AWAITED:
        settle(lock_pair(order.milestone.review_id), actor=actor, due_on=due_on)
    tell_office(order, f"answered:{order.updated_at.timestamp()}", "督办单已答复", "Answered")
    return order


@transaction.atomic
def return_order(*, actor: User, order_id: uuid.UUID, reason: str) -> SupervisionOrder:
    """Ask for another answer, with a reason, as the chain's office.

    Side effects: the department is told and has the days of the chain's rule again. Raises ``Forbidden``,
    ``Invalid``, ``Conflict``.
    """
    order = _locked(actor, order_id, OrderAction.RETURN)
    target = ORDER.target(order.state, OrderAction.RETURN)
    if not reason.strip():
        raise Invalid({"reason": [_("Please give a reason.")]})
    check_reason(OrderAction.RETURN, reason)
    order.state, order.reason = target, reason
    order.due_on = timezone.localdate() + timedelta(days=rule_of(order.chain_id).answer_days)
    order.save()
    tell_department(
        order,
        f"returned:{order.updated_at.timestamp()}",
        "督办单被退回，请重新答复",
        "Another answer is required",
    )
    return order


@transaction.atomic
def close_order(*, actor: User, order_id: uuid.UUID) -> SupervisionOrder:
    """Close an order, as the chain's office. Raises ``Forbidden``, ``Conflict`` where it is closed."""
    order = _locked(actor, order_id, OrderAction.CLOSE)
    close(order)
    return order
