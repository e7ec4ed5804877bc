"""Two firms that are both there meet on the spot: only with both sides' yes, only of a published list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.personal import erase as forget
from accounts.roles import Role
from matching.errors import Conflict, Forbidden, Invalid, Refusal
from matching.floor import services
from matching.floor.queries import board
from matching.floor.services import walking_in
from matching.floor.states import SittingAction, SittingState
from matching.invitations.models import Invitation
from matching.invitations.services import keep_up
from matching.invitations.states import InvitationState
from matching.meetings.models import Appointment, SigningMeeting
from matching.meetings.services import apply_draft, compute_draft, planning
from matching.notices.models import Notice
from matching.review.models import Decision, Review
from matching.review.services import decide, review_match
from matching.review.states import ReviewAction, ReviewState
from matching.runs.models import Match
from matching.runs.services import publish
from tests import factories, world
from tests.api.parallel import at_once, client_with, token_of
from tests.floor.days import at, meeting_with_one_more, to_today
from tests.meetings.crowd import approved, faults, seats
from tests.torture import times

pytestmark = pytest.mark.django_db


class _Fair:
    """A meeting of one of two pairs of the same firms; the other was shortlisted from a published list."""

    def __init__(self, *, published: bool = True) -> None:
        self.here = world.build()
        self.meeting, self.held, self.pair = meeting_with_one_more(self.here, published=published)

    def arrive(self) -> None:
        for person in (self.here.leader, self.here.member):
            services.check_in(
                actor=self.here.office,
                meeting_id=self.meeting.pk,
                organisation_id=factories.firm_of(person).pk,
            )

    def seat(self, **said: Any) -> Appointment:
        return services.seat_walk_in(
            actor=said.pop("actor", self.here.office),
            meeting_id=self.meeting.pk,
            review_id=said.pop("review_id", self.pair.pk),
            **said,
        )

    def refused(self, **said: Any) -> str:
        with pytest.raises(Refusal) as refusal:
            self.seat(**said)
        assert Appointment.objects.filter(is_active=True).count() == 1
        error = refusal.value
        return ",".join(error.fields) if isinstance(error, Invalid) else error.code


BOTH = {"demand_said_by": "李娜", "supply_said_by": "王伟"}


def test_with_both_sides_yes_they_meet_at_the_next_place(clock: Callable[[float], None]) -> None:
    fair = _Fair()
    clock(9.1)
    fair.arrive()
    seated = fair.seat(**BOTH)
    fair.pair.refresh_from_db()
    assert (seated.slot, seated.table, fair.pair.state) == (
        1,
        Appointment.objects.get(review=fair.held).table,
        ReviewState.ACCEPTED,
    )
    said = Decision.objects.filter(review=fair.pair, actor=fair.here.office).exclude(action="shortlist")
    told = [(each.action, each.reason.rpartition(" ")[2]) for each in said.order_by("pk")]
    assert told == [("leader_accept", "李娜"), ("member_accept", "王伟")]
    assert faults(fair.meeting) == []


def test_a_pair_that_both_accepted_before_needs_no_name(clock: Callable[[float], None]) -> None:
    fair = _Fair()
    decide(actor=fair.here.leader, review_id=fair.pair.pk, action=ReviewAction.LEADER_ACCEPT)
    decide(actor=fair.here.member, review_id=fair.pair.pk, action=ReviewAction.MEMBER_ACCEPT)
    clock(8)
    fair.arrive()
    assert fair.seat().slot == 1
    keep_up(meeting_id=fair.meeting.pk, now=at(8))
    told = Notice.objects.filter(key__startswith="invitation:").values_list("user", flat=True)
    assert set(told) == {fair.here.leader.pk, fair.here.member.pk}


@pytest.mark.parametrize(
    "said", [{}, {"demand_said_by": "李娜"}, {"demand_said_by": "李娜", "supply_said_by": " "}]
)
def test_never_without_both(clock: Callable[[float], None], said: dict[str, str]) -> None:
    fair = _Fair()
    clock(8)
    fair.arrive()
    assert fair.refused(**said) == ("supply_said_by" if said else "demand_said_by")
    fair.pair.refresh_from_db()
    assert (fair.pair.state, Decision.objects.filter(review=fair.pair).count()) == (
        ReviewState.SHORTLISTED,
        1,
    )


def test_one_sides_own_yes_leaves_the_other_to_be_said(clock: Callable[[float], None]) -> None:
    fair = _Fair()
    decide(actor=fair.here.leader, review_id=fair.pair.pk, action=ReviewAction.LEADER_ACCEPT)
    clock(8)
    fair.arrive()
    assert fair.refused() == "supply_said_by"
    assert fair.seat(supply_said_by="王伟").review_id == fair.pair.pk


def test_never_a_pair_that_no_published_list_names(clock: Callable[[float], None]) -> None:
    fair = _Fair(published=False)
    clock(8)
    fair.arrive()
    assert fair.refused(**BOTH) == "no_walk_in"


def test_never_a_pair_that_a_list_left_out_or_the_office_has_not_asked(
    clock: Callable[[float], None],
) -> None:
    fair = _Fair()
    clock(8)
    fair.arrive()
    Match.objects.filter(pk=fair.pair.match_id).update(listed=False)
    assert fair.refused(**BOTH) == "no_walk_in"
    Match.objects.filter(pk=fair.pair.match_id).update(listed=True)
    for state in (ReviewState.PENDING, ReviewState.DECLINED, ReviewState.REJECTED):
        Review.objects.filter(pk=fair.pair.pk).update(state=state)
        assert fair.refused(**BOTH) == "no_walk_in"
    assert fair.refused(review_id=fair.held.pk) == "no_walk_in"


def test_both_firms_are_there(clock: Callable[[float], None]) -> None:
    fair = _Fair()
    clock(8)
    assert fair.refused(**BOTH) == "party_not_here"


def test_it_is_the_day_and_the_desk(clock: Callable[[float], None]) -> None:
    fair = _Fair()
    clock(8)
    fair.arrive()
    for person in (fair.here.leader, fair.here.member):
        with pytest.raises(Forbidden):
            fair.seat(actor=person, **BOTH)
    clock(33)
    assert fair.refused(**BOTH) == "not_the_day"


def test_when_the_day_is_full_nothing_is_recorded(clock: Callable[[float], None]) -> None:
    fair = _Fair()
    clock(10.4)
    fair.arrive()
    assert fair.refused(**BOTH) == "no_place"
    fair.pair.refresh_from_db()
    assert fair.pair.state == ReviewState.SHORTLISTED


def test_the_control_without_the_look_at_the_list_it_would_be_seated(
    clock: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    fair = _Fair(published=False)
    clock(8)
    fair.arrive()
    monkeypatch.setattr(walking_in, "_refuse_unfit", lambda _meeting, _review: None)
    assert fair.seat(**BOTH).review_id == fair.pair.pk


def test_the_page_seats_them(clock: Callable[[float], None]) -> None:
    fair = _Fair()
    clock(8)
    browser = Client()
    browser.force_login(fair.here.office)
    page = reverse("floor_walk_ins", args=[fair.meeting.pk])
    assert browser.get(page).context["page"].object_list == []
    fair.arrive()
    (row,) = browser.get(page).context["page"].object_list
    assert (row.review, row.asks_demand, row.asks_supply) == (fair.pair, True, True)
    assert browser.post(page, {"review": str(fair.pair.pk), **BOTH}).status_code == 303
    assert fair.pair.pk in seats(fair.meeting)
    assert browser.get(page).context["page"].object_list == []


def test_a_firm_without_an_appointment_is_checked_in_for_its_pair(clock: Callable[[float], None]) -> None:
    fair = _Fair()
    clock(8)
    Appointment.objects.filter(meeting=fair.meeting).delete()
    fair.arrive()
    assert fair.seat(**BOTH).slot == 0
    stranger = factories.firm_of(factories.make_user(Role.MEMBER_FIRM)).pk
    with pytest.raises(Conflict) as refused:
        services.check_in(actor=fair.here.office, meeting_id=fair.meeting.pk, organisation_id=stranger)
    assert refused.value.code == "no_appointment"


class _OnePlace:
    """Two pairs that might meet, and one place that is left."""

    def __init__(self) -> None:
        self.here = world.build()
        run = world.finished_run(self.here, demands=3, supplies=1)
        publish(actor=self.here.office, run_id=run.pk)
        matches = Match.objects.filter(run=run).order_by("pk")
        asked: dict[str, Any] = {"actor": self.here.office, "action": ReviewAction.SHORTLIST}
        held, *self.pairs = (review_match(match_id=each.pk, **asked) for each in matches)
        for person, action in (
            (self.here.leader, ReviewAction.LEADER_ACCEPT),
            (self.here.member, ReviewAction.MEMBER_ACCEPT),
        ):
            decide(actor=person, review_id=held.pk, action=action)
        meeting = approved(self.here, factories.make_rule(self.here.chain, tables=1))
        SigningMeeting.objects.filter(pk=meeting.pk).update(slots=2)
        self.meeting = to_today(SigningMeeting.objects.get(pk=meeting.pk))
        for person in (self.here.leader, self.here.member):
            firm = factories.firm_of(person)
            services.check_in(actor=self.here.office, meeting_id=meeting.pk, organisation_id=firm.pk)

    def seat(self, desk: int) -> int:
        """What that desk is answered by HTTP."""
        asked = {"review": str(self.pairs[desk % 2].pk), **BOTH}
        address = f"/api/v1/meeting-days/{self.meeting.pk}/walk-in/"
        client = client_with(self.tokens[desk])
        return client.post(address, asked, content_type="application/json").status_code

    def open_desks(self, number: int) -> None:
        self.tokens = [token_of(self.here.office) for _desk in range(number)]


@pytest.mark.django_db(transaction=True)
def test_two_desks_and_one_place(clock: Callable[[float], None]) -> None:
    for _round in range(times(1, 50)):
        clock(8)
        last = _OnePlace()
        last.open_desks(2)
        assert sorted(at_once(2, last.seat)) == [201, 409]
        assert faults(last.meeting) == []
        assert Appointment.objects.filter(meeting=last.meeting, is_active=True).count() == 2


@pytest.mark.django_db
def test_the_control_without_a_look_at_who_stands_both_get_it(
    clock: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock(8)
    last = _OnePlace()
    last.open_desks(2)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, name in (("appointment", "table"), ("attendance", "party"), ("attendance", "person")):
            cursor.execute(f"ALTER TABLE matching_{table} DROP CONSTRAINT matching_{name}_never_twice")
    monkeypatch.setattr(planning, "fill", _blind(planning.fill))
    assert [last.seat(0), last.seat(1)] == [201, 201]
    assert [fault for fault in faults(last.meeting) if "booked twice" in fault] != []


def _blind(fill: Callable[..., Any]) -> Callable[..., Any]:
    """As two desks that read before either wrote: nobody stands but the first appointment."""
    return lambda setting, meeting, held, new, free: fill(setting, meeting, held[:1], new, free)


def test_programs_read_which_pairs_might_meet(clock: Callable[[float], None]) -> None:
    fair = _Fair()
    clock(8)
    address = f"/api/v1/meeting-days/{fair.meeting.pk}/walk-ins/"
    desk = client_with(token_of(fair.here.office))
    assert desk.get(address).json()["results"] == []
    fair.arrive()
    decide(actor=fair.here.leader, review_id=fair.pair.pk, action=ReviewAction.LEADER_ACCEPT)
    (found,) = desk.get(address).json()["results"]
    told = (found["review"], found["asks_demand"], found["asks_supply"])
    assert told == (str(fair.pair.pk), False, True)
    fair.seat(supply_said_by="王伟")
    assert desk.get(address).json()["results"] == []


def test_who_said_yes_is_forgotten_with_its_account(clock: Callable[[float], None]) -> None:
    fair = _Fair()
    clock(8)
    fair.arrive()
    User.objects.filter(pk=fair.here.member.pk).update(name="王伟")
    fair.seat(**BOTH)
    forget(User.objects.get(pk=fair.here.member.pk))
    reasons = list(Decision.objects.filter(review=fair.pair).order_by("pk").values_list("reason", flat=True))
    assert [reason.rpartition(" · ")[2] for reason in reasons[1:]] == [
        "李娜",
        factories.firm_of(fair.here.member).short_name or factories.firm_of(fair.here.member).name,
    ]


def test_a_namesake_of_another_firm_stays(clock: Callable[[float], None]) -> None:
    fair = _Fair()
    clock(8)
    fair.arrive()
    fair.seat(**BOTH)
    namesake = factories.make_user(Role.MEMBER_FIRM)
    User.objects.filter(pk=namesake.pk).update(name="王伟")
    forget(User.objects.get(pk=namesake.pk))
    assert Decision.objects.filter(review=fair.pair, reason__endswith="王伟").count() == 1


def test_a_firm_taken_in_while_the_meeting_is_on_is_not_asked_to_answer(
    clock: Callable[[float], None],
) -> None:
    fair = _Fair()
    clock(9.1)
    fair.arrive()
    Invitation.objects.filter(meeting=fair.meeting).delete()
    fair.seat(**BOTH)
    Notice.objects.all().delete()
    keep_up(meeting_id=fair.meeting.pk, now=at(9.2))
    states = Invitation.objects.filter(meeting=fair.meeting).values_list("state", "deadline")
    assert set(states) == {(InvitationState.ACCEPTED, at(9.2))}
    told = Notice.objects.filter(key__startswith="invitation:").values_list("text_zh", flat=True)
    assert [text for text in told if "回复" in text] == []
    assert {text.partition("：")[0] for text in told} == {"已安排现场洽谈"}


def test_a_struck_appointment_frees_its_table_and_comes_back_only_to_a_free_one(
    clock: Callable[[float], None],
) -> None:
    fair = _Fair()
    clock(8)
    fair.arrive()
    held = Appointment.objects.get(review=fair.held)
    strike: dict[str, Any] = {"actor": fair.here.office, "appointment_id": held.pk}
    services.step(action=SittingAction.MISS, **strike)
    seated = fair.seat(**BOTH)
    assert (seated.table_id, seated.slot) == (held.table_id, held.slot)
    with pytest.raises(Conflict) as refused:
        services.step(action=SittingAction.UNDO, **strike)
    assert refused.value.code == "double_booking"
    shown = board(fair.here.office, fair.meeting, now=at(8)).tables[0]
    assert [row.appointment.pk for row in shown.coming] == [seated.pk]
    assert {row.state for row in shown.rows} == {SittingState.MISSED, SittingState.WAITING}


def test_what_was_struck_stays_on_record_when_the_day_is_planned_anew(clock: Callable[[float], None]) -> None:
    fair = _Fair()
    clock(8)
    fair.arrive()
    held = Appointment.objects.get(review=fair.held)
    strike: dict[str, Any] = {"actor": fair.here.office, "appointment_id": held.pk}
    services.step(action=SittingAction.MISS, **strike)
    seated = fair.seat(**BOTH)
    late = {factories.firm_of(fair.here.member).pk: time(9, 30)}
    draft = services.replan(actor=fair.here.office, meeting_id=fair.meeting.pk, coming=late, longer=1)
    compute_draft(draft_id=draft.pk)
    apply_draft(actor=fair.here.office, draft_id=draft.pk)
    now = seats(fair.meeting)
    assert now == {fair.held.pk: (held.table.number, 0), fair.pair.pk: (seated.table.number, 1)}
    services.step(action=SittingAction.UNDO, **strike)
    assert not Appointment.objects.get(pk=held.pk).is_struck
