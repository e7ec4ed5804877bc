"""When a meeting is proposed, how its day is cut, and who approves it."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localtime

from accounts.models import Organisation
from accounts.roles import Role
from matching.chains.models import Region, RegionLevel
from matching.errors import Conflict, Forbidden, Invalid
from matching.meetings import access
from matching.meetings.clocks import is_working_day, slot_begins
from matching.meetings.events import Event
from matching.meetings.interpreters import read_interpreters, show_interpreters
from matching.meetings.models import Cadence, MeetingRule, SigningMeeting
from matching.meetings.queries import reasons_of
from matching.meetings.services import decide, propose, propose_meetings, save_rule
from matching.meetings.states import MeetingAction, MeetingState
from matching.meetings.travel import read_travel_times, show_travel_times
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
    assert read_interpreters("英语 2名、日语：1; Korean 3") == {"en": 2, "ja": 1, "ko": 3}
    shown = show_interpreters({"ja": 1, "en": 2, "yue": 1})
    assert shown == "英语 2, 日语 1, yue 1"
    assert read_interpreters(shown) == {"en": 2, "ja": 1, "yue": 1}
    for wrong in ("en", "2", "en 0", "klingon 2"):
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


def test_travel_times_are_read_as_people_write_them() -> None:
    codes = {"太原市": "1401", "大同市": "1402", "晋中市": "1407"}
    read = read_travel_times("大同-太原市 180，1401-1407: 40\n", codes)
    assert read == {"1401-1402": 180, "1401-1407": 40}
    names = {code: name for name, code in codes.items()}
    assert show_travel_times(read, names) == "太原市-大同市 180, 太原市-晋中市 40"
    assert read_travel_times(show_travel_times(read, names), codes) == read
    for wrong in (
        "太原市 180",
        "太原市-太原市 5",
        "太原市-上海市 90",
        "太原市-大同市 481",
        "太原市-大同市 -1",
    ):
        with pytest.raises(ValueError, match=r"\S"):
            read_travel_times(wrong, codes)


@pytest.mark.parametrize(
    "wrong", [{"1402-1401": 5}, {"1401-1401": 5}, {"1401-1402": -1}, {"1401-9999": 5}, {"1401": 5}, ["1401"]]
)
def test_other_travel_times_are_refused(here: world.World, wrong: object) -> None:
    rule = factories.make_rule(here.chain)
    rule.travel_times = wrong
    with pytest.raises(Invalid) as refused:
        save_rule(actor=here.office, rule=rule)
    assert set(refused.value.fields) == {"travel_times"}


@pytest.mark.parametrize(
    ("minutes", "slots"), [({}, [0, 3]), ({"1401-1402": 50}, [0, 2]), ({"1401-1402": 0}, [0, 1])]
)
def test_a_visit_heeds_the_way_between_its_two_cities(
    here: world.World, minutes: dict[str, int], slots: list[int]
) -> None:
    pairs = crowd(here, [(0, 0), (0, 1)])
    for pair, region in zip(pairs, ("140105", "140202"), strict=True):
        Organisation.objects.filter(pk=pair.supply.organisation_id).update(region=region)
    rule = factories.make_rule(here.chain)
    MeetingRule.objects.update(event=Event.VISIT, slot_minutes=60, travel_minutes=120, travel_times=minutes)
    meeting = propose(rule_id=rule.pk, today=TODAY)
    assert meeting is not None
    assert sorted(slot for _table, slot in seats(meeting).values()) == slots
    assert meeting.travel_times == minutes


def test_an_office_writes_the_ways_between_cities_on_the_page(here: world.World, client: Client) -> None:
    for code, name in (("1401", "太原市"), ("1402", "大同市")):
        Region.objects.create(code=code, name=name, level=RegionLevel.CITY)
    rule = factories.make_rule(here.chain)
    MeetingRule.objects.update(event=Event.VISIT, slot_minutes=60)
    client.force_login(here.department)
    address = f"{reverse('rule_edit', args=[here.chain.pk])}?event=visit"
    form = {
        "venue": str(rule.venue_id),
        "cadence": "month",
        "minimum_pairs": "1",
        "lead_days": "14",
        "starts": "09:00",
        "slot_minutes": "60",
        "slots_a_day": "8",
        "travel_minutes": "90",
    }
    wrong = client.post(address, form | {"travel_times": "太原-哪里 5"})
    assert (wrong.status_code, "太原-哪里 5" in wrong.content.decode()) == (422, True)
    right = client.post(address, form | {"travel_times": "大同-太原 180"})
    assert right.status_code == 303, right.context["form"].errors
    assert MeetingRule.objects.get().travel_times == {"1401-1402": 180}
    assert "太原市-大同市 180" in client.get(address).content.decode()
