"""Propose signing meetings from pairs that both sides accepted."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Count, F, Max, Q
from django.utils.translation import gettext as _

from accounts.models import User
from matching import kinds
from matching.errors import Conflict, Forbidden, Invalid
from matching.lists.states import LineState
from matching.meetings import access
from matching.meetings.models import Appointment, Attendance, Cadence, MeetingRule, SigningMeeting
from matching.meetings.queries import slot_range
from matching.meetings.services.planning import Place, fit_in, parties, seat_on, working_days
from matching.meetings.services.telling import tell_department
from matching.meetings.states import GIVEN_UP, MeetingState
from matching.review.models import Review
from matching.review.states import ReviewState

log = logging.getLogger(__name__)


def period_of(day: date, cadence: str) -> date:
    """First day of the month or quarter that ``day`` lies in."""
    month = day.month if cadence == Cadence.MONTH else day.month - (day.month - 1) % 3
    return date(day.year, month, 1)


@transaction.atomic
def save_rule(*, actor: User, rule: MeetingRule) -> MeetingRule:
    """Set a chain's rule; it counts from the next proposal on. Raises ``Forbidden`` or ``Invalid``."""
    if not access.keeps_rule(actor, rule.chain_id):
        raise Forbidden(_("Only the chain's office or department sets its rule."), code="not_your_chain")
    try:
        rule.full_clean()
    except ValidationError as error:
        raise Invalid(error.message_dict) from error
    rule.save()
    return rule


def propose_meetings(*, today: date) -> int:
    """Propose a signing meeting for every chain whose rule asks for one; returns how many changed.

    Side effects first: what an office has reopened loses its appointment. What fails for one rule is
    logged and keeps no other rule from its turn.
    """
    _free_reopened(today)
    rules = MeetingRule.objects.filter(is_active=True, venue__is_active=True).order_by("chain_id")
    asked = [(rule, kind.code) for rule in rules for kind in kinds.registered()]
    return sum(_changed(rule, today, kind) for rule, kind in asked)


@transaction.atomic
def _free_reopened(today: date) -> None:
    """Appointments of approved meetings to come whose pair is no longer agreed; both firms know already."""
    standing = Appointment.objects.filter(
        is_active=True, meeting__state=MeetingState.APPROVED, meeting__date__gt=today
    )
    reopened = list(standing.exclude(review__state=ReviewState.ACCEPTED).values_list("pk", flat=True))
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
    *, rule_id: uuid.UUID, today: date, kind: str = kinds.PRODUCT.code, actor: User | None = None
) -> SigningMeeting | None:
    """Propose, or bring up to date, the chain's meeting of this period from pairs that both sides accepted.

    Side effects: one proposal a chain, kind and period, with its appointments. A proposal keeps its day
    and its seats; new pairs are fitted in, pairs with a withdrawn line leave. Pairs of an approved meeting
    stay there. Without ``actor``, that is by the clock, a period in which a meeting was declined or
    cancelled gets another only once a further pair is accepted. Returns None where nothing changes.
    Raises ``Forbidden``, and ``Conflict`` where the venue is closed.
    """
    rule = (
        MeetingRule.objects.select_for_update(of=("self",)).select_related("chain", "venue").get(pk=rule_id)
    )
    if actor is not None and not access.can_propose(actor, rule.chain_id):
        raise Forbidden(_("Only the chain's office or department proposes meetings."), code="not_your_chain")
    period = period_of(today, rule.cadence)
    meeting = (
        SigningMeeting.objects.select_for_update(of=("self",))
        .select_related("chain", "venue")
        .filter(chain_id=rule.chain_id, kind=kind, period=period, state=MeetingState.PROPOSED)
        .first()
    )
    if not (meeting or rule).venue.is_active:
        raise Conflict(_("The venue is no longer in use."), code="venue_closed")
    reviews = _unplanned(rule.chain_id, kind)
    if meeting is not None:
        return _bring_up_to_date(meeting, reviews, rule.slots_a_day, today)
    if len(reviews) < rule.minimum_pairs or (actor is None and not _asks(rule, kind, period, reviews)):
        return None
    return _propose_anew(rule, kind, period, reviews, today)


