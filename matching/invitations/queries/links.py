"""The signed link of a letter by which an invitation is answered without signing in."""

from __future__ import annotations

from dataclasses import dataclass

from django.core import signing
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from matching.invitations.models import Invitation
from matching.meetings.models import SigningMeeting
from matching.meetings.states import MeetingState

_SALT = "matching.invitations"


@dataclass(frozen=True, slots=True)
class Link:
    """A link that is good: whose it is, and which answer it is for."""

    invitation: Invitation
    person: User
    version: int


def token_of(invitation: Invitation, person: User) -> str:
    """What the link carries; it ends with the next answer, with the day, and with the person's role."""
    return signing.dumps([str(invitation.pk), invitation.version, person.pk], salt=_SALT)


def link_path(invitation: Invitation, person: User) -> str:
    """The path of the page that asks for the answer."""
    return reverse("invitation_answer", args=[token_of(invitation, person)])


def by_token(token: str) -> Link | None:
    """The invitation of a link; None where it is damaged, used up or over, which all look alike."""
    try:
        pk, version, person_id = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    invitation = (
        Invitation.objects.select_related("meeting__chain", "meeting__venue", "organisation")
        .filter(pk=pk, version=version)
        .first()
    )
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if invitation is None or person is None or is_over(invitation.meeting):
        return None
    acts = any(held.organisation_id == invitation.organisation_id for held in person.active_memberships)
    return Link(invitation, person, version) if acts else None


def is_over(meeting: SigningMeeting) -> bool:
    """Whether answers come too late: the day has come and gone, or the meeting is not held."""
    return meeting.state != MeetingState.APPROVED or meeting.date < timezone.localdate()
