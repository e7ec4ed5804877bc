"""What people are told of signing meetings."""

from __future__ import annotations

from django.utils import timezone

from accounts.models import User
from matching.lists.services import people_of
from matching.meetings import access
from matching.meetings.models import Appointment, Attendance, SigningMeeting
from matching.meetings.states import MeetingAction
from matching.notices.models import Topic
from matching.notices.services import tell


def tell_department(meeting: SigningMeeting) -> None:
    """A proposal awaits the lead department's decision."""
    tell(
        users=_department(meeting),
        key=f"proposed:{meeting.pk}",
        zh=f"待审定:{meeting.title}",
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


def tell_invited(meeting: SigningMeeting) -> None:
    """Every party of an approved meeting is invited."""
    _tell_parties(meeting, "invited", "邀请贵单位参加", "You are invited to")


def tell_cancelled(meeting: SigningMeeting) -> None:
    """Every party of an approved meeting learns that it will not be held."""
    _tell_parties(meeting, "cancelled", "已取消", "Cancelled:")


def _tell_parties(meeting: SigningMeeting, word: str, zh: str, en: str) -> None:
    parties = Attendance.objects.filter(appointment__meeting=meeting).select_related("organisation")
    for organisation in {party.organisation for party in parties}:
        tell(
            users=people_of(organisation),
            key=f"meeting:{meeting.pk}:{word}",
            zh=f"{zh}{meeting.title}({meeting.date:%Y年%m月%d日})"[:300],
            en=f"{en} the signing meeting of {meeting.chain.name_en} on {meeting.date}"[:300],
            link=_link(meeting),
            topic=Topic.MEETINGS,
        )


def tell_moved(appointment: Appointment) -> None:
    """Both parties of an appointment learn its new time and table; each move is told anew."""
    _tell_appointment(appointment, "moved", "洽谈安排有调整", "Appointment moved to")


def tell_added(appointment: Appointment) -> None:
    """Both parties of an appointment that came into an approved meeting."""
    _tell_appointment(appointment, "added", "新增一场洽谈", "New appointment:")


def tell_given_up(appointment: Appointment) -> None:
    """Both parties of an appointment that an approved meeting gave up."""
    _tell_appointment(appointment, "given-up", "洽谈取消，原定", "Appointment given up, was")


def _tell_appointment(appointment: Appointment, word: str, zh: str, en: str) -> None:
    meeting, table = appointment.meeting, appointment.table.number
    begins = timezone.localtime(appointment.during.lower)
    colon = "" if zh.endswith("原定") else "："
    for party in appointment.parties.select_related("organisation"):
        tell(
            users=people_of(party.organisation),
            key=f"{word}:{appointment.pk}:{timezone.now().timestamp()}",
            zh=f"{zh}{colon}{begins:%m月%d日%H:%M}，{table}号桌。{meeting.title}"[:300],
            en=f"{en} {begins:%Y-%m-%d %H:%M}, table {table}: signing meeting of {meeting.chain.name_en}"[
                :300
            ],
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
