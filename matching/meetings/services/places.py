"""Places of an approved meeting that a firm gives up, and who gets them next."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _

from matching.errors import Conflict
from matching.meetings.models import Appointment, Attendance, SigningMeeting
from matching.meetings.queries.waiting import unplanned
from matching.meetings.services import planning
from matching.meetings.services.booking import book, occupying, standing
from matching.meetings.services.planning import Place, parties
from matching.review.models import Review


def give_up_places(*, meeting: SigningMeeting, organisation_id: uuid.UUID) -> int:
    """Free the tables and pairs of a firm's appointments of a meeting; returns how many.

    The caller holds the meeting's lock. The appointments stay on record, no longer active.
    """
    given = meeting.appointments.filter(is_active=True, parties__organisation_id=organisation_id)
    held = list(given.select_for_update(of=("self",)).values_list("pk", flat=True))
    Attendance.objects.filter(appointment__in=held).update(is_active=False)
    if held:
        _outdate_drafts(meeting)
    return Appointment.objects.filter(pk__in=held).update(is_active=False)


def waiting_pairs(*, meeting: SigningMeeting, passing_over: Collection[uuid.UUID] = ()) -> list[Review]:
    """Accepted pairs of valid lines that have no place anywhere, the better ones first.

    None of the firms in ``passing_over``.
    """
    out = set(meeting.left_out.values_list("review_id", flat=True))
    found = [review for review in unplanned(meeting.chain_id, meeting.kind) if review.pk not in out]
    asked = [review for review in found if not set(parties(review)) & set(passing_over)]
    return sorted(asked, key=lambda review: (-review.match.score, review.pk))


def offer_places(*, meeting: SigningMeeting, passing_over: Collection[uuid.UUID] = ()) -> list[Review]:
    """Give places that were given up since the approval to the waiting list; returns the pairs that got one.

    The caller holds the meeting's lock. Only such places are given: pairs that are accepted later wait for
    the next meeting. Nobody who has a place moves, and the rules of the meeting hold. Side effects: as
    ``book``; what was tried in vain is not tried again.
    """
    free, most = _given_up(meeting)
    waiting = waiting_pairs(meeting=meeting, passing_over=passing_over) if most > 0 else []
    held = list(occupying(meeting))
    new = planning.joining(meeting, waiting) if waiting else []
    if not new or not free:
        return []
    # Who hears what somebody presents anyway takes no place of its own.
    free |= {(item.table_id, item.slot) for item in held}
    filling = planning.fill(planning.of_meeting(meeting, meeting.slots), meeting, held, new, free)
    tried = filling.digest
    if tried == meeting.tried:
        return []
    rank = {review.pk: at for at, review in enumerate(waiting)}
    places = sorted(filling.best(), key=lambda place: rank[place.review.pk])[:most]
    meeting.tried = tried
    meeting.save(update_fields=["tried"])
    return [place.review for place in places] if places and seat_beside(meeting, places) else []


def seat_next(*, meeting: SigningMeeting, review: Review, now: datetime) -> Appointment:
    """Book a pair at the next place of a running day that is free and that the rules allow.

    A slot that has begun counts for its first half. The caller holds the meeting's lock. Side effects: as
    ``book``. Raises ``Conflict`` where there is no such place, or the event is not for that pair.
    """
    held = list(occupying(meeting))
    setting = planning.of_meeting(meeting, meeting.slots)
    half = timedelta(minutes=meeting.slot_minutes / 2)
    free = {
        (table.pk, slot)
        for table in setting.tables
        for slot, during in enumerate(setting.ranges)
        if during.lower + half > now
    }
    place = None
    if planning.joining(meeting, [review]):
        place = planning.fill(setting, meeting, held, [review], free).next()
    if place is None or not seat_beside(meeting, [place]):
        raise Conflict(_("No table is free for these two in the rest of the day."), code="no_place")
    return meeting.appointments.get(review=review, is_active=True)


def strike(*, appointment: Appointment, struck: bool) -> None:
    """Somebody did not come: the rest of the time its table and its parties are free for others; or they are
    wanted again.

    The caller holds the meeting's lock. Side effects: drafts of the meeting are outdated. Raises ``Conflict``
    where somebody else got the table or a party meanwhile.
    """
    try:
        with transaction.atomic():
            Appointment.objects.filter(pk=appointment.pk).update(is_struck=struck)
            appointment.parties.update(is_struck=struck)
    except (IntegrityError, OperationalError) as error:
        raise Conflict(
            _("The table or one of the parties is taken at that time."), code="double_booking"
        ) from error
    _outdate_drafts(appointment.meeting)


def seat_beside(meeting: SigningMeeting, places: Sequence[Place]) -> bool:
    """Book these places beside those who stand; False where somebody else was faster.

    The caller holds the meeting's lock. Side effects: as ``book``.
    """
    stay = [Place(item.review, item.table, item.slot) for item in standing(meeting)]
    try:
        with transaction.atomic():
            return bool(book(meeting, [*stay, *places]))
    except (IntegrityError, OperationalError):  # a firm or table is taken by another meeting meanwhile
        return False


def _outdate_drafts(meeting: SigningMeeting) -> None:
    meeting.plan += 1
    meeting.save(update_fields=["plan"])


def _given_up(meeting: SigningMeeting) -> tuple[set[tuple[int, int]], int]:
    """Tables and slots of appointments that made way, and how many have not been given to others."""
    planned = meeting.appointments.select_related("table")
    approved = meeting.approved_at
    gone = planned.filter(is_active=False, created_at__lte=approved).count()
    left = gone - planned.filter(is_active=True, created_at__gt=approved).count()
    free = {(item.table_id, item.slot) for item in planned.filter(is_active=False)}
    return free - {(item.table_id, item.slot) for item in planned.filter(is_active=True)}, left
