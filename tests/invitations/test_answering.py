"""The invited answer on the portal, by link and through the office; places go to the waiting list."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from accounts.roles import Role
from matching.errors import Conflict, Forbidden
from matching.invitations.models import CalendarEntry, Delegate, Invitation
from matching.invitations.queries import by_token, link_path, token_of
from matching.invitations.services import Person, answer, forget_delegates, keep_up
from matching.invitations.states import AnswerVia, InvitationAction, InvitationState
from matching.meetings.models import Appointment, SigningMeeting
from matching.meetings.services import decide
from matching.meetings.states import MeetingAction
from matching.notices.models import Notice, OutboxMessage
from matching.review.models import Review
from matching.review.states import ReviewState
from tests import factories, world
from tests.invitations.inviting import invitation_of, invited, now, says
from tests.meetings.pairs import hold_back

pytestmark = pytest.mark.django_db
ACCEPT, DECLINE, WAIT = InvitationAction.ACCEPT, InvitationAction.DECLINE, InvitationAction.WAIT
COMES = {
    "action": "accept",
    "reason": "",
    "people-TOTAL_FORMS": "2",
    "people-INITIAL_FORMS": "0",
    "people-0-name": "李娜",
    "people-0-job": "采购经理",
    "people-0-phone": "13900000000",
    "people-0-language": "zh-hans",
    "people-1-name": "",
}


def test_who_comes_is_named_and_named_anew() -> None:
    here = world.build()
    meeting = invited(here)
    for people in ((Person("李娜", "经理"), Person("王伟")), (Person("张强"),)):
        answer(
            actor=here.member,
            invitation_id=invitation_of(meeting, here.member).pk,
            action=ACCEPT,
            via=AnswerVia.PORTAL,
            people=people,
        )
    found = invitation_of(meeting, here.member)
    assert (found.state, found.version, found.answered_by) == (InvitationState.ACCEPTED, 2, here.member)
    assert [one.name for one in found.delegates.all()] == ["张强"]


def test_names_stand_encrypted() -> None:
    here = world.build()
    meeting = invited(here)
    answer(
        actor=here.member,
        invitation_id=invitation_of(meeting, here.member).pk,
        action=ACCEPT,
        via=AnswerVia.PORTAL,
        people=[Person("李娜娜", "采购经理", "13900000000")],
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, job, phone FROM matching_delegate")
        (stored,) = cursor.fetchall()
    assert not {"李娜娜", "采购经理", "13900000000"} & set(stored)


def test_people_are_forgotten_after_the_day() -> None:
    here = world.build()
    meeting = invited(here)
    answer(
        actor=here.member,
        invitation_id=invitation_of(meeting, here.member).pk,
        action=ACCEPT,
        via=AnswerVia.PORTAL,
        people=[Person("李娜")],
    )
    assert forget_delegates(before=meeting.date) == 0
    assert forget_delegates(before=meeting.date + timedelta(days=1)) == 1
    assert Delegate.objects.count() == 0


def test_a_refusal_frees_the_places_and_cancels_them_in_calendars() -> None:
    here = world.build()
    meeting = invited(here)
    says(here.member, meeting, DECLINE)
    assert Appointment.objects.filter(is_active=True).count() == 0
    assert OutboxMessage.objects.filter(task="invitations.keep_meeting").count() == 1
    keep_up(meeting_id=meeting.pk, now=now())
    entries = CalendarEntry.objects.filter(appointment__isnull=False)
    assert set(entries.values_list("sequence", "is_cancelled")) == {(1, True)}
    assert invitation_of(meeting, here.member).state == InvitationState.DECLINED
    assert invitation_of(meeting, here.leader).state == InvitationState.WITHDRAWN


def test_the_offices_learn_of_a_refusal() -> None:
    here = world.build()
    meeting = invited(here)
    says(here.member, meeting, DECLINE)
    told = Notice.objects.filter(key__contains=":refused:").values_list("user", flat=True)
    assert set(told) == {here.office.pk, here.department.pk}


def test_strangers_answer_for_nobody() -> None:
    here = world.build()
    meeting = invited(here)
    pk = invitation_of(meeting, here.member).pk
    for stranger in (
        here.leader,
        factories.make_user(Role.MEMBER_FIRM),
        factories.make_user(Role.CHAIN_HEAD),
    ):
        with pytest.raises(Forbidden):
            answer(actor=stranger, invitation_id=pk, action=ACCEPT, via=AnswerVia.PORTAL)


def test_an_answer_to_a_cancelled_meeting_comes_too_late() -> None:
    here = world.build()
    meeting = invited(here)
    decide(actor=here.department, meeting_id=meeting.pk, action=MeetingAction.CANCEL, reason="疫情")
    with pytest.raises(Conflict) as refused:
        says(here.member, meeting, ACCEPT)
    assert refused.value.code == "invitation_over"


def _waiting(here: world.World) -> tuple[SigningMeeting, Review]:
    """A meeting of two firms, and a pair of the leader firm with a third firm that waits."""
    meeting = invited(here, demands=2)
    first, second = Review.objects.order_by("pk")
    other = factories.make_user(Role.MEMBER_FIRM)
    supply = factories.make_supply(other, here.chain)
    type(supply).objects.filter(pk=supply.pk).update(state="verified")
    waiting = Review.objects.create(
        demand=first.demand, supply=supply, match=second.match, state=ReviewState.ACCEPTED, accepted_at=now()
    )
    return meeting, waiting


def test_the_waiting_list_gets_no_place_while_all_come() -> None:
    here = world.build()
    meeting, waiting = _waiting(here)
    keep_up(meeting_id=meeting.pk, now=now())
    found = Invitation.objects.get(organisation=waiting.supply.organisation)
    assert found.state == InvitationState.WAITING
    assert not Notice.objects.filter(user__memberships__organisation=waiting.supply.organisation).exists()


def test_a_refusal_lets_the_waiting_list_move_up() -> None:
    here = world.build()
    meeting, waiting = _waiting(here)
    keep_up(meeting_id=meeting.pk, now=now())
    says(here.member, meeting, DECLINE)
    for _ in range(2):
        keep_up(meeting_id=meeting.pk, now=now())
    found = Invitation.objects.get(organisation=waiting.supply.organisation)
    assert (found.state, found.offered) == (InvitationState.OPEN, True)
    seats = Appointment.objects.filter(meeting=meeting, is_active=True)
    assert [seat.review_id for seat in seats] == [waiting.pk]
    assert invitation_of(meeting, here.leader).state == InvitationState.OPEN
    told = Notice.objects.filter(user__memberships__organisation=waiting.supply.organisation)
    assert [notice.key.split(":")[2] for notice in told] == ["invited"]


def test_an_offer_that_nobody_answers_lapses_and_is_passed_on() -> None:
    here = world.build()
    meeting, waiting = _waiting(here)
    says(here.member, meeting, DECLINE)
    keep_up(meeting_id=meeting.pk, now=now())
    keep_up(meeting_id=meeting.pk, now=now() + timedelta(days=3))
    found = Invitation.objects.get(organisation=waiting.supply.organisation)
    assert found.state == InvitationState.LAPSED
    assert Appointment.objects.filter(meeting=meeting, is_active=True).count() == 0


def test_who_refused_and_would_come_after_all_gets_a_free_place_back() -> None:
    here = world.build()
    meeting = invited(here, demands=1)
    says(here.member, meeting, DECLINE)
    keep_up(meeting_id=meeting.pk, now=now())
    says(here.member, meeting, WAIT)
    keep_up(meeting_id=meeting.pk, now=now())
    assert invitation_of(meeting, here.member).state == InvitationState.OPEN
    assert Appointment.objects.filter(is_active=True).count() == 1


def test_pairs_accepted_later_wait_for_the_next_meeting() -> None:
    here = world.build()
    meeting = invited(here)
    review = Review.objects.earliest("pk")
    before = Appointment.objects.filter(is_active=True).count()
    hold_back(review)
    keep_up(meeting_id=meeting.pk, now=now())
    assert Appointment.objects.filter(is_active=True).count() == before


def _main(token: str) -> tuple[int, str]:
    """Status and content of a link's page, without the menu, which repeats the address."""
    page = Client().get(f"/invitations/answer/{token}/")
    return page.status_code, page.content.decode().partition("<main")[2].partition("</main>")[0]


