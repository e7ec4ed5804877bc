"""Who answers invitations, and who looks after them."""

from __future__ import annotations

from accounts.models import User
from matching.invitations.models import Invitation
from matching.invitations.permits import INVITATION, InvitationAct
from matching.invitations.states import ANSWERS, InvitationAction
from matching.invitations.states import INVITATION as STEPS
from matching.meetings.models import SigningMeeting
from matching.meetings.states import MeetingState


def answers(user: User, invitation: Invitation) -> bool:
    """For the own organisation, or as the office that was told by telephone."""
    return INVITATION.allows(
        user,
        InvitationAction.ACCEPT,
        chain=invitation.meeting.chain_id,
        firm=invitation.organisation_id,
    )


def belongs_to(user: User, invitation: Invitation) -> bool:
    """Whether the invitation is the person's own organisation's."""
    return any(held.organisation_id == invitation.organisation_id for held in user.active_memberships)


def oversees(user: User, meeting: SigningMeeting) -> bool:
    """Reads all answers to a meeting."""
    return INVITATION.allows(user, InvitationAct.OVERSEE, chain=meeting.chain_id)


def invites(user: User, meeting: SigningMeeting) -> bool:
    """Invites guests to a meeting, and reminds."""
    return INVITATION.allows(user, InvitationAct.REMIND, chain=meeting.chain_id)


def invites_somewhere(user: User) -> bool:
    """For at least one chain."""
    return INVITATION.somewhere(user, InvitationAct.REMIND)


def actions(user: User, invitation: Invitation) -> list[InvitationAction]:
    """Answers that role, state and meeting allow now."""
    if invitation.meeting.state != MeetingState.APPROVED or not answers(user, invitation):
        return []
    legal = [InvitationAction(action) for action in STEPS.actions(invitation.state)]
    return [action for action in legal if action in ANSWERS]
