"""Roadshows: a member firm is on once, and every leader firm that it is to meet hears it."""

from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from matching.engine.agenda import Cause
from matching.invitations.ics import gathered
from matching.invitations.models import CalendarEntry, Invitation
from matching.invitations.queries import entries_of
from matching.invitations.services import keep_up
from matching.meetings.changes import Absent, Changes
from matching.meetings.events import Event
from matching.meetings.models import (
    Absence,
    Appointment,
    Attendance,
    MeetingRule,
    PlanDraft,
    SigningMeeting,
    Table,
)
from matching.meetings.services import apply_draft, give_up_places, move, offer_places, pin
from matching.meetings.services.proposals import propose
from matching.review.models import Review
from tests import factories, world
from tests.invitations.inviting import now
from tests.meetings.crowd import accepted, approved, crowd, drafted, faults, seats
from tests.meetings.pairs import accept_now, hold_back

pytestmark = pytest.mark.django_db
PAIRS = [(0, 0), (1, 0), (2, 0), (0, 1)]
"""Three leader firms hear member firm 0, one of them member firm 1."""


@pytest.fixture
def here() -> world.World:
    """A chain with its people."""
    return world.build()


@pytest.fixture
def pairs(here: world.World) -> list[Review]:
    """Accepted, in the order of PAIRS."""
    return crowd(here, PAIRS)


def roadshow(here: world.World, event: str = Event.ROADSHOW) -> SigningMeeting:
    """Proposed and approved."""
    rule = factories.make_rule(here.chain)
    MeetingRule.objects.filter(pk=rule.pk).update(event=event)
    return approved(here, rule)


def seat_of(meeting: SigningMeeting, review: Review) -> Appointment:
    """Where a pair is."""
    return meeting.appointments.get(review=review, is_active=True)


def test_a_member_firm_is_on_once_for_all_its_leader_firms(here: world.World, pairs: list[Review]) -> None:
    meeting = roadshow(here)
    places = [seats(meeting)[pair.pk] for pair in pairs]
    assert places[0] == places[1] == places[2] != places[3]
    assert sorted({slot for _table, slot in places}) == [0, 1]
    assert faults(meeting) == []
    assert len({seat_of(meeting, pair).presentation for pair in pairs}) == 2


def test_one_visit_is_about_all_pairs_of_the_two_firms(here: world.World, pairs: list[Review]) -> None:
    owner = here.leader
    accepted(here, pairs[0].match, owner, here.member)
    meeting = roadshow(here, Event.VISIT)
    assert (len(seats(meeting)), len(set(seats(meeting).values()))) == (3, 2)
    assert faults(meeting) == []


