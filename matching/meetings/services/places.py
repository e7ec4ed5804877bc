"""Places of an approved meeting that a firm gives up, and who gets them next."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.db import IntegrityError, transaction

from matching.meetings.models import Appointment, Attendance, SigningMeeting
from matching.meetings.queries import slot_range
from matching.meetings.queries.waiting import unplanned
from matching.meetings.services.planning import parties
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
    the next meeting. Side effects: appointments; the database refuses those that would book a table or a
    firm twice.
    """
    free = _given_up(meeting)
    waiting = waiting_pairs(meeting=meeting, passing_over=passing_over) if free else []
    seated = [review for review in waiting if _is_seated(meeting, review, free)]
    if seated:
        _outdate_drafts(meeting)
    return seated


def _outdate_drafts(meeting: SigningMeeting) -> None:
    meeting.plan += 1
    meeting.save(update_fields=["plan"])


def _given_up(meeting: SigningMeeting) -> list[Appointment]:
    """Appointments that made way and whose table has not been given to others; one a place."""
    planned = meeting.appointments.select_related("table")
    approved = meeting.approved_at
    gone = planned.filter(is_active=False, created_at__lte=approved).count()
    left = gone - planned.filter(is_active=True, created_at__gt=approved).count()
    free = {(item.table_id, item.slot): item for item in planned.filter(is_active=False)}
    free = {seat: item for seat, item in free.items() if item.table.number not in meeting.shut_tables}
    for taken in planned.filter(is_active=True):
        free.pop((taken.table_id, taken.slot), None)
    return [free[seat] for seat in sorted(free, key=lambda seat: (seat[1], seat[0]))][: max(left, 0)]


def _is_seated(meeting: SigningMeeting, review: Review, free: list[Appointment]) -> bool:
    for place in free:
        try:
            with transaction.atomic():
                _book(meeting, review, place)
        except IntegrityError:  # one of the firms, or the table, is taken then
            continue
        free.remove(place)
        return True
    return False


def _book(meeting: SigningMeeting, review: Review, place: Appointment) -> None:
    during = slot_range(meeting, place.slot)
    appointment = Appointment.objects.create(
        meeting=meeting, review=review, table=place.table, slot=place.slot, during=during
    )
    Attendance.objects.bulk_create(
        Attendance(appointment=appointment, organisation_id=firm, during=during) for firm in parties(review)
    )
