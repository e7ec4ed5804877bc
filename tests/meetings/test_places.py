"""Places that were given up go to the waiting list by the rules of the meeting, and nobody else moves."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from accounts.models import User
from accounts.roles import Role
from matching.errors import Conflict
from matching.meetings.models import Absence, Appointment, MeetingRule, Presence, SigningMeeting
from matching.meetings.queries import slot_range
from matching.meetings.services import give_up_places, move, offer_places
from matching.meetings.services.planning.filling import Filling
from matching.meetings.services.planning.seats import places_of
from matching.review.models import Review
from tests import factories, world
from tests.meetings.crowd import accepted, approved, crowd, faults, seats

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> world.World:
    """A chain with its people."""
    return world.build()


class _OneTable:
    """One table and one slot of rest: two appointments one after the other, of which one is given up."""

    def __init__(self, here: world.World) -> None:
        rule = factories.make_rule(here.chain, tables=1)
        MeetingRule.objects.filter(pk=rule.pk).update(gap=1)
        self.pairs = crowd(here, [(0, 0), (1, 1)])
        self.meeting = approved(here, rule)
        gone, self.stays = sorted(self.pairs, key=lambda each: seats(self.meeting)[each.pk][1])
        self.free = seats(self.meeting)[gone.pk]
        self.refused = gone.supply.organisation_id
        assert give_up_places(meeting=self.meeting, organisation_id=self.refused) == 1
        self.here = here

    def wait(self, buyer: User, seller: User) -> Review:
        return accepted(self.here, self.stays.match, buyer, seller)

    def offer(self) -> list[Review]:
        self.meeting.refresh_from_db()
        return offer_places(meeting=self.meeting, passing_over={self.refused})


def _owner(review: Review) -> User:
    return User.objects.get(memberships__organisation=review.demand.organisation_id)


def test_who_has_no_rest_gets_no_place(here: world.World) -> None:
    day = _OneTable(here)
    tired = day.wait(_owner(day.stays), factories.make_user(Role.MEMBER_FIRM))
    assert day.offer() == []
    rested = day.wait(factories.make_user(Role.LEADER_FIRM), factories.make_user(Role.MEMBER_FIRM))
    before = SigningMeeting.objects.get(pk=day.meeting.pk).plan
    assert day.offer() == [rested]
    assert seats(day.meeting)[rested.pk] == day.free
    assert tired.pk not in seats(day.meeting)
    assert (faults(day.meeting), SigningMeeting.objects.get().plan) == ([], before + 1)


def test_who_is_away_gets_the_place_once_they_can_come(here: world.World) -> None:
    day = _OneTable(here)
    waiting = day.wait(factories.make_user(Role.LEADER_FIRM), factories.make_user(Role.MEMBER_FIRM))
    during = slot_range(day.meeting, day.free[1])
    away = Absence.objects.create(
        organisation=waiting.supply.organisation, during=DateTimeTZRange(during.lower, during.upper)
    )
    assert day.offer() == []
    away.delete()
    assert day.offer() == [waiting]


def test_a_pair_without_an_interpreter_gets_no_place(here: world.World) -> None:
    day = _OneTable(here)
    waiting = day.wait(factories.make_user(Role.LEADER_FIRM), factories.make_user(Role.MEMBER_FIRM))
    Presence.objects.create(organisation=waiting.demand.organisation, languages=["ja"])
    assert day.offer() == []
    SigningMeeting.objects.update(interpreters={"ja": 1})
    assert day.offer() == [waiting]


def test_a_lost_table_is_given_to_nobody(here: world.World) -> None:
    day = _OneTable(here)
    day.wait(factories.make_user(Role.LEADER_FIRM), factories.make_user(Role.MEMBER_FIRM))
    SigningMeeting.objects.update(shut_tables=[day.free[0]])
    assert day.offer() == []


def test_who_stands_against_a_rule_stays_where_they_are(here: world.World) -> None:
    day = _OneTable(here)
    standing = seats(day.meeting)[day.stays.pk]
    during = slot_range(day.meeting, standing[1])
    Absence.objects.create(
        organisation=day.stays.supply.organisation, during=DateTimeTZRange(during.lower, during.upper)
    )
    waiting = day.wait(factories.make_user(Role.LEADER_FIRM), factories.make_user(Role.MEMBER_FIRM))
    assert day.offer() == [waiting]
    assert seats(day.meeting)[day.stays.pk] == standing


def test_booked_without_the_planner_the_checker_reports_it(
    here: world.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = _OneTable(here)
    tired = day.wait(_owner(day.stays), factories.make_user(Role.MEMBER_FIRM))

    def anywhere(filling: Filling) -> object:
        table, slot = day.free
        at = next(at for at, each in enumerate(filling.setting.tables) if each.number == table)
        return places_of(
            filling.setting,
            filling.new,
            [replace(filling.stands[0], pairing=str(tired.pk), table=at, slot=slot)],
        )

    monkeypatch.setattr(Filling, "best", anywhere)
    assert day.offer() == [tired]
    assert ["has no rest" in fault for fault in faults(day.meeting)] == [True]


def test_moving_against_a_rule_is_refused(here: world.World) -> None:
    rule = factories.make_rule(here.chain, tables=2)
    MeetingRule.objects.filter(pk=rule.pk).update(gap=1)
    first, second = crowd(here, [(0, 0), (0, 1)])
    meeting = approved(here, rule)
    held = {item.slot: item for item in Appointment.objects.filter(meeting=meeting).select_related("table")}
    assert sorted(held) == [0, 2]
    with pytest.raises(Conflict) as refused:
        move(actor=here.office, appointment_id=held[2].pk, table_number=held[2].table.number, slot=1)
    assert refused.value.code == "against_rules"
    assert {first.pk, second.pk} == set(seats(meeting))
    assert faults(meeting) == []
