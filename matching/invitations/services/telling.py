"""What the invited are told; letters carry calendar files and the link to answer by."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.utils import timezone

from accounts.models import User
from matching.invitations.models import CalendarEntry, Invitation
from matching.invitations.permits import INVITATION, InvitationAct
from matching.invitations.states import InvitationState
from matching.lists.services import people_of
from matching.meetings.models import SigningMeeting
from matching.notices.models import Topic
from matching.notices.services import tell

_LONGEST = 300


def tell_people(
    invitation: Invitation,
    *,
    word: str,
    zh: str,
    en: str,
    at: datetime | None = None,
    among: Collection[int] | None = None,
) -> None:
    """The organisation's people are told once; ``at`` names the changes of calendars that go with the letter.

    ``among`` narrows the people, by their keys.
    """
    meeting = invitation.meeting
    people: Iterable[User] = people_of(invitation.organisation)
    if among is not None:
        people = [user for user in people if user.pk in among]
    tell(
        users=people,
        key=f"invitation:{invitation.pk}:{word}",
        zh=f"{zh}{meeting.title}（{meeting.date:%Y年%m月%d日}）"[:_LONGEST],
        en=f"{en} the signing meeting of {meeting.chain.name_en} on {meeting.date}"[:_LONGEST],
        link=f"/invitations/{invitation.pk}/",
        topic=Topic.MEETINGS,
        enclosed=f"invitation {invitation.pk} {at.isoformat() if at else ''}".strip(),
    )


def tell_invited(invitation: Invitation, at: datetime) -> None:
    """The organisation has a place; the letter has its appointments and the link."""
    zh, en = (
        ("候补成功，邀请贵单位参加", "A place has become free for you at")
        if invitation.offered
        else (
            "邀请贵单位参加",
            "You are invited to",
        )
    )
    until = timezone.localtime(invitation.deadline)
    tell_people(
        invitation,
        word=f"invited:{at.timestamp()}",
        zh=f"请在{until:%m月%d日%H:%M}前回复：{zh}",
        en=f"Please answer until {until:%Y-%m-%d %H:%M}. {en}",
        at=at,
    )


def tell_taken_in(invitation: Invitation, at: datetime) -> None:
    """The organisation got a place while the meeting is on; the letter has its appointments."""
    tell_people(
        invitation, word=f"taken_in:{at.timestamp()}", zh="已安排现场洽谈：", en="You meet today at", at=at
    )


def tell_withdrawn(invitation: Invitation, at: datetime) -> None:
    """The meeting is cancelled, or the organisation's appointments have gone."""
    cancelled = invitation.meeting.state != "approved"
    zh, en = (
        ("已取消：", "Cancelled:")
        if cancelled
        else ("洽谈对方不再参加，贵单位无需到会：", "No appointment is left for you at")
    )
    tell_people(invitation, word=f"withdrawn:{at.timestamp()}", zh=zh, en=en, at=at)


def tell_changed(invitation: Invitation, changed: list[CalendarEntry], at: datetime) -> None:
    """Appointments of somebody who stays invited have moved, come or gone."""
    if len(changed) == 1 and not changed[0].is_cancelled and changed[0].appointment is not None:
        seat = changed[0].appointment
        begin, table = timezone.localtime(seat.during.lower), seat.table.number
        zh = f"洽谈安排有调整：{begin:%m月%d日%H:%M}，{table}号桌。"
        en = f"Appointment moved to {begin:%Y-%m-%d %H:%M}, table {table}:"
    elif all(entry.is_cancelled for entry in changed):
        zh = f"{len(changed)}项洽谈已取消："
        en = f"Appointments cancelled ({len(changed)}):"
    else:
        zh = f"{len(changed)}项洽谈安排有调整："
        en = f"Appointments changed ({len(changed)}):"
    tell_people(invitation, word=f"changed:{at.timestamp()}", zh=zh, en=en, at=at)


def tell_answered(invitation: Invitation) -> None:
    """Colleagues learn what was answered; their letters have the link to change it."""
    zh, en = {
        InvitationState.ACCEPTED: ("已登记：贵单位将参加", "Noted: you come to"),
        InvitationState.DECLINED: ("已登记：贵单位不参加", "Noted: you do not come to"),
        InvitationState.WAITING: ("已登记：贵单位候补", "Noted: you wait for a place at"),
    }[InvitationState(invitation.state)]
    tell_people(invitation, word=f"answered:{invitation.version}", zh=zh, en=en)


def tell_keepers_of_refusal(invitation: Invitation) -> None:
    """The offices that look after the meeting learn that somebody does not come."""
    meeting, name = invitation.meeting, invitation.organisation.name
    keepers = User.objects.filter(
        is_active=True,
        memberships__is_active=True,
        memberships__role__in=("lead_department", "chain_office"),
    ).distinct()
    tell(
        users=[user for user in keepers if _invites(user, meeting)],
        key=f"invitation:{invitation.pk}:refused:{invitation.version}",
        zh=f"{name}不参加{meeting.title}"[:_LONGEST],
        en=f"{name} does not come to the signing meeting of {meeting.chain.name_en}"[:_LONGEST],
        link=f"/meetings/{meeting.pk}/invitations/",
        topic=Topic.MEETINGS,
    )


def _invites(user: User, meeting: SigningMeeting) -> bool:
    return INVITATION.allows(user, InvitationAct.REMIND, chain=meeting.chain_id)
