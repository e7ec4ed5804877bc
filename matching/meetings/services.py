"""Verbs on signing meetings: propose from accepted matches, decide, move an appointment."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from matching.engine import agenda
from matching.engine.types import Pairing
from matching.errors import Conflict, Forbidden, Invalid
from matching.lists.services import people_of
from matching.meetings import access
from matching.meetings.models import (
    Appointment,
    Attendance,
    Cadence,
    MeetingRule,
    SigningMeeting,
    Table,
)
from matching.meetings.queries import slot_range, slot_time
from matching.meetings.states import ACTIVE, MEETING, NEEDS_REASON, MeetingAction, MeetingState
from matching.notices.services import tell
from matching.review.models import Review
from matching.review.states import ReviewState

SATURDAY = 5
SEARCH_DAYS = 60


def period_of(day: date, cadence: str) -> date:
    """First day of the month or quarter that ``day`` lies in."""
    month = day.month if cadence == Cadence.MONTH else day.month - (day.month - 1) % 3
    return date(day.year, month, 1)


@transaction.atomic
def save_rule(*, actor: User, rule: MeetingRule) -> MeetingRule:
    """Set a chain's rule; it counts from the next proposal on. Raises ``Forbidden`` or ``Invalid``."""
    if not access.can_propose(actor, rule.chain_id):
        raise Forbidden(_("Only the chain's office or department sets its rule."), code="not_your_chain")
    try:
        rule.full_clean()
    except ValidationError as error:
        raise Invalid(error.message_dict) from error
    rule.save()
    return rule


def propose_meetings(*, today: date) -> int:
    """Propose a signing meeting for every chain whose rule asks for one; returns how many changed."""
    rules = MeetingRule.objects.filter(is_active=True).order_by("chain_id")
    return sum(
        propose(rule_id=rule_id, today=today) is not None for rule_id in rules.values_list("pk", flat=True)
    )


@transaction.atomic
def propose(*, rule_id: uuid.UUID, today: date, actor: User | None = None) -> SigningMeeting | None:
    """Propose, or bring up to date, the chain's meeting of this period from pairs that both sides accepted.

    Side effects: one proposal a chain and period, with its appointments; it is planned anew while it is
    only proposed; pairs of an approved meeting stay there. Returns None where nothing changes: too few
    pairs, no new pair, or no venue day with enough tables.
    """
    rule = (
        MeetingRule.objects.select_for_update(of=("self",)).select_related("chain", "venue").get(pk=rule_id)
    )
    if actor is not None and not access.can_propose(actor, rule.chain_id):
        raise Forbidden(_("Only the chain's office or department proposes meetings."), code="not_your_chain")
    period = period_of(today, rule.cadence)
    meeting = (
        SigningMeeting.objects.select_for_update()
        .filter(chain_id=rule.chain_id, period=period, state=MeetingState.PROPOSED)
        .first()
    )
    reviews = _unplanned(rule.chain_id, meeting)
    if len(reviews) < rule.minimum_pairs or (meeting is not None and _holds(meeting, reviews)):
        return None
    if meeting is not None:
        meeting.appointments.all().delete()
    plan = _place(rule, reviews, today)
    if plan is None:
        return None
    meeting = _store(rule, period, meeting, plan)
    _tell_department(meeting)
    return meeting


def _unplanned(chain_id: str, meeting: SigningMeeting | None) -> list[Review]:
    accepted = Review.objects.filter(state=ReviewState.ACCEPTED, demand__chain_id=chain_id)
    free = accepted.filter(appointment=None)
    if meeting is not None:
        free = free | accepted.filter(appointment__meeting=meeting)
    return list(free.select_related("demand", "supply", "match").order_by("pk"))


def _holds(meeting: SigningMeeting, reviews: Sequence[Review]) -> bool:
    planned = set(meeting.appointments.values_list("review_id", flat=True))
    return planned == {review.pk for review in reviews}