class TestLink:
    """The link of a letter."""

    def test_opening_answers_nothing_and_the_button_does(self) -> None:
        here = world.build()
        meeting = invited(here)
        invitation = invitation_of(meeting, here.member)
        path = link_path(invitation, here.member)
        client = Client()
        for _ in range(3):
            page = client.get(path)
            assert page.status_code == 200
        assert invitation_of(meeting, here.member).state == InvitationState.OPEN
        assert client.post(path, COMES).status_code == 303
        found = invitation_of(meeting, here.member)
        assert (found.state, found.via) == (InvitationState.ACCEPTED, AnswerVia.LINK)
        assert [one.phone for one in found.delegates.all()] == ["13900000000"]

    def test_it_answers_once(self) -> None:
        here = world.build()
        meeting = invited(here)
        path = link_path(invitation_of(meeting, here.member), here.member)
        client = Client()
        client.post(path, COMES)
        for answer_ in (client.get(path), client.post(path, {**COMES, "action": "decline"})):
            assert answer_.status_code == 404
        fresh = link_path(invitation_of(meeting, here.member), here.member)
        assert client.post(fresh, {**COMES, "action": "decline"}).status_code == 303
        assert invitation_of(meeting, here.member).state == InvitationState.DECLINED

    def test_every_link_that_does_not_hold_looks_the_same(self) -> None:
        here = world.build()
        meeting = invited(here)
        invitation = invitation_of(meeting, here.member)
        good = token_of(invitation, here.member)
        stranger = token_of(invitation, factories.make_user(Role.MEMBER_FIRM))
        seen = {_main(token) for token in ("x", factories.mistyped(good), stranger)}
        SigningMeeting.objects.update(date=now().date() - timedelta(days=2))
        assert seen == {_main(good)}

    def test_it_ends_with_the_role_and_the_account(self) -> None:
        here = world.build()
        invitation = invitation_of(invited(here), here.member)
        token = token_of(invitation, here.member)
        assert by_token(token) is not None
        here.member.memberships.update(is_active=False)
        assert by_token(token) is None

    def test_it_shows_no_partner(self) -> None:
        here = world.build()
        invitation = invitation_of(invited(here), here.member)
        page = Client().get(link_path(invitation, here.member)).content.decode()
        assert factories.firm_of(here.leader).name not in page
        assert factories.firm_of(here.member).name in page

    def test_too_many_tries_from_one_address_are_refused(self) -> None:
        client = Client(REMOTE_ADDR="192.0.2.77")
        statuses = [client.get("/invitations/answer/x/").status_code for _ in range(61)]
        assert (statuses[0], statuses[-1]) == (404, 429)
