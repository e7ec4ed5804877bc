"""Plans that change: nothing before it is applied, few moves, all at once, told to whom it moves."""

from __future__ import annotations

import uuid
from datetime import datetime, time, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from accounts.roles import Role
from matching.engine import agenda
from matching.engine.agenda import Agenda, Programme, Replan, Seat
from matching.errors import Conflict, Invalid
from matching.invitations.services import keep_up
from matching.meetings.changes import Absent, Changes
from matching.meetings.models import Absence, Appointment, MeetingRule, PlanDraft, Presence, SigningMeeting
from matching.meetings.services import (
    add_absence,
    apply_draft,
    compute_draft,
    decide,
    lost_drafts,
    move,
    pin,
    propose,
    propose_meetings,
)
from matching.meetings.states import DraftState, MeetingAction, MeetingState
from matching.notices.models import Notice
from matching.review.models import Review
from tests import factories, world
from tests.meetings.crowd import approved, crowd, drafted, seats

pytestmark = pytest.mark.django_db
CROSS = ((0, 0), (0, 1), (1, 0), (1, 1))


@pytest.fixture
def here() -> world.World:
    """A chain with its people."""
    return world.build()


@pytest.fixture
def rule(here: world.World) -> MeetingRule:
    """Its rule, with three tables."""
    return factories.make_rule(here.chain, tables=3)


def _told() -> set[int]:
    told = set(Notice.objects.values_list("user_id", flat=True))
    Notice.objects.all().delete()
    return told


def test_a_late_firm_moves_alone_and_is_told(here: world.World, rule: MeetingRule) -> None:
    first, second = crowd(here, [(0, 0), (1, 1)])
    meeting = approved(here, rule)
    before = seats(meeting)
    keep_up(meeting_id=meeting.pk, now=timezone.now())
    Notice.objects.all().delete()
    late = Absent(factories.firm_of(here.member).pk, ends=time(9, 30))
    draft = PlanDraft.objects.get(pk=drafted(here, meeting, Changes(absent=(late,), slots=2)))
    assert draft.state == DraftState.READY
    assert seats(meeting) == before
    assert [(m["review"], m["before"][1], m["now"][1], m["cause"]) for m in draft.outcome["moves"]] == [
        (str(first.pk), 0, 1, "away")
    ]
    assert (draft.outcome["fewest"], draft.outcome["gap_to_best"]) == (True, 0.0)
    apply_draft(actor=here.office, draft_id=draft.pk)
    after = seats(meeting)
    assert (after[first.pk][1], after[second.pk]) == (1, before[second.pk])
    keep_up(meeting_id=meeting.pk, now=timezone.now())
    assert _told() == {here.leader.pk, here.member.pk}
    assert Absence.objects.get().meeting_id == meeting.pk


def test_a_lost_table_moves_who_sat_there(here: world.World, rule: MeetingRule) -> None:
    crowd(here, CROSS)
    meeting = approved(here, rule)
    lost = Appointment.objects.filter(meeting=meeting).order_by("table__number")[0].table.number
    apply_draft(actor=here.office, draft_id=drafted(here, meeting, Changes(shut=(lost,))))
    meeting.refresh_from_db()
    assert meeting.shut_tables == [lost]
    assert lost not in {table for table, _slot in seats(meeting).values()}
    assert len(seats(meeting)) == 4


def test_a_pair_that_is_left_out_stays_out(here: world.World, rule: MeetingRule) -> None:
    out, *rest = crowd(here, CROSS)
    meeting = propose(rule_id=rule.pk, today=timezone.localdate())
    assert meeting is not None
    apply_draft(actor=here.office, draft_id=drafted(here, meeting, Changes(leave_out=(out.pk,))))
    assert set(seats(meeting)) == {review.pk for review in rest}
    propose(rule_id=rule.pk, today=timezone.localdate())
    assert set(seats(meeting)) == {review.pk for review in rest}


def test_what_is_pinned_stays(here: world.World, rule: MeetingRule) -> None:
    crowd(here, CROSS)
    meeting = approved(here, rule)
    held = Appointment.objects.filter(meeting=meeting, slot=0).order_by("table__number")[0]
    pin(actor=here.office, appointment_id=held.pk, pinned=True)
    other = Appointment.objects.filter(meeting=meeting, slot=0).exclude(pk=held.pk).get()
    late = Absent(other.review.supply.organisation_id, ends=time(9, 30))
    apply_draft(actor=here.office, draft_id=drafted(here, meeting, Changes(absent=(late,), slots=4)))
    assert seats(meeting)[held.review_id] == (held.table.number, 0)