@dataclass(frozen=True, slots=True)
class Plan:
    """A day with its tables and who sits where when."""

    day: date
    tables: list[Table]
    slots: int
    seats: list[tuple[Review, Table, int]]


def _place(rule: MeetingRule, reviews: Sequence[Review], today: date) -> Plan | None:
    """The first working day after the notice period on which the venue has free tables."""
    pairings = [
        Pairing(
            key=str(review.pk),
            demand_party=str(review.demand.organisation_id),
            supply_party=str(review.supply.organisation_id),
            value=review.match.score,
        )
        for review in sorted(reviews, key=_identity)
    ]
    day = today + timedelta(days=rule.lead_days)
    for _attempt in range(SEARCH_DAYS):
        tables = _free_tables(rule, day) if day.weekday() < SATURDAY else []
        if tables:
            return _seat(rule, day, tables, reviews, pairings)
        day += timedelta(days=1)
    return None


def _identity(review: Review) -> tuple[str, str, str, str]:
    demand, supply = review.demand, review.supply
    return str(demand.organisation_id), demand.key, str(supply.organisation_id), supply.key


def _free_tables(rule: MeetingRule, day: date) -> list[Table]:
    begin, end = (
        slot_time(rule.starts, day, rule.slot_minutes, 0),
        slot_time(rule.starts, day, rule.slot_minutes, rule.slots_a_day),
    )
    taken = Appointment.objects.filter(during__overlap=DateTimeTZRange(begin, end)).values("table_id")
    busy_firms = Attendance.objects.filter(
        during__overlap=DateTimeTZRange(begin, end),
        organisation__in=Review.objects.filter(
            state=ReviewState.ACCEPTED, demand__chain_id=rule.chain_id, appointment=None
        ).values("demand__organisation"),
    )
    if busy_firms.exists():
        return []
    return list(Table.objects.filter(venue=rule.venue).exclude(pk__in=taken).order_by("number"))


def _seat(
    rule: MeetingRule, day: date, tables: list[Table], reviews: Sequence[Review], pairings: list[Pairing]
) -> Plan:
    needed = min(agenda.slots_needed(pairings, len(tables)), rule.slots_a_day)
    planned = agenda.plan(pairings, len(tables), needed)
    by_key = {str(review.pk): review for review in reviews}
    used = max((seat.table for seat in planned.seats), default=0) + 1
    return Plan(
        day=day,
        tables=tables[:used],
        slots=max((seat.slot for seat in planned.seats), default=0) + 1,
        seats=[(by_key[seat.pairing], tables[seat.table], seat.slot) for seat in planned.seats],
    )


def _store(rule: MeetingRule, period: date, meeting: SigningMeeting | None, plan: Plan) -> SigningMeeting:
    meeting = meeting or SigningMeeting(chain=rule.chain, period=period)
    meeting.title = f"{rule.chain.name_zh}产业链配套协作签约会({_period_name(period, rule.cadence)})"
    meeting.venue = rule.venue
    meeting.date = plan.day
    meeting.starts = rule.starts
    meeting.slot_minutes = rule.slot_minutes
    meeting.slots = plan.slots
    meeting.tables = len(plan.tables)
    meeting.save()
    for review, table, slot in plan.seats:
        _book(meeting, review, table, slot)
    return meeting


def _period_name(period: date, cadence: str) -> str:
    if cadence == Cadence.MONTH:
        return f"{period.year}年{period.month}月"
    return f"{period.year}年第{'一二三四'[(period.month - 1) // 3]}季度"


def _book(meeting: SigningMeeting, review: Review, table: Table, slot: int) -> Appointment:
    during = slot_range(meeting, slot)
    appointment = Appointment.objects.create(
        meeting=meeting, review=review, table=table, slot=slot, during=during
    )
    Attendance.objects.bulk_create(
        Attendance(appointment=appointment, organisation_id=organisation, during=during)
        for organisation in (review.demand.organisation_id, review.supply.organisation_id)
    )
    return appointment


