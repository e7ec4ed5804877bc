"""Meetings with invitations, for tests."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.models import User
from matching.invitations.models import Invitation
from matching.invitations.services import answer, keep_up
from matching.invitations.states import AnswerVia, InvitationAction
from matching.meetings.models import SigningMeeting
from matching.meetings.services import decide, propose
from matching.meetings.states import MeetingAction
from tests import factories, world
from tests.meetings.pairs import accept_all


def now() -> datetime:
    """The moment of a test."""
    return timezone.now()


def approved(here: world.World, demands: int = 3, tables: int = 4) -> SigningMeeting:
    """A meeting of as many accepted pairs, approved; nobody is invited yet."""
    accept_all(here, demands)
    rule = factories.make_rule(here.chain, tables)
    meeting = propose(rule_id=rule.pk, today=timezone.localdate())
    assert meeting is not None
    return decide(actor=here.department, meeting_id=meeting.pk, action=MeetingAction.APPROVE)


def invited(here: world.World, demands: int = 3, tables: int = 4) -> SigningMeeting:
    """The same, with its firms invited."""
    meeting = approved(here, demands, tables)
    keep_up(meeting_id=meeting.pk, now=now())
    return meeting


def invitation_of(meeting: SigningMeeting, person: User) -> Invitation:
    """The invitation of a person's firm."""
    return Invitation.objects.get(meeting=meeting, organisation=factories.firm_of(person))


def says(
    person: User, meeting: SigningMeeting, action: InvitationAction, via: AnswerVia = AnswerVia.PORTAL
) -> Invitation:
    """A person answers for the own firm."""
    return answer(actor=person, invitation_id=invitation_of(meeting, person).pk, action=action, via=via)


def reachable(*people: User) -> None:
    """Give people an e-mail address."""
    for person in people:
        User.objects.filter(pk=person.pk).update(email=f"{person.username}@example.com")


def on_the_day_before(meeting: SigningMeeting) -> date:
    """The eve."""
    return meeting.date - timedelta(days=1)
