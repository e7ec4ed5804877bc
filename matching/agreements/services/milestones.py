"""Milestones of a pair, as they follow from its agreements."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from accounts.models import User
from matching.agreements.amounts import Step
from matching.agreements.models import Agreement, FollowUpRule, Milestone, MilestoneState, SupervisionOrder
from matching.agreements.queries.rules import rule_of
from matching.agreements.states import IN_FORCE, ORDER, OrderAction, OrderState
from matching.review.models import Review
from matching.review.states import ReviewState

STEPS = tuple(Step)


def settle(review: Review, *, actor: User | None, due_on: date | None = None) -> Milestone | None:
    """Bring a pair's milestones up to date; the caller holds the pair's lock. Returns the awaited one.

    Side effects: steps with an agreement in force are done, earlier ones without one are passed over, the
    next is awaited until ``due_on``, the day it had, or that of the chain's rule. Supervision orders of
    what is no longer awaited are closed. Doing it again changes nothing.
    """
    known = {row.step: row for row in review.milestones.select_for_update()}
    held = _held(review)
    done = {Step(kind): agreement for kind, agreement in held.items()}
    delivered = known.get(Step.DELIVERY)
    is_delivered = Step.CONTRACT in done and delivered is not None and delivered.state == MilestoneState.DONE
    awaited = _next(review, done, is_delivered=is_delivered)
    for step, row in known.items():
        if step != awaited and step not in done and not (step == Step.DELIVERY and is_delivered):
            _leave(row, review, actor)
    for step, agreement in done.items():
        _complete(known.get(step) or Milestone(review=review, step=step), agreement, actor)
    if awaited is None:
        return None
    row = known.get(awaited) or Milestone(review=review, step=awaited)
    before = (row.state, row.due_on) if row.pk in {one.pk for one in known.values()} else None
    was_awaited = before is not None and row.state == MilestoneState.AWAITED and row.due_on is not None
    row.state, row.done_on, row.agreement = MilestoneState.AWAITED, None, None
    if due_on is not None or not was_awaited:
        row.due_on = due_on or _due(review, awaited, done)
    if (row.state, row.due_on) != before:
        row.changed_by = actor
        row.save()
    return row


def _held(review: Review) -> dict[str, Agreement]:
    """The first agreement in force of each kind."""
    found: dict[str, Agreement] = {}
    for agreement in review.agreements.filter(state__in=IN_FORCE).order_by("signed_on", "created_at", "pk"):
        found.setdefault(agreement.kind, agreement)
    return found


def _next(review: Review, done: dict[Step, Agreement], *, is_delivered: bool) -> Step | None:
    if review.state != ReviewState.ACCEPTED or is_delivered:
        return None
    last = max((STEPS.index(step) for step in done), default=-1)
    return STEPS[last + 1]


def _leave(row: Milestone, review: Review, actor: User | None) -> None:
    state = MilestoneState.PASSED if review.state == ReviewState.ACCEPTED else MilestoneState.DROPPED
    if row.state == state:
        return
    row.state, row.done_on, row.agreement, row.changed_by = state, None, None, actor
    row.save()
    close_orders(row)


def _complete(row: Milestone, agreement: Agreement, actor: User | None) -> None:
    wanted = (MilestoneState.DONE, agreement.signed_on, agreement.pk)
    if (row.state, row.done_on, row.agreement_id) == wanted:
        return
    row.state, row.done_on, row.agreement, row.changed_by = (
        MilestoneState.DONE,
        agreement.signed_on,
        agreement,
        actor,
    )
    row.save()
    close_orders(row)


def _due(review: Review, step: Step, done: dict[Step, Agreement]) -> date:
    contract = done.get(Step.CONTRACT)
    if step == Step.DELIVERY and contract is not None and contract.deliver_until is not None:
        return contract.deliver_until
    accepted = review.accepted_at or timezone.now()
    last = max((agreement.signed_on for agreement in done.values()), default=timezone.localdate(accepted))
    return last + timedelta(days=days_for(rule_of(review.demand.chain_id), step))


def days_for(rule: FollowUpRule, step: Step) -> int:
    """Days that a step has after the one before it."""
    days = {
        Step.INTENT: rule.intent_days,
        Step.SAMPLE: rule.sample_days,
        Step.QUOTE: rule.quote_days,
        Step.CONTRACT: rule.contract_days,
        Step.DELIVERY: rule.delivery_days,
    }
    return days[step]


def close_orders(milestone: Milestone) -> None:
    """Close the supervision orders of a milestone that is late no more."""
    for order in milestone.orders.select_for_update().exclude(state=OrderState.CLOSED):
        close(order)


def close(order: SupervisionOrder) -> None:
    """Close one order that the caller has locked."""
    order.state = ORDER.target(order.state, OrderAction.CLOSE)
    order.closed_at = timezone.now()
    order.save(update_fields=["state", "closed_at", "updated_at"])
