"""A roadshow on its day: what is presented begins and ends once for all who hear it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from accounts.models import Organisation
from matching.engine.agenda import Sitting as Expected
from matching.engine.agenda import forecast
from matching.errors import Conflict
from matching.floor.models import Arrival
from matching.floor.models import Sitting as Noted
from matching.floor.queries import BoardRow, board, knocking
from matching.floor.services import announce_delay, check_in, replan, seat_walk_in, step
from matching.floor.states import SittingAction, SittingState
from matching.meetings.events import Event
from matching.meetings.models import MeetingRule, SigningMeeting
from matching.meetings.services import apply_draft, compute_draft
from matching.review.models import Review
from matching.runs.services import publish
from tests import factories, world
from tests.floor.days import to_today
from tests.meetings.crowd import approved, crowd, faults, seats
from tests.meetings.pairs import accept_now, hold_back

pytestmark = pytest.mark.django_db
Clock = Callable[[float], None]


class Day:
    """Three leader firms hear member firm 0, then one of them member firm 1."""

    def __init__(self, *, without: int | None = None) -> None:
        self.here = world.build()
        self.pairs = crowd(self.here, [(0, 0), (1, 0), (2, 0), (0, 1)])
        if without is not None:
            hold_back(self.pairs[without])
        rule = factories.make_rule(self.here.chain)
        MeetingRule.objects.filter(pk=rule.pk).update(event=Event.ROADSHOW)
        self.meeting = to_today(approved(self.here, rule))
        self.pairs.sort(key=lambda pair: seats(self.meeting).get(pair.pk, (0, 0))[1])

    @property
    def heard(self) -> list[Review]:
        """What member firm 0 is on for."""
        presenter = factories.firm_of(self.here.member)
        return [pair for pair in self.pairs if pair.supply.organisation == presenter]

    def comes(self, *firms: Organisation) -> None:
        """They check in."""
        for firm in firms:
            check_in(actor=self.here.office, meeting_id=self.meeting.pk, organisation_id=firm.pk)

    def step(self, pair: Review, action: SittingAction) -> Noted:
        """As the office does."""
        item = self.meeting.appointments.get(review=pair, is_active=True)
        return step(actor=self.here.office, appointment_id=item.pk, action=action)

    def states(self) -> list[SittingState]:
        """How far those are who hear member firm 0."""
        return [self.rows()[pair.pk].state for pair in self.heard]

    def rows(self) -> dict[object, BoardRow]:
        """The office's board by pair."""
        shown = board(self.here.office, self.meeting)
        return {row.appointment.review_id: row for row in shown.rows}


@pytest.fixture
def day(clock: Clock) -> Day:
    """At eight, before it begins."""
    clock(8)
    return Day()


def test_who_is_here_begins_and_finishes_with_it(day: Day, clock: Clock) -> None:
    one, other, late = day.heard
    day.comes(one.demand.organisation, other.demand.organisation)
    day.step(one, SittingAction.BEGIN)
    running, waiting, done = SittingState.RUNNING, SittingState.WAITING, SittingState.DONE
    assert day.states() == [running, running, waiting]
    assert Arrival.objects.filter(organisation=one.supply.organisation, arrived_at__isnull=False).exists()
    (table,) = board(day.here.office, day.meeting).tables
    assert [len(table.current), len(table.following)] == [2, 1]
    clock(8.1)
    day.step(late, SittingAction.BEGIN)
    assert day.states() == [running] * 3
    day.step(late, SittingAction.UNDO)
    assert day.states() == [running, running, waiting]
    day.step(other, SittingAction.FINISH)
    assert day.states() == [done, done, waiting]
    day.step(one, SittingAction.UNDO)
    assert day.states() == [waiting] * 3


def test_what_is_struck_is_struck_alone(day: Day) -> None:
    one, other, late = day.heard
    day.step(late, SittingAction.MISS)
    assert day.states() == [SittingState.WAITING, SittingState.WAITING, SittingState.MISSED]
    assert seats(day.meeting)[one.pk] == seats(day.meeting)[other.pk]
    day.step(late, SittingAction.UNDO)
    assert day.states() == [SittingState.WAITING] * 3


def test_the_stage_is_taken_until_it_is_over(day: Day) -> None:
    (last,) = set(day.pairs) - set(day.heard)
    day.step(day.heard[0], SittingAction.BEGIN)
    with pytest.raises(Conflict) as refused:
        day.step(last, SittingAction.BEGIN)
    assert refused.value.code == "table_busy"


def test_the_stage_waits_for_who_presents_and_for_nobody_who_hears(day: Day) -> None:
    planned = {pair.pk: day.rows()[pair.pk].expected for pair in day.pairs}
    assert planned == {pair.pk: day.rows()[pair.pk].appointment.during.lower for pair in day.pairs}
    delayed = partial(announce_delay, actor=day.here.office, meeting_id=day.meeting.pk, minutes=180)
    delayed(organisation_id=day.heard[2].demand.organisation_id)
    assert {pk: row.expected for pk, row in day.rows().items()} == planned
    delayed(organisation_id=day.heard[0].supply.organisation_id)
    assert {row.minutes_late > 0 for pk, row in day.rows().items() if pk in {p.pk for p in day.heard}} == {
        True
    }


def test_apart_they_would_wait_for_each_other() -> None:
    together = [Expected(name, "table 1", (name, "presenter"), 540, 555) for name in "ab"]
    assert [one.begins for one in forecast(together, now=480).values()] == [540, 555]


def test_the_desk_expects_who_presents_once(day: Day) -> None:
    presenter = factories.firm_of(day.here.member)
    (row,) = [row for row in knocking(day.here.office, day.meeting) if row.organisation == presenter]
    assert row.appointments == 1


def test_who_walks_in_hears_it_before_it_is_over(clock: Clock) -> None:
    clock(8)
    day = Day(without=2)
    (new,) = [pair for pair in day.heard if pair.pk not in seats(day.meeting)]
    publish(actor=day.here.office, run_id=new.match.run_id)
    day.comes(new.demand.organisation, new.supply.organisation)
    accept_now(new)
    seat = partial(seat_walk_in, actor=day.here.office, meeting_id=day.meeting.pk, review_id=new.pk)
    clock(20)
    with pytest.raises(Conflict) as refused:
        seat()
    assert refused.value.code == "no_place"
    clock(8)
    seated = seat()
    stands = next(pair for pair in day.heard if pair != new)
    assert (seated.table.number, seated.slot) == seats(day.meeting)[stands.pk]
    assert faults(day.meeting) == []


def test_the_rest_of_the_day_keeps_what_has_begun(day: Day) -> None:
    first = day.pairs[0]
    with_it = [pair for pair in day.pairs if pair.supply.organisation == first.supply.organisation]
    day.step(first, SittingAction.BEGIN)
    stood = seats(day.meeting)
    rest = [pair for pair in day.pairs if pair not in with_it]
    asked = replan(
        actor=day.here.office,
        meeting_id=day.meeting.pk,
        coming={rest[0].supply.organisation_id: None},
    )
    compute_draft(draft_id=asked.pk)
    apply_draft(actor=day.here.office, draft_id=asked.pk)
    left = {pair.pk: stood[pair.pk] for pair in with_it}
    assert seats(SigningMeeting.objects.get(pk=day.meeting.pk)) == left
