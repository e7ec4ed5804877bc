"""Page-shaped reads of invitations."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from matching.invitations.models import Invitation
from matching.invitations.states import InvitationState
from matching.meetings.models import SigningMeeting

ORDER = [
    InvitationState.OPEN,
    InvitationState.ACCEPTED,
    InvitationState.DECLINED,
    InvitationState.LAPSED,
    InvitationState.WAITING,
    InvitationState.WITHDRAWN,
]
"""As an office reads answers: those that it waits for come first."""


def invitations(user: User) -> QuerySet[Invitation]:
    """Visible invitations with their meeting, organisation and people; constant queries."""
    return (
        Invitation.objects.visible_to(user)
        .select_related("meeting__chain", "meeting__venue", "organisation", "answered_by")
        .prefetch_related("delegates")
    )


def own_invitations(user: User) -> QuerySet[Invitation]:
    """Invitations of the person's own organisations, those to come first, the next one on top."""
    own = {held.organisation_id for held in user.active_memberships}
    return invitations(user).filter(organisation__in=own).order_by("-meeting__date", "pk")


@dataclass(frozen=True, slots=True)
class Answers:
    """All answers to a meeting and how many there are of each kind."""

    rows: list[Invitation]
    counts: list[tuple[InvitationState, int]]
    late: int
    people: int


def answers(user: User, meeting: SigningMeeting) -> Answers:
    """What the invited of a meeting have answered; three queries."""
    found = list(invitations(user).filter(meeting=meeting).order_by("organisation__name", "pk"))
    rows = sorted(found, key=lambda one: ORDER.index(InvitationState(one.state)))
    counted = Counter(one.state for one in rows)
    now = timezone.now()
    return Answers(
        rows=rows,
        counts=[(state, counted[state]) for state in ORDER if counted[state]],
        late=sum(one.state == InvitationState.OPEN and one.deadline < now for one in rows),
        people=sum(len(one.delegates.all()) for one in rows if one.state == InvitationState.ACCEPTED),
    )
