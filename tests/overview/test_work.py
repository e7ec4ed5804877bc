"""What waits for a person, until when and since when, and where it is done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from matching.agreements.models import SupervisionOrder
from matching.agreements.services import act, answer_order, follow_up, plan_step
from matching.agreements.states import AgreementAction
from matching.lists.models import DemandLine, Round
from matching.lists.states import LineState
from matching.overview.work import Task, tasks
from matching.review.services import review_match
from matching.review.states import ReviewAction
from matching.runs.models import Match
from tests import factories, world
from tests.agreements.pairs import pair_with_appointment

pytestmark = pytest.mark.django_db


def _task(user: User, code: str) -> Task:
    return next(task for task in tasks(user) if task.code == code)


def _home(user: User) -> str:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return client.get("/").content.decode()


def test_lines_to_verify_are_due_when_their_round_closes() -> None:
    here = world.build()
    assert _task(here.office, "verify_demand") == Task("verify_demand", 0, urgent=True)
    line = factories.make_demand(here.leader, here.chain, state=LineState.SUBMITTED)
    DemandLine.objects.update(round=here.round)
    task = _task(here.office, "verify_demand")
    assert (task.count, task.due, task.since, task.late) == (
        1,
        here.round.closes_at,
        line.submitted_at,
        False,
    )
    Round.objects.update(closes_at=timezone.now() - timedelta(hours=1))
    assert _task(here.office, "verify_demand").late
    assert "overdue:" in _home(here.office)


def test_a_city_that_sees_no_match_is_shown_no_zeros_of_them() -> None:
    here = world.build()
    city = factories.make_user(Role.CITY_TASK_FORCE, chains=(here.chain.pk,), regions=("1402",))
    assert "Your chains in figures" in _home(city)
    assert "Both said yes" not in _home(city)
    assert "Both said yes" in _home(here.office)


def test_a_round_that_closes_within_a_week_asks_for_reminders() -> None:
    here = world.build()
    assert _task(here.office, "closing").count == 0
    soon = timezone.now() + timedelta(days=2)
    Round.objects.update(closes_at=soon)
    assert (_task(here.office, "closing").count, _task(here.office, "closing").due) == (1, soon)
    assert f'href="/rounds/{here.round.pk}/"' in _home(here.office)
    assert f'href="/rounds/{here.round.pk}/"' not in _home(here.member)


def test_undecided_matches_lead_to_the_run_that_they_are_of() -> None:
    here = world.build()
    run = world.finished_run(here)
    task = _task(here.office, "review")
    assert (task.count, task.since, task.run) == (2, run.finished_at, run.pk)
    assert f'href="/runs/{run.pk}/matches/?state=pending"' in _home(here.office)
    for match in Match.objects.filter(run=run):
        review_match(actor=here.office, match_id=match.pk, action=ReviewAction.SHORTLIST)
    assert _task(here.office, "review").count == 0
    assert _task(here.office, "publish").run == run.pk


def test_a_firm_without_a_line_is_told_where_to_begin() -> None:
    here = world.build()
    assert "First step: your list" in _home(here.leader)
    assert "First step: your list" not in _home(here.office)
    factories.make_demand(here.leader, here.chain)
    assert "First step: your list" not in _home(here.leader)


@pytest.mark.parametrize(
    ("role", "route"),
    [
        (Role.SYSTEM_ADMIN, "organisation_list"),
        (Role.SECURITY_ADMIN, "role_request_list"),
        (Role.AUDITOR, "audit_list"),
    ],
)
def test_an_administrator_is_told_the_own_part_and_nothing_of_rounds(role: Role, route: str) -> None:
    here = world.build()
    shown, office = _home(factories.make_user(role)), _home(here.office)
    for words, is_office in (("Your part", False), ("Open rounds", True), (reverse("round_list"), True)):
        assert (words in shown, words in office) == (not is_office, is_office)
    assert f'href="{reverse(route)}">' in shown


def test_what_the_other_side_stated_waits_for_one_s_confirmation() -> None:
    pair = pair_with_appointment()
    leader, member = pair.here.leader, pair.here.member
    stated = pair.state()
    assert [_task(person, "confirm").count for person in (leader, member)] == [0, 1]
    assert _task(member, "confirm").since == stated.updated_at
    assert 'href="/progress/?show=confirm"' in _home(member)
    assert _task(factories.make_user(Role.MEMBER_FIRM), "confirm").count == 0
    act(actor=member, agreement_id=stated.pk, action=AgreementAction.CONFIRM)
    assert _task(member, "confirm").count == 0


def test_a_supervision_order_waits_for_the_department_and_its_answer_for_the_office() -> None:
    pair = pair_with_appointment()
    here, today = pair.here, timezone.localdate()
    elsewhere = factories.make_user(Role.LEAD_DEPARTMENT, chains=("nev",))
    plan_step(actor=here.office, review_id=pair.review.pk, due_on=today)
    follow_up(today=today + timedelta(days=30))
    order = SupervisionOrder.objects.get()
    task = _task(here.department, "answer_order")
    assert (task.count, task.due, task.urgent) == (1, order.due_on, True)
    assert (_task(elsewhere, "answer_order").count, _task(here.office, "close_order").count) == (0, 0)
    assert 'href="/supervision/"' in _home(here.department)
    answer_order(actor=here.department, order_id=order.pk, answer="已协调")
    assert (_task(here.department, "answer_order").count, _task(here.office, "close_order").count) == (0, 1)
