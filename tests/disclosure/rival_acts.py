"""A day of rival pairs, and all that rivals may do about it and about their lists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from matching.agreements.amounts import Kind
from matching.agreements.models import Result
from matching.agreements.services import act as act_on_agreement
from matching.agreements.services import plan_step, record_outcome, state_agreement
from matching.agreements.states import AgreementAction
from matching.floor import services as floor
from matching.floor.states import SittingAction
from matching.invitations import services as invitations
from matching.invitations.models import Invitation
from matching.invitations.queries import token_of
from matching.invitations.states import PLACED, AnswerVia, InvitationAction
from matching.lists.models import DemandLine, SupplyLine
from matching.lists.services import change_line
from matching.lists.states import LineAction, LineState
from matching.meetings.models import Appointment, Presence, SigningMeeting
from matching.meetings.services import add_absence, move, pin, save_presence
from matching.review.models import Review
from matching.review.services import decide, review_match
from matching.review.states import ReviewAction
from matching.runs.models import Match
from tests import factories
from tests.api.story import Story
from tests.disclosure.crawling import firm
from tests.feeds.feeding import catch_up
from tests.meetings.crowd import accepted, approved

RIVALS = ("other_leader", "other_member")


def person(story: Story, part: str) -> User:
    """Who acts for a firm."""
    found = story.people[part]
    assert found is not None
    return found


def tell_day(story: Story) -> None:
    """A meeting of the own pair and two pairs of rivals; a pair of others waits for a place.

    The story's names of a meeting lead to this one, those of an appointment and invitation to the own.
    """
    here = story.world
    pattern = Match.objects.get(pk=story.names["match"])
    SigningMeeting.objects.update(period=timezone.localdate() - timedelta(days=400))
    own = accepted(here, pattern, here.leader, here.member)
    rivals = accepted(here, pattern, person(story, "other_leader"), person(story, "other_member"))
    accepted(here, pattern, *_strangers())
    meeting = approved(here, here.chain.meeting_rules.get())
    accepted(here, pattern, *_strangers())
    settle(meeting)
    invitation = Invitation.objects.get(meeting=meeting, organisation=firm(story, "leader"))
    appointment = meeting.appointments.get(review=own).pk
    story.names |= {
        **{"meeting": meeting.pk, "appointment": appointment, "sitting": appointment},
        **{"invitation": invitation.pk, "invitation_link": token_of(invitation, here.leader)},
        "rivals": rivals.pk,
    }


def _strangers() -> tuple[User, User]:
    return factories.make_user(Role.LEADER_FIRM), factories.make_user(Role.MEMBER_FIRM)


def settle(meeting: SigningMeeting) -> None:
    """What the clock does after a change."""
    invitations.keep_up(meeting_id=meeting.pk, now=timezone.now())
    catch_up()


def _meeting(story: Story) -> SigningMeeting:
    return SigningMeeting.objects.get(pk=story.names["meeting"])


def _rivals(story: Story) -> Review:
    return Review.objects.get(pk=story.names["rivals"])


def _seat(story: Story) -> Appointment:
    return Appointment.objects.get(meeting=_meeting(story), review=_rivals(story))


def _answer(story: Story, action: InvitationAction) -> None:
    own = [firm(story, "leader").pk, firm(story, "member").pk]
    invited = Invitation.objects.filter(meeting=_meeting(story), state__in=PLACED)
    for each in invited.exclude(organisation_id__in=own):
        invitations.answer(
            actor=story.world.office, invitation_id=each.pk, action=action, via=AnswerVia.OFFICE
        )


def all_come(story: Story) -> None:
    """Rivals say that they come."""
    _answer(story, InvitationAction.ACCEPT)


def all_stay_away(story: Story) -> None:
    """Rivals give their places up; the pair that waits gets one."""
    _answer(story, InvitationAction.DECLINE)


def one_is_away(story: Story) -> None:
    """A rival is away, and has somebody who speaks for it."""
    rival, begins = firm(story, "other_member"), timezone.now() + timedelta(days=3)
    actor = person(story, "other_member")
    add_absence(actor=actor, organisation=rival, during=DateTimeTZRange(begins, begins + timedelta(days=1)))
    save_presence(actor=actor, presence=Presence(organisation=rival))


def seat_moves(story: Story) -> None:
    """The office moves the rivals' appointment to another table, where it stays."""
    seat = _seat(story)
    move(actor=story.world.office, appointment_id=seat.pk, table_number=4, slot=seat.slot)
    pin(actor=story.world.office, appointment_id=seat.pk, pinned=True)


def on_the_day(story: Story) -> None:
    """Rivals are checked in, sit down and get up."""
    for part in RIVALS:
        floor.check_in(
            actor=story.world.office, meeting_id=story.names["meeting"], organisation_id=firm(story, part).pk
        )
    for step in (SittingAction.BEGIN, SittingAction.FINISH):
        floor.step(actor=story.world.office, appointment_id=_seat(story).pk, action=step)


def agree(story: Story) -> None:
    """Rivals come to a contract, and the office notes it."""
    pair = _rivals(story)
    record_outcome(actor=story.world.office, appointment_id=_seat(story).pk, result=Result.MET)
    stated = state_agreement(
        actor=person(story, "other_leader"),
        review_id=pair.pk,
        kind=Kind.CONTRACT,
        terms={
            "amount": Decimal("44123.45"),
            "quantity": Decimal(50),
            "unit": "片",
            "signed_on": timezone.localdate(),
        },
    )
    act_on_agreement(
        actor=person(story, "other_member"), agreement_id=stated.pk, action=AgreementAction.CONFIRM
    )
    plan_step(actor=story.world.office, review_id=pair.pk, due_on=timezone.localdate())


def keep_lists(story: Story) -> None:
    """Rivals write, hand in, price anew and take back lines."""
    buyer, seller = (person(story, part) for part in RIVALS)
    for state in (LineState.DRAFT, LineState.SUBMITTED, LineState.VERIFIED):
        need = factories.make_demand(buyer, story.world.chain, state=state, title="单晶硅片")
        offer = factories.make_supply(seller, story.world.chain, state=state, title="单晶硅片")
    change_line(actor=buyer, model=DemandLine, line_id=need.pk, action=LineAction.WITHDRAW)
    change_line(actor=seller, model=SupplyLine, line_id=offer.pk, action=LineAction.WITHDRAW)
    SupplyLine.objects.filter(organisation=firm(story, "other_member")).update(price_low=1, price_high=2)


def be_shortlisted(story: Story) -> None:
    """The office shortlists a pair of the rivals; both say yes."""
    match = Match.objects.filter(
        run=story.names["run"],
        demand__organisation=firm(story, "other_leader"),
        supply__organisation=firm(story, "other_member"),
    ).first()
    assert match is not None
    review = review_match(actor=story.world.office, match_id=match.pk, action=ReviewAction.SHORTLIST)
    decide(actor=person(story, "other_leader"), review_id=review.pk, action=ReviewAction.LEADER_ACCEPT)
    decide(actor=person(story, "other_member"), review_id=review.pk, action=ReviewAction.MEMBER_ACCEPT)


ACTS: tuple[Callable[[Story], None], ...] = (
    *(all_come, one_is_away, seat_moves, on_the_day, agree, keep_lists, all_stay_away, be_shortlisted),
)
