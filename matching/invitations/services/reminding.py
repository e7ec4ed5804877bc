"""Reminders: by the clock before the deadline and before the day, and whenever an office asks."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from matching.errors import Conflict, Forbidden
from matching.invitations import access
from matching.invitations.models import Invitation
from matching.invitations.queries import is_over
from matching.invitations.services.locks import locked
from matching.invitations.services.telling import tell_people
from matching.invitations.states import InvitationState
from matching.meetings.states import MeetingState

BEFORE_DEADLINE = (3, 1)
"""Days before the deadline on which who has not answered is reminded."""


def remind_all(*, now: datetime) -> int:
    """Remind who has not answered and who comes tomorrow; returns how many invitations were asked.

    Side effects: each reminder is told once, whoever runs this how often.
    """
    today = timezone.localdate(now)
    coming = Invitation.objects.filter(
        meeting__state=MeetingState.APPROVED, meeting__date__gte=today
    ).select_related("meeting__chain", "meeting__venue", "organisation")
    last = now + timedelta(days=max(BEFORE_DEADLINE))
    unanswered = coming.filter(state=InvitationState.OPEN, deadline__gt=now, deadline__lte=last)
    tomorrow = coming.filter(state=InvitationState.ACCEPTED, meeting__date=today + timedelta(days=1))
    for invitation in unanswered:
        _remind_to_answer(invitation, now)
    for invitation in tomorrow:
        tell_people(invitation, word="tomorrow", zh="明天：", en="Tomorrow:")
    return len(unanswered) + len(tomorrow)


def _remind_to_answer(invitation: Invitation, now: datetime) -> None:
    left = min(days for days in BEFORE_DEADLINE if invitation.deadline - now <= timedelta(days=days))
    _ask(invitation, f"remind:{invitation.deadline:%Y%m%d}:{left}")


@transaction.atomic
def remind(*, actor: User, invitation_id: uuid.UUID) -> Invitation:
    """Remind an organisation that has not answered; at most once a day.

    Side effects: a notice to each of its people. Raises ``Forbidden``, and ``Conflict`` where it has answered
    or the day is over.
    """
    invitation = locked(invitation_id)
    if not access.invites(actor, invitation.meeting):
        raise Forbidden(_("Only the chain's office or department reminds."), code="not_your_meeting")
    if invitation.state != InvitationState.OPEN or is_over(invitation.meeting):
        raise Conflict(_("It has answered, or the meeting is over."), code="nothing_to_remind")
    _ask(invitation, f"asked:{timezone.localdate():%Y%m%d}")
    return invitation


def _ask(invitation: Invitation, word: str) -> None:
    until = timezone.localtime(invitation.deadline)
    tell_people(
        invitation,
        word=word,
        zh=f"请在{until:%m月%d日%H:%M}前回复是否参加",
        en=f"Please answer until {until:%Y-%m-%d %H:%M} whether you come to",
    )