def test_a_pin_that_a_rule_forbids_moves_and_says_why(here: world.World, rule: MeetingRule) -> None:
    first, _second = crowd(here, [(0, 0), (1, 1)])
    meeting = approved(here, rule)
    held = Appointment.objects.get(review=first)
    pin(actor=here.office, appointment_id=held.pk, pinned=True)
    late = Absent(factories.firm_of(here.member).pk, ends=time(9, 30))
    draft = PlanDraft.objects.get(pk=drafted(here, meeting, Changes(absent=(late,), slots=2)))
    assert [(m["review"], m["now"][1], m["cause"], m["pinned"]) for m in draft.outcome["moves"]] == [
        (str(first.pk), 1, "away", True)
    ]


def test_in_another_venue_slots_stay_and_tables_keep_their_numbers(
    here: world.World, rule: MeetingRule
) -> None:
    pairs = crowd(here, [(0, 0), (1, 1), (0, 1)])
    meeting = approved(here, rule)
    before = seats(meeting)
    pinned = Appointment.objects.filter(meeting=meeting).order_by("slot").last()
    assert pinned is not None
    pin(actor=here.office, appointment_id=pinned.pk, pinned=True)
    small, large = factories.make_venue(1), factories.make_venue(9)
    moved = PlanDraft.objects.get(pk=drafted(here, meeting, Changes(venue=large.pk)))
    assert {uuid.UUID(key): (table, slot) for key, table, slot in moved.outcome["seats"]} == before
    assert moved.outcome["moves"] == []
    tight = PlanDraft.objects.get(pk=drafted(here, meeting, Changes(venue=small.pk, slots=3)))
    now = {uuid.UUID(key): (table, slot) for key, table, slot in tight.outcome["seats"]}
    assert set(now) == {pair.pk for pair in pairs}
    assert now[pinned.review_id] == (1, pinned.slot)
    lost = {move["review"]: move["before"][0] > 1 for move in tight.outcome["moves"]}
    assert True in lost.values()
    assert {move["review"]: move["cause"] == "shut" for move in tight.outcome["moves"]} == lost


def test_two_appointments_swap(here: world.World, rule: MeetingRule) -> None:
    first, second = crowd(here, [(0, 0), (0, 1)])
    meeting = approved(here, rule)
    early = next(review for review in (first, second) if seats(meeting)[review.pk][1] == 0)
    late = Absent(early.supply.organisation_id, ends=time(9, 30))
    apply_draft(actor=here.office, draft_id=drafted(here, meeting, Changes(absent=(late,))))
    assert seats(meeting)[early.pk][1] == 1
    assert sorted(slot for _table, slot in seats(meeting).values()) == [0, 1]


def test_a_draft_of_another_plan_is_refused_and_computed_anew(here: world.World, rule: MeetingRule) -> None:
    crowd(here, [(0, 0)])
    meeting = approved(here, rule)
    draft = drafted(here, meeting, Changes(slots=4, date=meeting.date + timedelta(days=7)))
    appointment = meeting.appointments.get()
    move(actor=here.office, appointment_id=appointment.pk, table_number=2, slot=0)
    with pytest.raises(Conflict) as refused:
        apply_draft(actor=here.office, draft_id=draft)
    assert refused.value.code == "plan_changed"
    assert PlanDraft.objects.get(pk=draft).state == DraftState.WAITING
    compute_draft(draft_id=draft)
    apply_draft(actor=here.office, draft_id=draft)
    meeting_now = SigningMeeting.objects.get(pk=meeting.pk)
    assert meeting_now.date == meeting.date + timedelta(days=7)
    assert timezone.localdate(meeting.appointments.get().during.lower) == meeting_now.date


def test_a_pair_reopened_after_the_draft_is_not_booked(here: world.World, rule: MeetingRule) -> None:
    crowd(here, [(0, 0)])
    meeting = approved(here, rule)
    draft = drafted(here, meeting, Changes(slots=4))
    Review.objects.update(state="shortlisted")
    with pytest.raises(Conflict) as refused:
        apply_draft(actor=here.office, draft_id=draft)
    assert refused.value.code == "plan_changed"


def test_a_place_that_a_reopened_pair_leaves_outdates_the_draft(here: world.World, rule: MeetingRule) -> None:
    crowd(here, [(0, 0), (1, 1)])
    meeting = approved(here, rule)
    draft = drafted(here, meeting, Changes(slots=4))
    Review.objects.filter(pk=next(iter(seats(meeting)))).update(state="shortlisted")
    propose_meetings(today=timezone.localdate())
    assert len(seats(meeting)) == 1
    assert SigningMeeting.objects.get(pk=meeting.pk).plan == meeting.plan + 1
    with pytest.raises(Conflict) as refused:
        apply_draft(actor=here.office, draft_id=draft)
    assert refused.value.code == "plan_changed"


