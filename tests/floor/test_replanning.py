"""A late firm, one that does not come, or a lost table on the day: what has begun stays, the rest follows."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from matching.errors import Conflict, Forbidden
from matching.floor import services
from matching.floor.states import SittingAction
from matching.invitations.services import keep_up
from matching.meetings.changes import Changes
from matching.meetings.models import Appointment, PlanDraft, SigningMeeting
from matching.meetings.services import apply_draft, compute_draft, draft
from matching.meetings.services.drafts import today
from matching.meetings.states import DraftState
from matching.notices.models import Notice
from matching.review.models import Review
from tests import factories, world
from tests.floor.days import to_today
from tests.meetings.crowd import accepted, approved, crowd, faults, seats

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(db: None) -> world.World:
    return world.build()


def _day(here: world.World, *pairs: tuple[int, int], tables: int = 2) -> tuple[SigningMeeting, list[Review]]:
    reviews = crowd(here, pairs)
    return to_today(approved(here, factories.make_rule(here.chain, tables))), reviews


def _asked(here: world.World, meeting: SigningMeeting, **told: Any) -> PlanDraft:
    found = services.replan(actor=here.office, meeting_id=meeting.pk, **{"coming": {}, **told})
    compute_draft(draft_id=found.pk)
    return PlanDraft.objects.get(pk=found.pk)


def _began(here: world.World, meeting: SigningMeeting, slot: int) -> Appointment:
    found = meeting.appointments.filter(slot=slot, is_active=True)[0]
    services.step(actor=here.office, appointment_id=found.pk, action=SittingAction.BEGIN)
    return found


def _moves(draft: PlanDraft) -> list[tuple[str, Any, Any, str]]:
    return [
        (each["review"], each["before"][1], each["now"] and each["now"][1], each["cause"])
        for each in draft.outcome["moves"]
    ]


def test_a_late_firm_comes_on_later_and_what_runs_stays(
    here: world.World, clock: Callable[[float], None]
) -> None:
    meeting, (running, late) = _day(here, (0, 0), (1, 1), tables=2)
    clock(9.2)
    services.step(
        actor=here.office,
        appointment_id=meeting.appointments.get(review=running).pk,
        action=SittingAction.BEGIN,
    )
    coming = {late.supply.organisation_id: time(10)}
    found = _asked(here, meeting, coming=coming, longer=3)
    assert _moves(found) == [(str(late.pk), 0, 2, "away")]
    before = seats(meeting)[running.pk]
    keep_up(meeting_id=meeting.pk, now=timezone.now())
    Notice.objects.all().delete()
    apply_draft(actor=here.office, draft_id=found.pk)
    assert (seats(meeting)[running.pk], seats(meeting)[late.pk][1]) == (before, 2)
    keep_up(meeting_id=meeting.pk, now=timezone.now())
    firms = (late.demand.organisation_id, late.supply.organisation_id)
    told = Notice.objects.values_list("user__memberships__organisation", flat=True)
    assert set(told) == set(firms)


def test_the_day_gets_no_longer_than_it_takes(here: world.World, clock: Callable[[float], None]) -> None:
    meeting, _reviews = _day(here, (0, 0), (0, 1), tables=1)
    late = Review.objects.get(pk=meeting.appointments.get(slot=0).review_id)
    clock(8)
    found = _asked(here, meeting, coming={late.supply.organisation_id: time(9, 30)}, longer=6)
    assert sorted(slot for _table, slot in _seats_of(found).values()) == [0, 1]
    assert len(_moves(found)) == 2


def _seats_of(found: PlanDraft) -> dict[uuid.UUID, tuple[int, int]]:
    return {uuid.UUID(key): (table, slot) for key, table, slot in found.outcome["seats"]}


def test_a_lost_table_moves_what_has_not_begun(here: world.World, clock: Callable[[float], None]) -> None:
    meeting, _reviews = _day(here, (0, 0), (0, 1), (1, 2), tables=2)
    clock(9.1)
    running = _began(here, meeting, 0)
    table = running.table.number
    found = _asked(here, meeting, shut=[table], longer=3)
    apply_draft(actor=here.office, draft_id=found.pk)
    held = seats(meeting)
    assert held.pop(running.review_id) == (table, 0)
    assert table not in {number for number, _slot in held.values()}
    assert len(held) == 2


def test_who_does_not_come_frees_a_place_for_a_pair_whose_firms_are_here(
    here: world.World, clock: Callable[[float], None]
) -> None:
    meeting, _pairs = _day(here, (0, 0), (1, 1), tables=1)
    first, absent = (item.review for item in meeting.appointments.order_by("slot"))
    buyer, seller = first.demand.organisation_id, first.supply.organisation_id
    waits = accepted(here, first.match, _owner(buyer), _owner(seller))
    accepted(here, first.match, _owner(buyer), factories.make_user(Role.MEMBER_FIRM))
    clock(8.9)
    for firm in (buyer, seller):
        services.check_in(actor=here.office, meeting_id=meeting.pk, organisation_id=firm)
    found = _asked(here, meeting, coming={absent.supply.organisation_id: None}, take_in=True)
    assert found.outcome["added"] == [str(waits.pk)]
    apply_draft(actor=here.office, draft_id=found.pk)
    assert set(seats(meeting)) == {first.pk, waits.pk}
    assert Appointment.objects.get(review=absent).is_active is False
    assert faults(meeting) == []


def _owner(firm: uuid.UUID) -> User:
    return User.objects.get(memberships__organisation=firm)


def _overtaken(here: world.World, meeting: SigningMeeting, clock: Callable[[float], None]) -> PlanDraft:
    """A draft that moves an appointment which begins before it is applied."""
    clock(8.9)
    late = meeting.appointments.get(slot=0)
    found = _asked(here, meeting, coming={late.review.supply.organisation_id: time(9, 30)}, longer=1)
    assert [move[1] for move in _moves(found)] == [0]
    _began(here, meeting, 0)
    return found


def test_a_draft_that_moves_what_has_begun_since_is_computed_anew(
    here: world.World, clock: Callable[[float], None]
) -> None:
    meeting, (review,) = _day(here, (0, 0))
    found = _overtaken(here, meeting, clock)
    with pytest.raises(Conflict) as refused:
        apply_draft(actor=here.office, draft_id=found.pk)
    assert refused.value.code == "plan_changed"
    assert PlanDraft.objects.get(pk=found.pk).state == DraftState.WAITING
    compute_draft(draft_id=found.pk)
    assert _moves(PlanDraft.objects.get(pk=found.pk)) == []
    assert seats(meeting)[review.pk][1] == 0


def test_the_control_without_that_look_a_running_appointment_would_move(
    here: world.World, clock: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting, (review,) = _day(here, (0, 0))
    found = _overtaken(here, meeting, clock)
    monkeypatch.setattr(today, "begun", lambda _meeting: set())
    apply_draft(actor=here.office, draft_id=found.pk)
    assert seats(meeting)[review.pk][1] == 1


def test_a_place_that_is_over_when_the_draft_is_applied_is_given_to_nobody(
    here: world.World, clock: Callable[[float], None]
) -> None:
    meeting, (review,) = _day(here, (0, 0))
    clock(8.9)
    found = _asked(here, meeting, coming={review.supply.organisation_id: time(9, 30)}, longer=1)
    clock(10.1)
    with pytest.raises(Conflict) as refused:
        apply_draft(actor=here.office, draft_id=found.pk)
    assert refused.value.code == "plan_changed"


def test_the_day_is_not_cut_anew_once_it_has_begun(here: world.World, clock: Callable[[float], None]) -> None:
    meeting, _reviews = _day(here, (0, 0))
    clock(9)
    _began(here, meeting, 0)
    with pytest.raises(Conflict) as refused:
        draft(actor=here.office, meeting_id=meeting.pk, changes=Changes(starts=time(10)))
    assert refused.value.code == "day_has_begun"


def test_the_desk_plans_on_the_day_alone(here: world.World) -> None:
    reviews = crowd(here, [(0, 0)])
    meeting = approved(here, factories.make_rule(here.chain))
    coming: dict[uuid.UUID, time | None] = {reviews[0].supply.organisation_id: None}
    with pytest.raises(Conflict) as refused:
        services.replan(actor=here.office, meeting_id=meeting.pk, coming=coming)
    assert refused.value.code == "not_the_day"
    with pytest.raises(Forbidden):
        services.replan(actor=here.member, meeting_id=to_today(meeting).pk, coming=coming)


def test_from_the_desk_to_a_plan_in_force(here: world.World, clock: Callable[[float], None]) -> None:
    meeting, (review,) = _day(here, (0, 0))
    clock(8.9)
    firm = review.supply.organisation_id
    services.announce_delay(actor=here.office, meeting_id=meeting.pk, organisation_id=firm, minutes=60)
    browser = Client()
    browser.force_login(here.office)
    page = reverse("floor_replan", args=[meeting.pk])
    assert f"{page}?firm={firm}" in browser.get(reverse("floor_desk", args=[meeting.pk])).content.decode()
    form = browser.get(page, {"firm": str(firm)}).context["form"]
    assert (form["organisation"].value(), f"{form['comes_at'].value():%H:%M}") == (str(firm), "09:54")
    assert browser.post(page, {"longer": "2"}).status_code == 422
    answer = browser.post(page, {"organisation": str(firm), "comes_at": "09:54", "longer": "3"})
    found = PlanDraft.objects.exclude(author=None).get()
    assert answer.headers["Location"] == reverse("draft_detail", args=[found.pk])
    compute_draft(draft_id=found.pk)
    browser.post(reverse("draft_act", args=[found.pk]), {"action": "apply"})
    assert seats(meeting)[review.pk][1] == 2
