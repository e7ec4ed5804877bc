"""Two worlds that differ in a rival's answer: what a firm reads is the same in both."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from matching.invitations.services import keep_up
from matching.invitations.states import InvitationAction
from matching.meetings.models import SigningMeeting
from matching.meetings.services import decide, propose
from matching.meetings.states import MeetingAction
from tests import factories, world
from tests.api.story import client_of
from tests.invitations.inviting import invitation_of, now, says
from tests.meetings.pairs import accept_all

pytestmark = pytest.mark.django_db


def _rivals() -> tuple[world.World, SigningMeeting, User]:
    """A meeting at which two member firms meet the same leader firm."""
    here, rival = world.build(), factories.make_user(Role.MEMBER_FIRM)
    _first, second = accept_all(here, 2)
    supply = factories.make_supply(rival, here.chain)
    type(supply).objects.filter(pk=supply.pk).update(state="verified")
    type(second).objects.filter(pk=second.pk).update(supply=supply)
    meeting = propose(rule_id=factories.make_rule(here.chain).pk, today=timezone.localdate())
    assert meeting is not None
    decide(actor=here.department, meeting_id=meeting.pk, action=MeetingAction.APPROVE)
    keep_up(meeting_id=meeting.pk, now=now())
    return here, meeting, rival


def _read(person: User, meeting: SigningMeeting) -> list[Any]:
    """What a firm reads of a meeting: invitation, day, appointments, notices."""
    own = f"/api/v1/invitations/{invitation_of(meeting, person).pk}/"
    paths = ("/api/v1/invitations/", own, f"{own}agenda/", "/api/v1/appointments/", "/api/v1/notices/")
    client = client_of(person)
    return [
        *(client.get(path).content for path in paths),
        client.get(f"/api/v1/meetings/{meeting.pk}/").json(),
    ]


def _after(meeting: SigningMeeting, rival: User, action: InvitationAction, reader: User) -> list[Any]:
    """What ``reader`` reads once the rival has answered; the answer is taken back afterwards."""
    with transaction.atomic():
        says(rival, meeting, action)
        keep_up(meeting_id=meeting.pk, now=now())
        told = _read(reader, meeting)
        transaction.set_rollback(True)
    return told


def test_a_firm_does_not_learn_how_a_rival_answered() -> None:
    here, meeting, rival = _rivals()
    before = _read(here.member, meeting)
    assert _after(meeting, rival, InvitationAction.ACCEPT, here.member) == before
    assert _after(meeting, rival, InvitationAction.DECLINE, here.member) == before


def test_the_control_the_partner_does_learn_of_it() -> None:
    here, meeting, rival = _rivals()
    before = _read(here.leader, meeting)
    assert _after(meeting, rival, InvitationAction.ACCEPT, here.leader) == before
    assert _after(meeting, rival, InvitationAction.DECLINE, here.leader) != before