def _unplanned(chain_id: str, kind: str) -> list[Review]:
    """Accepted pairs of valid lines that no standing appointment holds."""
    accepted = Review.objects.filter(
        state=ReviewState.ACCEPTED,
        demand__chain_id=chain_id,
        demand__kind=kind,
        demand__state=LineState.VERIFIED,
        supply__state=LineState.VERIFIED,
    ).exclude(pk__in=Appointment.objects.filter(is_active=True).values("review"))
    return list(accepted.select_related("demand", "supply", "match").order_by("pk"))


def _asks(rule: MeetingRule, kind: str, period: date, reviews: Sequence[Review]) -> bool:
    """Whether a pair was accepted since a meeting was last declined or cancelled in this period."""
    refused: datetime | None = (
        SigningMeeting.objects.filter(chain_id=rule.chain_id, kind=kind, state__in=GIVEN_UP)
        .filter(Q(period=period) | Q(decided_at__date__gte=period))
        .aggregate(last=Max("decided_at"))["last"]
    )
    return refused is None or any(
        review.accepted_at is not None and review.accepted_at > refused for review in reviews
    )


def _bring_up_to_date(
    meeting: SigningMeeting, reviews: Sequence[Review], slots_a_day: int, today: date
) -> SigningMeeting | None:
    if meeting.date <= today:
        return None
    withdrawn = meeting.appointments.filter(
        Q(review__demand__state=LineState.WITHDRAWN)
        | Q(review__supply__state=LineState.WITHDRAWN)
        | ~Q(review__state=ReviewState.ACCEPTED)
    )
    left, _by_model = withdrawn.delete()
    places = fit_in(meeting, reviews, max(meeting.slots, slots_a_day))
    added = bool(places) and _book_all(meeting, places)
    return meeting if left or added else None


def _propose_anew(
    rule: MeetingRule, kind: str, period: date, reviews: Sequence[Review], today: date
) -> SigningMeeting | None:
    """On the first working day after the notice on which there are tables and every party is free."""
    for day in working_days(today + timedelta(days=rule.lead_days)):
        places = seat_on(rule, day, reviews)
        if places:
            meeting = SigningMeeting(
                chain=rule.chain,
                kind=kind,
                title=f"{rule.chain.name_zh}产业链配套协作签约会({_period_name(period, rule.cadence)})",
                period=period,
                venue=rule.venue,
                date=day,
                starts=rule.starts,
                slot_minutes=rule.slot_minutes,
                slots=0,
                tables=0,
            )
            if _book_all(meeting, places):
                tell_department(meeting)
                return meeting
    return None


def _period_name(period: date, cadence: str) -> str:
    if cadence == Cadence.MONTH:
        return f"{period.year}年{period.month}月"
    return f"{period.year}年第{'一二三四'[(period.month - 1) // 3]}季度"


def _book_all(meeting: SigningMeeting, places: Sequence[Place]) -> bool:
    """Save the meeting with these further appointments; nothing, and False, where somebody was faster."""
    try:
        with transaction.atomic():
            meeting.save()
            for place in places:
                _book(meeting, place)
            _measure(meeting)
    except (IntegrityError, OperationalError):  # taken meanwhile, or a deadlock with whoever takes it
        log.info("A table or party of %s on %s was taken meanwhile", meeting.title, meeting.date)
        return False
    return True


def _book(meeting: SigningMeeting, place: Place) -> None:
    during = slot_range(meeting, place.slot)
    appointment = Appointment.objects.create(
        meeting=meeting, review=place.review, table=place.table, slot=place.slot, during=during
    )
    Attendance.objects.bulk_create(
        Attendance(appointment=appointment, organisation_id=firm, during=during)
        for firm in parties(place.review)
    )


def _measure(meeting: SigningMeeting) -> None:
    """Note how many slots and tables its appointments take up; slots once shown stay."""
    used = meeting.appointments.aggregate(
        slots=Max(F("slot") + 1, default=0), tables=Count("table", distinct=True)
    )
    meeting.slots, meeting.tables = max(meeting.slots, used["slots"]), used["tables"]
    meeting.save(update_fields=["slots", "tables"])