@transaction.atomic
def decide(*, actor: User, meeting_id: uuid.UUID, action: MeetingAction, reason: str = "") -> SigningMeeting:
    """Approve, decline, cancel or close a meeting.

    Side effects: approval tells every party; declining or cancelling frees its tables and pairs.
    Concurrent calls: one wins, the other gets ``Conflict``. Raises ``Forbidden``, ``Invalid``.
    """
    meeting = SigningMeeting.objects.select_for_update(of=("self",)).get(pk=meeting_id)
    if not access.can_decide(actor, meeting):
        raise Forbidden(_("Your role does not allow this."), code="not_your_meeting")
    meeting_was, meeting.state = meeting.state, MEETING.target(meeting.state, action)
    if action in NEEDS_REASON and not reason.strip():
        raise Invalid({"reason": [_("Please give a reason.")]})
    meeting.reason, meeting.decided_by, meeting.decided_at = reason, actor, timezone.now()
    meeting.save()
    if meeting.state == MeetingState.APPROVED:
        _tell_parties(meeting, "invited", "邀请贵单位参加", "You are invited to")
    if meeting.state not in ACTIVE:
        if meeting_was == MeetingState.APPROVED:
            _tell_parties(meeting, "cancelled", "已取消", "Cancelled:")
        meeting.appointments.all().delete()
    return meeting


@transaction.atomic
def move(*, actor: User, appointment_id: uuid.UUID, table_number: int, slot: int) -> Appointment:
    """Move an appointment to another table and slot of its meeting.

    Raises ``Forbidden``, ``Invalid`` for a table or slot that the meeting does not have, and ``Conflict``
    where the table or one of the parties is taken then.
    """
    appointment = (
        Appointment.objects.select_for_update(of=("self",)).select_related("meeting").get(pk=appointment_id)
    )
    meeting = SigningMeeting.objects.select_for_update().get(pk=appointment.meeting_id)
    if not access.can_propose(actor, meeting.chain_id):
        raise Forbidden(_("Your role does not allow this."), code="not_your_meeting")
    if meeting.state not in (MeetingState.PROPOSED, MeetingState.APPROVED):
        raise Conflict(_("This meeting is over."), code="meeting_over")
    table = Table.objects.filter(venue=meeting.venue_id, number=table_number).first()
    if table is None:
        raise Invalid({"table": [_("The venue has no such table.")]})
    if not 0 <= slot < max(meeting.slots, 1):
        raise Invalid({"slot": [_("The meeting has no such slot.")]})
    appointment.table, appointment.slot = table, slot
    appointment.during = slot_range(meeting, slot)
    try:
        with transaction.atomic():
            appointment.save()
            appointment.parties.update(during=appointment.during)
    except IntegrityError as error:
        raise Conflict(
            _("The table or one of the parties is taken at that time."), code="double_booking"
        ) from error
    return appointment


def _tell_department(meeting: SigningMeeting) -> None:
    deciders = User.objects.filter(
        is_active=True, memberships__is_active=True, memberships__role="lead_department"
    ).distinct()
    tell(
        users=[user for user in deciders if access.can_decide(user, meeting)],
        key=f"proposed:{meeting.pk}",
        zh=f"待审定:{meeting.title}",
        en=f"To decide: signing meeting of {meeting.chain.name_en}",
        link=f"/meetings/{meeting.pk}/",
    )


def _tell_parties(meeting: SigningMeeting, word: str, zh: str, en: str) -> None:
    parties = Attendance.objects.filter(appointment__meeting=meeting).select_related("organisation")
    for organisation in {party.organisation for party in parties}:
        tell(
            users=people_of(organisation),
            key=f"meeting:{meeting.pk}:{word}",
            zh=f"{zh}{meeting.title}({meeting.date:%Y年%m月%d日})"[:300],
            en=f"{en} the signing meeting of {meeting.chain.name_en} on {meeting.date}"[:300],
            link=f"/meetings/{meeting.pk}/",
        )
