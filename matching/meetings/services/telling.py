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
    deciders = User.objects.filter(
        is_active=True, memberships__is_active=True, memberships__role="lead_department"
    ).distinct()
    tell(
        users=[user for user in deciders if access.can_decide(user, meeting, MeetingAction.APPROVE)],
        key=f"proposed:{meeting.pk}",
        zh=f"待审定:{meeting.title}",
        en=f"To decide: signing meeting of {meeting.chain.name_en}",
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
    meeting, table = appointment.meeting, appointment.table.number
    begins = timezone.localtime(appointment.during.lower)
    for party in appointment.parties.select_related("organisation"):
        tell(
            users=people_of(party.organisation),
            key=f"moved:{appointment.pk}:{timezone.now().timestamp()}",
            zh=f"洽谈安排有调整:{begins:%m月%d日%H:%M},{table}号桌。{meeting.title}"[:300],
            en=f"Appointment moved to {begins:%Y-%m-%d %H:%M}, table {table}: "
            f"signing meeting of {meeting.chain.name_en}"[:300],
            link=_link(meeting),
            topic=Topic.MEETINGS,
        )


def _link(meeting: SigningMeeting) -> str:
    return f"/meetings/{meeting.pk}/"
