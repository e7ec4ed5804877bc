"""Two firms that are both there meet on the spot: only with both sides' yes, only of a published list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from matching.errors import Conflict, Forbidden, Invalid, Refusal
from matching.floor import services
from matching.floor.services import walking_in
from matching.invitations.services import keep_up
from matching.meetings.models import Appointment
from matching.notices.models import Notice
from matching.review.models import Decision, Review
from matching.review.services import decide
from matching.review.states import ReviewAction, ReviewState
from matching.runs.models import Match
from tests import factories, world
from tests.floor.days import at, meeting_with_one_more
from tests.meetings.crowd import faults, seats

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