@pytest.mark.parametrize("what", ["slot", "table", "stage", "firm"])
def test_the_database_refuses_half_a_presentation(here: world.World, pairs: list[Review], what: str) -> None:
    meeting = roadshow(here)
    one, other = seat_of(meeting, pairs[0]), seat_of(meeting, pairs[3])
    seat = Appointment.objects.filter(pk=one.pk)
    broken = {
        "slot": lambda: seat.update(slot=other.slot, during=other.during),
        "table": lambda: seat.update(table=_other_table(meeting)),
        "stage": lambda: seat.update(presentation=uuid.uuid4()),
        "firm": lambda: Attendance.objects.filter(appointment=one).update(presentation=uuid.uuid4()),
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        broken[what]()


def _other_table(meeting: SigningMeeting) -> Table | None:
    return Table.objects.filter(venue=meeting.venue).exclude(appointment__meeting=meeting).first()


def test_it_moves_and_is_pinned_as_a_whole(here: world.World, pairs: list[Review]) -> None:
    meeting = roadshow(here)
    SigningMeeting.objects.filter(pk=meeting.pk).update(slots=3)
    moved = move(actor=here.office, appointment_id=seat_of(meeting, pairs[1]).pk, table_number=1, slot=2)
    assert (moved.slot, moved.table.number) == (2, 1)
    meeting.refresh_from_db()
    assert [seats(meeting)[pair.pk][1] for pair in pairs[:3]] == [2, 2, 2]
    assert faults(meeting) == []
    pin(actor=here.office, appointment_id=moved.pk, pinned=True)
    assert [seat_of(meeting, pair).is_pinned for pair in pairs] == [True, True, True, False]


def test_who_cannot_come_then_is_left_out_and_the_others_stay(here: world.World, pairs: list[Review]) -> None:
    meeting = roadshow(here)
    stood = seats(meeting)
    gone = pairs[1].demand.organisation_id
    asked = drafted(here, meeting, Changes(absent=(Absent(gone),)))
    told = PlanDraft.objects.get(pk=asked).outcome
    assert told["left"] == [str(pairs[1].pk)]
    assert [(each["review"], each["now"], each["cause"]) for each in told["moves"]] == [
        (str(pairs[1].pk), None, Cause.AWAY)
    ]
    apply_draft(actor=here.office, draft_id=asked)
    left = {pair: place for pair, place in stood.items() if pair != pairs[1].pk}
    assert seats(meeting) == left


def test_it_waits_for_whoever_hears_it_where_that_costs_nobody(
    here: world.World, pairs: list[Review]
) -> None:
    meeting = roadshow(here)
    first = seat_of(meeting, pairs[1])
    late = DateTimeTZRange(first.during.lower, first.during.upper)
    Absence.objects.create(organisation=pairs[1].demand.organisation, during=late)
    asked = drafted(here, meeting, Changes(slots=3))
    told = PlanDraft.objects.get(pk=asked).outcome
    assert told["left"] == []
    causes = {each["review"]: each["cause"] for each in told["moves"]}
    assert causes[str(pairs[1].pk)] == Cause.AWAY
    assert {causes[str(pair.pk)] for pair in (pairs[0], pairs[2])} == {Cause.TOGETHER}
    apply_draft(actor=here.office, draft_id=asked)
    assert len({seats(meeting)[pair.pk] for pair in pairs[:3]}) == 1


def test_who_accepts_later_hears_it_with_the_others(here: world.World, pairs: list[Review]) -> None:
    hold_back(pairs[2])
    rule = factories.make_rule(here.chain)
    MeetingRule.objects.filter(pk=rule.pk).update(event=Event.ROADSHOW)
    meeting = propose(rule_id=rule.pk, today=timezone.localdate())
    assert meeting is not None
    stood = seats(meeting)
    assert pairs[2].pk not in stood
    accept_now(pairs[2])
    assert propose(rule_id=rule.pk, today=timezone.localdate()) == meeting
    assert seats(meeting) == {**stood, pairs[2].pk: stood[pairs[0].pk]}
    assert seat_of(meeting, pairs[2]).presentation == seat_of(meeting, pairs[0]).presentation


def test_a_place_that_was_given_up_lets_somebody_else_hear_it(here: world.World, pairs: list[Review]) -> None:
    hold_back(pairs[2])
    meeting = roadshow(here)
    give_up_places(meeting=meeting, organisation_id=pairs[3].supply.organisation_id)
    accept_now(pairs[2])
    meeting.refresh_from_db()
    assert offer_places(meeting=meeting, passing_over={pairs[3].supply.organisation_id}) == [pairs[2]]
    assert seats(meeting)[pairs[2].pk] == seats(meeting)[pairs[0].pk]
    assert faults(meeting) == []


def test_calendars_show_it_once(here: world.World, pairs: list[Review]) -> None:
    meeting = roadshow(here)
    keep_up(meeting_id=meeting.pk, now=now())
    presenter = Invitation.objects.get(meeting=meeting, organisation=pairs[0].supply.organisation)
    (shown,) = gathered(entries_of(presenter))
    assert (len(shown.seats), shown.is_cancelled) == (3, False)
    leaves = pairs[1].demand.organisation
    give_up_places(meeting=meeting, organisation_id=leaves.pk)
    keep_up(meeting_id=meeting.pk, now=now())
    (later,) = gathered(entries_of(presenter))
    assert (len(later.seats), later.is_cancelled, later.first.uid) == (2, False, shown.first.uid)
    assert later.sequence > shown.sequence
    gone = Invitation.objects.get(meeting=meeting, organisation=leaves)
    (cancelled,) = gathered(entries_of(gone))
    assert (cancelled.is_cancelled, cancelled.first.uid) == (True, shown.first.uid)
    assert CalendarEntry.objects.filter(meeting=meeting, appointment__isnull=False).count() == 4


def test_the_plan_shows_all_who_hear_it(here: world.World, pairs: list[Review]) -> None:
    meeting = roadshow(here)
    client = Client()
    client.force_login(here.office)
    page = client.get(reverse("meeting_detail", args=[meeting.pk])).content.decode()
    assert [pair.demand.organisation.name in page for pair in pairs] == [True] * 4
    # Moved as a whole: one link for each presentation.
    assert page.count("/move/") == 2
    (one, *_rest) = client.get(f"/api/v1/appointments/?meeting={meeting.pk}").json()["results"]
    shown = {str(item.presentation) for item in meeting.appointments.all()}
    assert one["presentation"] in shown
