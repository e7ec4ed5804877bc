"""Milestones, reminders and supervision orders: once, whatever the clock does."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from matching.agreements.amounts import Kind
from matching.agreements.models import FollowUpRule, Milestone, SupervisionOrder
from matching.agreements.services import (
    answer_order,
    break_off,
    close_order,
    deliver,
    follow_up,
    plan_step,
    return_order,
    save_rule,
)
from matching.errors import Conflict, Forbidden, Invalid
from matching.notices.models import Notice
from tests.agreements.pairs import Pair, pair_with_appointment

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> Pair:
    """An accepted pair."""
    return pair_with_appointment()


def after(days: int) -> date:
    """A day from today."""
    return timezone.localdate() + timedelta(days=days)


def awaited(pair: Pair) -> Milestone:
    """The step that is awaited."""
    return Milestone.objects.get(review=pair.review, state="awaited")


def test_an_accepted_pair_is_followed_up_from_the_first_tick(pair: Pair) -> None:
    assert (follow_up(today=after(0)), follow_up(today=after(0))) == (1, 0)
    assert (awaited(pair).step, awaited(pair).due_on) == ("intent", after(30))


def test_firms_are_reminded_before_and_every_week_after_the_due_date(pair: Pair) -> None:
    plan_step(actor=pair.here.leader, review_id=pair.review.pk, due_on=after(10))
    Notice.objects.all().delete()
    told = []
    for day in (0, 6, 7, 7, 10, 11, 12, 18):
        follow_up(today=after(day))
        told.append(Notice.objects.exclude(key__startswith="order:").count())
    # Two firms each: three days before, the day after, a week after that.
    assert told == [0, 0, 2, 2, 2, 4, 4, 6]


def test_a_late_step_is_escalated_once_and_again_for_a_new_date(pair: Pair) -> None:
    plan_step(actor=pair.here.leader, review_id=pair.review.pk, due_on=after(1))
    follow_up(today=after(7))
    assert not SupervisionOrder.objects.exists()
    for _twice in range(2):
        follow_up(today=after(8))
    order = SupervisionOrder.objects.get()
    assert (order.number, order.missed, order.due_on) == (1, after(1), after(13))
    plan_step(actor=pair.here.leader, review_id=pair.review.pk, due_on=after(20))
    follow_up(today=after(27))
    assert list(SupervisionOrder.objects.order_by("number").values_list("number", "missed")) == [
        (1, after(1)),
        (2, after(20)),
    ]


def test_the_department_answers_and_the_office_closes(pair: Pair) -> None:
    plan_step(actor=pair.here.leader, review_id=pair.review.pk, due_on=after(1))
    follow_up(today=after(8))
    order = SupervisionOrder.objects.get()
    with pytest.raises(Forbidden):
        answer_order(actor=pair.here.office, order_id=order.pk, answer="已走访")
    with pytest.raises(Invalid):
        answer_order(actor=pair.here.department, order_id=order.pk, answer=" ")
    answer_order(actor=pair.here.department, order_id=order.pk, answer="已走访", due_on=after(20))
    assert awaited(pair).due_on == after(20)
    returned = return_order(actor=pair.here.office, order_id=order.pk, reason="请说明原因")
    assert (returned.state, returned.due_on) == ("open", after(5))
    answer_order(actor=pair.here.department, order_id=order.pk, answer="设备到货延迟")
    assert close_order(actor=pair.here.office, order_id=order.pk).state == "closed"
    with pytest.raises(Conflict):
        close_order(actor=pair.here.office, order_id=order.pk)


def test_what_is_done_needs_no_answer_any_more(pair: Pair) -> None:
    plan_step(actor=pair.here.leader, review_id=pair.review.pk, due_on=after(1))
    follow_up(today=after(8))
    pair.agree(Kind.INTENT)
    assert SupervisionOrder.objects.get().state == "closed"


def test_from_intent_to_delivery(pair: Pair) -> None:
    for kind in Kind:
        pair.agree(kind)
    assert awaited(pair).step == "delivery"
    with pytest.raises(Forbidden):
        deliver(actor=pair.here.member, review_id=pair.review.pk, done_on=after(0))
    deliver(actor=pair.here.leader, review_id=pair.review.pk, done_on=after(0))
    states = Milestone.objects.filter(review=pair.review).values_list("state", flat=True)
    assert list(states) == ["done"] * 5
    with pytest.raises(Conflict):
        deliver(actor=pair.here.leader, review_id=pair.review.pk, done_on=after(0))


def test_nothing_is_delivered_without_a_contract(pair: Pair) -> None:
    with pytest.raises(Conflict):
        deliver(actor=pair.here.leader, review_id=pair.review.pk, done_on=after(0))


def test_a_broken_off_pair_is_left_alone(pair: Pair) -> None:
    plan_step(actor=pair.here.leader, review_id=pair.review.pk, due_on=after(1))
    with pytest.raises(Invalid):
        break_off(actor=pair.here.leader, review_id=pair.review.pk, reason="")
    break_off(actor=pair.here.leader, review_id=pair.review.pk, reason="停产")
    assert (follow_up(today=after(99)), SupervisionOrder.objects.count()) == (0, 0)
    assert Milestone.objects.get(review=pair.review).state == "dropped"


def test_the_days_are_those_of_the_chain(pair: Pair) -> None:
    rule = FollowUpRule(chain=pair.here.chain, intent_days=5, escalate_days=1, answer_days=2)
    with pytest.raises(Forbidden):
        save_rule(actor=pair.here.leader, rule=rule)
    save_rule(actor=pair.here.department, rule=rule)
    follow_up(today=after(0))
    follow_up(today=after(6))
    order = SupervisionOrder.objects.get()
    assert (order.missed, order.due_on) == (after(5), after(8))
