"""When a meeting is proposed, how its day is cut, and who approves it."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest
from django.utils.timezone import localtime

from accounts.roles import Role
from matching.errors import Conflict, Forbidden
from matching.meetings import access
from matching.meetings.clocks import is_working_day, slot_begins
from matching.meetings.events import Event
from matching.meetings.interpreters import read_interpreters, show_interpreters
from matching.meetings.models import Cadence, MeetingRule, SigningMeeting
from matching.meetings.queries import reasons_of
from matching.meetings.services import decide, propose, propose_meetings
from matching.meetings.states import MeetingAction, MeetingState
from matching.review.models import Review
from tests import factories, world
from tests.meetings.crowd import accepted, crowd, seats

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 23), True),
        (date(2026, 11, 21), False),
        (date(2026, 2, 28), False),
        (date(2026, 2, 18), False),
        (date(2026, 10, 7), False),
        (date(2026, 10, 8), True),
        (date(2027, 2, 8), False),
    ],
)
def test_working_days_are_those_of_the_country(day: date, works: bool) -> None:
    assert is_working_day(day) is works


def test_no_slot_reaches_into_a_break() -> None:
    begins = slot_begins(time(11), date(2026, 12, 4), 45, 4, ["15:15-15:30", "12:00-13:30"])
    assert [f"{localtime(each):%H:%M}" for each in begins] == ["11:00", "13:30", "14:15", "15:30"]


def test_interpreters_are_read_as_people_write_them() -> None:
    assert read_interpreters("EN 2，ja×1") == {"en": 2, "ja": 1}
    assert show_interpreters({"ja": 1, "en": 2}) == "en 2, ja 1"
    for wrong in ("en", "2", "en 0", "english 2"):
        with pytest.raises(ValueError, match=wrong):
            read_interpreters(wrong)


@pytest.fixture
def here(db: None) -> world.World:
    """A chain with its people."""
    return world.build()


def test_few_pairs_of_much_value_are_enough(here: world.World) -> None:
    crowd(here, [(0, 0)])
    rule = factories.make_rule(here.chain)
    MeetingRule.objects.update(cadence=Cadence.ENOUGH, minimum_pairs=5, minimum_value=Decimal("2000.01"))
    assert propose(rule_id=rule.pk, today=TODAY) is None
    MeetingRule.objects.update(minimum_value=Decimal(2000))
    meeting = propose(rule_id=rule.pk, today=TODAY)
    assert meeting is not None
    told = reasons_of(meeting)
    assert (told.pairs, told.pairs_wanted, told.firms, told.value) == (1, 1, 2, Decimal(2000))


def test_by_the_clock_there_is_one_meeting_a_month(here: world.World) -> None:
    crowd(here, [(0, 0)])
    rule = factories.make_rule(here.chain)
    meeting = propose(rule_id=rule.pk, today=TODAY)
    assert meeting is not None
    decide(actor=here.department, meeting_id=meeting.pk, action=MeetingAction.APPROVE)
    buyer, seller = factories.make_user(Role.LEADER_FIRM), factories.make_user(Role.MEMBER_FIRM)
    accepted(here, Review.objects.get().match, buyer, seller)
    assert propose_meetings(today=TODAY) == 0
    MeetingRule.objects.update(cadence=Cadence.ENOUGH)
    assert propose_meetings(today=TODAY) == 1


def test_a_session_is_for_one_leader_firm_at_one_table(here: world.World) -> None:
    crowd(here, [(0, 0), (0, 1), (1, 0)])
    rule = factories.make_rule(here.chain)
    MeetingRule.objects.update(event=Event.SESSION)
    meeting = propose(rule_id=rule.pk, today=TODAY)
    assert meeting is not None
    assert meeting.leader_id == factories.firm_of(here.leader).pk
    assert (meeting.tables, len(seats(meeting))) == (1, 2)


def test_a_roadshow_has_each_member_firm_once(here: world.World) -> None:
    crowd(here, [(0, 0), (1, 0), (0, 1)])
    rule = factories.make_rule(here.chain)
    MeetingRule.objects.update(event=Event.ROADSHOW)
    meeting = propose(rule_id=rule.pk, today=TODAY)
    assert meeting is not None
    assert sorted(slot for _table, slot in seats(meeting).values()) == [0, 1]


def test_the_chain_head_approves_after_the_department(here: world.World) -> None:
    crowd(here, [(0, 0)])
    rule = factories.make_rule(here.chain)
    MeetingRule.objects.update(needs_head=True, head_value=Decimal(2000))
    head = factories.make_user(Role.CHAIN_HEAD, chains=(here.chain.pk,))
    meeting = propose(rule_id=rule.pk, today=TODAY)
    assert meeting is not None
    assert meeting.needs_head
    with pytest.raises(Conflict) as refused:
        decide(actor=here.department, meeting_id=meeting.pk, action=MeetingAction.APPROVE)
    assert refused.value.code == "needs_head"
    assert MeetingAction.APPROVE not in access.actions(here.department, meeting)
    decide(actor=here.department, meeting_id=meeting.pk, action=MeetingAction.ENDORSE)
    with pytest.raises(Forbidden):
        decide(actor=here.department, meeting_id=meeting.pk, action=MeetingAction.CONFIRM)
    decide(actor=head, meeting_id=meeting.pk, action=MeetingAction.RETURN, reason="换场地")
    decide(actor=here.department, meeting_id=meeting.pk, action=MeetingAction.ENDORSE)
    assert propose_meetings(today=TODAY) == 0
    done = decide(actor=head, meeting_id=meeting.pk, action=MeetingAction.CONFIRM)
    assert done.state == MeetingState.APPROVED
    assert SigningMeeting.objects.visible_to(here.member).count() == 1


def test_below_the_value_the_department_decides_alone(here: world.World) -> None:
    crowd(here, [(0, 0)])
    rule = factories.make_rule(here.chain)
    MeetingRule.objects.update(needs_head=True, head_value=Decimal("2000.01"))
    meeting = propose(rule_id=rule.pk, today=TODAY)
    assert meeting is not None
    done = decide(actor=here.department, meeting_id=meeting.pk, action=MeetingAction.APPROVE)
    assert done.state == MeetingState.APPROVED