def test_a_draft_computed_twice_is_stored_once(here: world.World, rule: MeetingRule) -> None:
    crowd(here, [(0, 0)])
    meeting = approved(here, rule)
    draft = drafted(here, meeting, Changes(slots=4))
    before = PlanDraft.objects.values().get(pk=draft)
    compute_draft(draft_id=draft)
    assert PlanDraft.objects.values().get(pk=draft) == before


def test_lost_drafts_are_found_once(here: world.World, rule: MeetingRule) -> None:
    crowd(here, [(0, 0)])
    meeting = approved(here, rule)
    draft = PlanDraft.objects.create(meeting=meeting, queued_at=timezone.now() - timedelta(minutes=5))
    assert lost_drafts() == [draft.pk]
    assert lost_drafts() == []


def test_a_plan_that_the_checker_refuses_is_not_kept(
    here: world.World, rule: MeetingRule, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd(here, [(0, 0), (0, 1)])
    meeting = approved(here, rule)

    def double_booked(programme: Programme, current: object, *, seconds: float) -> Replan:
        return Replan(Agenda(tuple(Seat(key, 0, 0) for key in programme.by_key)))

    monkeypatch.setattr(agenda, "replan", double_booked)
    draft = PlanDraft.objects.get(pk=drafted(here, meeting, Changes(slots=4)))
    assert (draft.state, draft.problem, draft.outcome) == (DraftState.FAILED, "plan_refused", {})


def test_strangers_and_foreign_pairs_are_refused_like_absent_ones(
    here: world.World, rule: MeetingRule
) -> None:
    crowd(here, [(0, 0)])
    meeting = approved(here, rule)
    stranger = factories.firm_of(factories.make_user(Role.MEMBER_FIRM)).pk
    for changes, field in (
        (Changes(absent=(Absent(stranger),)), "absent"),
        (Changes(absent=(Absent(uuid.uuid4()),)), "absent"),
        (Changes(leave_out=(uuid.uuid4(),)), "leave_out"),
        (Changes(date=timezone.localdate()), "date"),
    ):
        with pytest.raises(Invalid) as refused:
            drafted(here, meeting, changes)
        assert set(refused.value.fields) == {field}


def test_an_absence_is_heeded_by_the_next_proposal(here: world.World, rule: MeetingRule) -> None:
    (review,) = crowd(here, [(0, 0)])
    day = propose(rule_id=rule.pk, today=timezone.localdate())
    assert day is not None
    begins = timezone.make_aware(datetime.combine(day.date, time(8)))
    decide(actor=here.department, meeting_id=day.pk, action=MeetingAction.DECLINE, reason="改期")
    firm = factories.firm_of(here.leader)
    add_absence(
        actor=here.leader,
        organisation=firm,
        during=DateTimeTZRange(begins, begins + timedelta(hours=2)),
    )
    again = propose(rule_id=rule.pk, today=timezone.localdate(), actor=here.office)
    assert again is not None
    assert (again.date, seats(again)[review.pk][1]) == (day.date, 2)


def test_named_people_and_languages_are_planned(here: world.World, rule: MeetingRule) -> None:
    (review,) = crowd(here, [(0, 0)])
    Presence.objects.create(organisation=factories.firm_of(here.leader), person=here.leader, languages=["ja"])
    assert propose(rule_id=rule.pk, today=timezone.localdate()) is None
    MeetingRule.objects.update(interpreters={"ja": 1})
    meeting = propose(rule_id=rule.pk, today=timezone.localdate())
    assert meeting is not None
    named = meeting.appointments.get(review=review).parties.values_list("person_id", flat=True)
    assert set(named) == {here.leader.pk, None}


def test_alternatives_come_with_a_proposal(here: world.World, rule: MeetingRule) -> None:
    crowd(here, CROSS)
    other = factories.make_rule(factories.make_chain("nev", "新能源汽车"), tables=1).venue
    rule.other_venues.set([other])
    meeting = propose(rule_id=rule.pk, today=timezone.localdate())
    assert meeting is not None
    drafts = PlanDraft.objects.filter(meeting=meeting, author=None)
    for draft in drafts:
        compute_draft(draft_id=draft.pk)
    by_venue = next(draft for draft in drafts.all() if draft.changes.get("venue") == str(other.pk))
    assert (by_venue.outcome["figures"]["pairs"], by_venue.outcome["frame"]["tables"]) == (2, 1)
    apply_draft(actor=here.department, draft_id=by_venue.pk)
    meeting.refresh_from_db()
    assert (meeting.venue_id, meeting.state) == (other.pk, MeetingState.PROPOSED)
    assert len(seats(meeting)) == 2
