"""Propose signing meetings from pairs that both sides accepted."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from matching import kinds
from matching.errors import Conflict, Forbidden
from matching.meetings import access
from matching.meetings.clocks import working_days
from matching.meetings.events import PATTERNS
from matching.meetings.models import Appointment, Attendance, Cadence, MeetingRule, SigningMeeting
from matching.meetings.queries.waiting import still_agreed, unplanned
from matching.meetings.queries.worth import total
from matching.meetings.services import planning
from matching.meetings.services.booking import book, standing
from matching.meetings.services.drafts import draft_alternatives
from matching.meetings.services.planning import Place, Setting
from matching.meetings.services.rules import period_of
from matching.meetings.services.telling import tell_department
from matching.meetings.states import GIVEN_UP, OPEN, MeetingState
from matching.review.models import Review
from matching.review.states import ReviewState

MOST_DAYS = 5
log = logging.getLogger(__name__)


def propose_meetings(*, today: date) -> int:
    """Propose a signing meeting for every chain whose rule asks for one; returns how many changed.

    Side effects first: what an office has reopened loses its appointment. What fails for one rule is
    logged and keeps no other rule from its turn.
    """
    _free_reopened(today)
    # What one leader firm wants for itself comes before what all of its chain share.
    rules = sorted(
        MeetingRule.objects.filter(is_active=True, venue__is_active=True),
        key=lambda rule: (rule.chain_id, not PATTERNS[rule.event].one_leader, rule.event),
    )
    asked = [(rule, kind.code) for rule in rules for kind in kinds.registered()]
    return sum(_changed(rule, today, kind) for rule, kind in asked)


@transaction.atomic
def _free_reopened(today: date) -> None:
    """Appointments of approved meetings to come whose pair is no longer agreed; both firms know already."""
    standing = Appointment.objects.filter(
        is_active=True, meeting__state=MeetingState.APPROVED, meeting__date__gt=today
    )
    gone = standing.exclude(review__state=ReviewState.ACCEPTED)
    changed = SigningMeeting.objects.filter(pk__in=gone.values("meeting_id")).order_by("pk")
    for meeting in changed.select_for_update():
        meeting.plan += 1
        meeting.save(update_fields=["plan"])
    reopened = list(gone.values_list("pk", flat=True))
    Attendance.objects.filter(appointment__in=reopened).update(is_active=False)
    Appointment.objects.filter(pk__in=reopened).update(is_active=False)


def _changed(rule: MeetingRule, today: date, kind: str) -> bool:
    try:
        return propose(rule_id=rule.pk, today=today, kind=kind) is not None
    except Exception:
        log.exception("No %s meeting proposed for chain %s", kind, rule.chain_id)
        return False


@transaction.atomic
def propose(
    *,
    rule_id: uuid.UUID,
    today: date,
    kind: str = kinds.PRODUCT.code,
    actor: User | None = None,
) -> SigningMeeting | None:
    """Propose, or bring up to date, the chain's event of this period from pairs that both sides accepted.

    Side effects: one open proposal a chain, kind, event and period, with its appointments and, as drafts,
    its alternatives. A proposal keeps its day and its seats; new pairs are fitted in, pairs with a withdrawn
    line leave, a firm that can't come any more moves. Pairs of an approved meeting stay there. Without
    ``actor``, that is by the clock, there is one meeting a month or quarter, and a period in which one was
    declined or cancelled gets another only once a further pair is accepted. Returns None where nothing
    changes. Raises ``Forbidden``, and ``Conflict`` where the venue is closed.
    """
    rule = (
        MeetingRule.objects.select_for_update(of=("self",)).select_related("chain", "venue").get(pk=rule_id)
    )
    if actor is not None and not access.can_propose(actor, rule.chain_id):
        raise Forbidden(_("Only the chain's office or department proposes meetings."), code="not_your_chain")
    period = period_of(today, rule.cadence)
    of_period = SigningMeeting.objects.filter(
        chain_id=rule.chain_id, kind=kind, event=rule.event, period=period
    )
    meeting = (
        of_period.select_for_update(of=("self",))
        .select_related("chain", "venue", "leader")
        .filter(state__in=OPEN)
        .first()
    )
    if not (meeting or rule).venue.is_active:
        raise Conflict(_("The venue is no longer in use."), code="venue_closed")
    if meeting is not None and meeting.state != MeetingState.PROPOSED:
        return None
    reviews = unplanned(rule.chain_id, kind)
    if meeting is not None:
        return _bring_up_to_date(meeting, rule, reviews, today)
    if not _is_enough(rule, reviews) or (actor is None and not _asks(rule, kind, period, of_period, reviews)):
        return None
    return _propose_anew(rule, kind, period, reviews, today)


def _is_enough(rule: MeetingRule, reviews: Sequence[Review]) -> bool:
    """As many pairs as the rule asks for, or as much value where it names one."""
    by_value = rule.minimum_value is not None and bool(reviews) and total(reviews) >= rule.minimum_value
    return len(reviews) >= rule.minimum_pairs or by_value


def _asks(
    rule: MeetingRule, kind: str, period: date, of_period: QuerySet[SigningMeeting], reviews: Sequence[Review]
) -> bool:
    """Whether the clock may propose: once a period, and after a refusal only with a further pair."""
    settled = of_period.filter(state__in=(MeetingState.APPROVED, MeetingState.HELD))
    if rule.cadence != Cadence.ENOUGH and settled.exists():
        return False
    refused: datetime | None = (
        SigningMeeting.objects.filter(chain_id=rule.chain_id, kind=kind, event=rule.event, state__in=GIVEN_UP)
        .filter(Q(period=period) | Q(decided_at__date__gte=period))
        .aggregate(last=Max("decided_at"))["last"]
    )
    return refused is None or any(
        review.accepted_at is not None and review.accepted_at > refused for review in reviews
    )


def _bring_up_to_date(
    meeting: SigningMeeting, rule: MeetingRule, reviews: Sequence[Review], today: date
) -> SigningMeeting | None:
    if meeting.date <= today:
        return None
    held = [item for item in standing(meeting) if still_agreed(item.review)]
    new = planning.joining(meeting, reviews)
    setting = planning.of_meeting(meeting, max(meeting.slots, rule.slots_a_day))
    programme = planning.fit_in(setting, meeting, held, new)
    tried = planning.digest(programme)
    if tried == meeting.tried and len(held) == standing(meeting).count():
        return None
    found = planning.replanned(programme, planning.standing_seats(setting, held))
    everybody = [*(item.review for item in held), *new]
    places = planning.places_of(setting, everybody, found.agenda.seats)
    meeting.needs_head = _needs_head(rule, [place.review for place in places])
    booked = _book(meeting, places)
    SigningMeeting.objects.filter(pk=meeting.pk).update(tried=tried)
    return meeting if booked else None


def _propose_anew(
    rule: MeetingRule, kind: str, period: date, reviews: Sequence[Review], today: date
) -> SigningMeeting | None:
    """On the first working day after the notice on which every pair has a place.

    Where no day has, the best of the first days on which any has. ``_book`` fails where somebody was faster;
    then the next day is tried.
    """
    looked: list[tuple[Setting, list[Place]]] = []
    for day in working_days(today + timedelta(days=rule.lead_days)):
        setting = planning.of_rule(rule, rule.venue, day)
        leader, wanted = planning.asked_of(setting, reviews)
        places, may_be_better = planning.seat_on(setting, wanted)
        if places and not may_be_better:
            meeting = _proposed(rule, kind, period, setting, leader, places)
            if meeting is not None:
                return meeting
        elif places:
            looked.append((setting, places))
            if len(looked) == MOST_DAYS:
                break
    for setting, places in sorted(looked, key=lambda each: (-len(each[1]), each[0].date)):
        leader, _wanted = planning.asked_of(setting, reviews)
        meeting = _proposed(rule, kind, period, setting, leader, places)
        if meeting is not None:
            return meeting
    return None


def _proposed(
    rule: MeetingRule,
    kind: str,
    period: date,
    setting: Setting,
    leader: uuid.UUID | None,
    places: Sequence[Place],
) -> SigningMeeting | None:
    meeting = SigningMeeting(
        chain=rule.chain,
        kind=kind,
        event=rule.event,
        leader_id=leader,
        title=_title(rule, period, places),
        period=period,
        venue=setting.venue,
        date=setting.date,
        starts=setting.starts,
        slot_minutes=setting.slot_minutes,
        breaks=setting.breaks,
        gap=setting.gap,
        travel_minutes=setting.travel_minutes,
        travel_times=setting.travel_times,
        interpreters=setting.interpreters,
        shut_tables=sorted(setting.shut),
        slots=0,
        tables=0,
        needs_head=_needs_head(rule, [place.review for place in places]),
    )
    if not _book(meeting, places):
        return None
    draft_alternatives(meeting, rule)
    tell_department(meeting)
    return meeting


def _needs_head(rule: MeetingRule, reviews: Sequence[Review]) -> bool:
    return rule.needs_head and (rule.head_value is None or total(reviews) >= rule.head_value)


def _title(rule: MeetingRule, period: date, places: Sequence[Place]) -> str:
    pattern = PATTERNS[rule.event]
    firm = places[0].review.demand.organisation
    whose = f"{firm.short_name or firm.name}:" if pattern.one_leader else ""
    return f"{whose}{rule.chain.name_zh}{pattern.zh}（{_period_name(period, rule.cadence)}）"[:160]


def _period_name(period: date, cadence: str) -> str:
    if cadence == Cadence.QUARTER:
        return f"{period.year}年第{'一二三四'[(period.month - 1) // 3]}季度"
    return f"{period.year}年{period.month}月"


def _book(meeting: SigningMeeting, places: Sequence[Place]) -> bool:
    """Whether anything changed; nothing does where somebody else was faster."""
    try:
        with transaction.atomic():
            return bool(book(meeting, places))
    except (IntegrityError, OperationalError):  # taken meanwhile, or a deadlock with whoever takes it
        log.info("A table or party of %s on %s was taken meanwhile", meeting.title, meeting.date)
        return False
