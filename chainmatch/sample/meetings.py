"""Meetings of the demo's story: one that was held and is followed up, and one whose day has come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import User
from chainmatch.sample import people
from matching.agreements.amounts import Kind
from matching.agreements.models import Absent, Result
from matching.agreements.services import deliver, follow_up, record_outcome
from matching.invitations.models import Invitation
from matching.invitations.services import answer, keep_up
from matching.invitations.states import AnswerVia, InvitationAction
from matching.meetings.models import Appointment, MeetingRule, SigningMeeting
from matching.meetings.services import decide, propose
from matching.meetings.states import MeetingAction
from matching.papers.services import order

DAYS_AGO = 12
"""So long ago was the meeting that was held; what was late then is a supervision order by now."""
ISSUER = "示例省光伏产业链链长办公室"
NUMBER = "示光链办〔2026〕12号"


def hold(office: User) -> SigningMeeting | None:
    """A meeting of all pairs that both sides accepted, held some days ago, with what came of it.

    Side effects: agreements in several stages, one of them delivered, milestones, a supervision order, and
    the order for the meeting's papers, which a worker makes.
    """
    today = timezone.localdate()
    meeting = _approved(office, today - timedelta(days=DAYS_AGO))
    if meeting is None:
        return None
    talks = list(meeting.appointments.filter(is_active=True).order_by("slot", "table__number"))
    for talk, came_to in zip(talks, _results(meeting.date, today), strict=False):
        record_outcome(actor=office, appointment_id=talk.pk, **came_to)
    if talks:
        _deliver(office, talks[0], today)
    decide(actor=office, meeting_id=meeting.pk, action=MeetingAction.HOLD)
    follow_up(today=today)
    order(actor=office, meeting_id=meeting.pk, issuer=ISSUER, number=NUMBER)
    return meeting


def open_today(office: User) -> SigningMeeting | None:
    """An approved meeting of today, or of the next working day: some come, one does not, some owe an answer.

    Side effects: invitations with their notices, and answers.
    """
    meeting = _approved(office, timezone.localdate())
    if meeting is None:
        return None
    # Invited the day before: whoever gets a place while a day is on has nothing to answer any more.
    keep_up(meeting_id=meeting.pk, now=timezone.now() - timedelta(days=1))
    demo = {people.firm_of(name).pk for name in (people.LEADER, people.MEMBER)}
    others = Invitation.objects.filter(meeting=meeting).exclude(organisation__in=demo)
    ordered = others.select_related("organisation").order_by("organisation__kind", "organisation__uscc")
    # The last but one is a member firm with few appointments; its refusal leaves the day as it is.
    *coming, refusing, _waiting = ordered
    for invitation in coming[::2]:
        _answer(invitation, InvitationAction.ACCEPT)
    _answer(refusing, InvitationAction.DECLINE, "当日另有安排")
    return meeting


def _answer(invitation: Invitation, action: InvitationAction, reason: str = "") -> None:
    person = people.person_of(invitation.organisation)
    answer(actor=person, invitation_id=invitation.pk, action=action, via=AnswerVia.PORTAL, reason=reason)


def _approved(office: User, day: date) -> SigningMeeting | None:
    """Proposed as if it had been in time for that day, and approved."""
    rule = MeetingRule.objects.get(chain_id=people.CHAIN)
    meeting = propose(rule_id=rule.pk, today=day - timedelta(days=rule.lead_days), actor=office)
    if meeting is None:
        return None
    return decide(
        actor=people.account_of(people.DEPARTMENT), meeting_id=meeting.pk, action=MeetingAction.APPROVE
    )


def _results(held: date, today: date) -> list[Mapping[str, Any]]:
    """What came of the talks, in their order."""

    def agreed(kind: Kind, amount: str, **more: Any) -> dict[str, Any]:
        terms = {"amount": Decimal(amount), "signed_on": held}
        return {"result": Result(kind.value), "terms": terms, **more}

    return [
        agreed(Kind.CONTRACT, "2860000"),
        agreed(
            Kind.INTENT, "5200000", next_step="寄送样品 50 件", due_on=today - timedelta(days=DAYS_AGO - 2)
        ),
        agreed(Kind.INTENT, "1350000", next_step="商定价格", due_on=today + timedelta(days=2)),
        agreed(Kind.SAMPLE, "18000", next_step="出具检测报告", due_on=today + timedelta(days=20)),
        {"result": Result.FOLLOW_UP, "next_step": "到厂考察", "due_on": today + timedelta(days=9)},
        {"result": Result.NO_SHOW, "absent": Absent.SUPPLY},
    ]


def _deliver(office: User, talk: Appointment, today: date) -> None:
    deliver(actor=office, review_id=talk.review_id, done_on=today - timedelta(days=1))
