"""Many at once: one gets the last place, plans stay valid, readers see one plan (RELIABILITY 9, 10, 14)."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import time
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from matching.errors import Conflict, Refusal
from matching.invitations.services import keep_up
from matching.meetings import queries
from matching.meetings.changes import Changes
from matching.meetings.models import Appointment, MeetingRule, SigningMeeting
from matching.meetings.services import apply_draft, compute_draft, draft, give_up_places, move, planning
from matching.review.models import Review
from tests import factories, world
from tests.api.parallel import at_once
from tests.meetings.crowd import approved, crowd, drafted, faults, overlaps, seats
from tests.torture import times

REFUSED = ("double_booking", "against_rules", "appointment_gone", "invalid")
"""What may be answered to whoever comes too late, or asks for what can't be."""


def _answer(work: Callable[[], object], word: str) -> str:
    try:
        work()
    except Refusal as refusal:
        return refusal.code
    return word


class _Row:
    """As many pairs as rivals, each at a table of its own in the first slot; one more table is free."""

    def __init__(self, rivals: int) -> None:
        self.here = world.build()
        crowd(self.here, [(at, at) for at in range(rivals)])
        self.meeting = approved(self.here, factories.make_rule(self.here.chain, tables=rivals + 1))
        held = Appointment.objects.filter(meeting=self.meeting).order_by("table__number")
        self.rivals = list(held.values_list("pk", flat=True))
        (self.last,) = set(range(1, rivals + 2)) - {table for table, _slot in seats(self.meeting).values()}

    def take(self, at: int) -> str:
        """What the caller with that number is answered who wants the last table."""
        wanted: dict[str, Any] = {"appointment_id": self.rivals[at], "table_number": self.last, "slot": 0}
        return _answer(lambda: move(actor=self.here.office, **wanted), "moved")


@pytest.mark.django_db(transaction=True)
def test_the_last_place_is_given_to_one() -> None:
    rivals = times(10, 200)
    row = _Row(rivals)
    assert sorted(at_once(rivals, row.take)) == ["double_booking"] * (rivals - 1) + ["moved"]
    assert faults(row.meeting) == []


@pytest.mark.django_db
def test_the_control_with_both_guards_off_it_is_given_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    row = _Row(3)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE matching_appointment DROP CONSTRAINT matching_table_never_twice")
    assert [row.take(0), row.take(1)] == ["moved", "against_rules"]
    assert faults(row.meeting) == []
    monkeypatch.setattr(planning, "brings_faults", lambda *_asked: [])
    assert row.take(2) == "moved"
    assert [fault.split()[0] for fault in overlaps()] == ["table"]
    assert [fault for fault in faults(row.meeting) if "booked twice" in fault] != []


class _Bustle:
    """A meeting with a rest between appointments, and people who move, cancel, plan anew and fill up."""

    def __init__(self) -> None:
        self.here = world.build()
        rule = factories.make_rule(self.here.chain, tables=3)
        MeetingRule.objects.filter(pk=rule.pk).update(gap=1)
        crowd(self.here, [(buyer, seller) for buyer in range(2) for seller in range(3)])
        self.meeting = approved(self.here, MeetingRule.objects.get(pk=rule.pk))
        self.sellers = list(Review.objects.values_list("supply__organisation_id", flat=True))

    def act(self, number: int) -> str:
        """One operation, chosen by its number; what came of it."""
        chance = random.Random(number)
        verbs = (self._move, self._move, self._move, self._cancel, self._fill, self._replan)
        verb = chance.choice(verbs)
        return _answer(lambda: verb(chance), verb.__name__)

    def _move(self, chance: random.Random) -> None:
        held = list(Appointment.objects.filter(is_active=True).order_by("pk").values_list("pk", flat=True))
        if held:
            place = {"table_number": chance.randint(1, 3), "slot": chance.randrange(6)}
            move(actor=self.here.office, appointment_id=chance.choice(held), **place)

    def _cancel(self, chance: random.Random) -> None:
        with transaction.atomic():
            meeting = SigningMeeting.objects.select_for_update().get(pk=self.meeting.pk)
            give_up_places(meeting=meeting, organisation_id=chance.choice(self.sellers))

    def _fill(self, _chance: random.Random) -> None:
        keep_up(meeting_id=self.meeting.pk, now=timezone.now())

    def _replan(self, chance: random.Random) -> None:
        wanted = Changes(take_in=True, slots=chance.randint(5, 7))
        asked = draft(actor=self.here.office, meeting_id=self.meeting.pk, changes=wanted)
        for _turn in range(8):
            compute_draft(draft_id=asked.pk)
            try:
                apply_draft(actor=self.here.office, draft_id=asked.pk)
            except Conflict as overtaken:
                if overtaken.code != "plan_changed":
                    raise
            else:
                return


@pytest.mark.django_db(transaction=True)
def test_whatever_many_do_at_once_the_plan_stays_valid() -> None:
    bustle = _Bustle()
    done = at_once(times(60, 20_000), bustle.act)
    assert {"_move", "_cancel", "_fill", "_replan"} <= set(done)
    assert set(done) <= {"_move", "_cancel", "_fill", "_replan", *REFUSED}
    assert faults(bustle.meeting) == []


@pytest.mark.django_db
def test_the_control_a_rest_that_a_move_forgets_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    bustle = _Bustle()
    monkeypatch.setattr(planning, "brings_faults", lambda *_asked: [])
    for number in range(60):
        _answer(partial(bustle._move, random.Random(number)), "moved")
    assert [fault for fault in faults(bustle.meeting) if "has no rest" in fault] != []


def _is_one_plan(meeting: SigningMeeting, planned: list[Appointment]) -> bool:
    """Whether every appointment is at the time that the meeting's own slots say."""
    ranges = queries.slot_ranges(meeting, 1 + max(item.slot for item in planned))
    return all(item.during == ranges[item.slot] for item in planned)


def _shifted(here: world.World, meeting: SigningMeeting, hour: int) -> None:
    apply_draft(actor=here.office, draft_id=drafted(here, meeting, Changes(starts=time(hour))))


@pytest.mark.django_db(transaction=True)
def test_readers_see_the_old_plan_or_the_new_one() -> None:
    here = world.build()
    crowd(here, [(buyer, seller) for buyer in range(3) for seller in range(3)])
    meeting = approved(here, factories.make_rule(here.chain, tables=3))

    def act(number: int) -> list[bool]:
        if number == 0:
            for turn in range(times(6, 100)):
                _shifted(here, meeting, 10 + turn % 2)
            return [True]
        reader = User.objects.get(pk=here.office.pk)
        stale = SigningMeeting.objects.get(pk=meeting.pk)
        return [_is_one_plan(*queries.plan_of(reader, stale)) for _turn in range(times(30, 200))]

    answers = at_once(times(4, 20), act)
    assert {seen for reader in answers for seen in reader} == {True}


@pytest.mark.django_db
def test_the_control_read_in_two_steps_it_is_a_mix() -> None:
    here = world.build()
    crowd(here, [(0, 0), (0, 1)])
    meeting = approved(here, factories.make_rule(here.chain))
    before = SigningMeeting.objects.get(pk=meeting.pk)
    assert _is_one_plan(*queries.plan_of(here.office, before))
    _shifted(here, meeting, 11)
    assert not _is_one_plan(before, list(queries.appointments(here.office, before)))
    assert _is_one_plan(*queries.plan_of(here.office, before))
