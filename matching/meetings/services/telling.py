"""What departments and chain heads are told of signing meetings; parties hear of theirs by invitation."""

from __future__ import annotations

from django.utils import timezone

from accounts.models import User
from matching.meetings import access
from matching.meetings.models import SigningMeeting
from matching.meetings.states import MeetingAction
from matching.notices.models import Topic
from matching.notices.services import tell


def tell_department(meeting: SigningMeeting) -> None:
    """A proposal awaits the lead department's decision."""
    tell(
        users=_department(meeting),
        key=f"proposed:{meeting.pk}",
        zh=f"待审定：{meeting.title}",
        en=f"To decide: signing meeting of {meeting.chain.name_en}",
        link=_link(meeting),
        topic=Topic.MEETINGS,
    )


def tell_heads(meeting: SigningMeeting) -> None:
    """A meeting that its department agreed to awaits the chain head's decision."""
    heads = User.objects.filter(
        is_active=True,
        memberships__is_active=True,
        memberships__role__in=("chain_head", "chief_chain_head"),
    ).distinct()
    tell(
        users=[user for user in heads if access.can_decide(user, meeting, MeetingAction.CONFIRM)],
        key=f"endorsed:{meeting.pk}:{timezone.now().timestamp()}",
        zh=f"待链长审定：{meeting.title}"[:300],
        en=f"For the chain head: signing meeting of {meeting.chain.name_en}",
        link=_link(meeting),
        topic=Topic.MEETINGS,
    )


def tell_returned(meeting: SigningMeeting) -> None:
    """The chain head sent a meeting back; its department reads why."""
    tell(
        users=_department(meeting),
        key=f"returned:{meeting.pk}:{timezone.now().timestamp()}",
        zh=f"链长退回：{meeting.title}。{meeting.reason}"[:300],
        en=f"Sent back by the chain head: signing meeting of {meeting.chain.name_en}. {meeting.reason}"[:300],
        link=_link(meeting),
        topic=Topic.MEETINGS,
    )


def _department(meeting: SigningMeeting) -> list[User]:
    deciders = User.objects.filter(
        is_active=True, memberships__is_active=True, memberships__role="lead_department"
    ).distinct()
    return [user for user in deciders if access.can_decide(user, meeting, MeetingAction.ENDORSE)]


def _link(meeting: SigningMeeting) -> str:
    return f"/meetings/{meeting.pk}/"
