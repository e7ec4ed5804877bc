"""Which pair sits where and when; reads the diaries of tables and firms, writes nothing."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from matching.engine import agenda
from matching.engine.agenda import Pairing, Programme
from matching.meetings.models import Appointment, Attendance, MeetingRule, SigningMeeting, Table, Venue
from matching.meetings.queries import slot_range, slot_time
from matching.review.models import Review

SATURDAY = 5
SEARCH_DAYS = 60


@dataclass(frozen=True, slots=True)
class Place:
    """A pair at a table in a slot, counted from 0."""

    review: Review
    table: Table
    slot: int


class Diary:
    """When tables of a venue and firms are taken, by standing appointments of whatever meeting."""

    def __init__(self, venue: Venue, reviews: Iterable[Review], span: DateTimeTZRange) -> None:
        self._taken: dict[Hashable, list[DateTimeTZRange]] = defaultdict(list)
        appointments = Appointment.objects.filter(
            table__venue=venue, during__overlap=span, is_active=True
        ).values_list("table_id", "during")
        firms = {firm for review in reviews for firm in parties(review)}
        attendances = Attendance.objects.filter(
            organisation_id__in=firms, during__overlap=span, is_active=True
        ).values_list("organisation_id", "during")
        for table, during in appointments:
            self.take(during, table)
        for firm, during in attendances:
            self.take(during, firm)

    def take(self, during: DateTimeTZRange, *keys: Hashable) -> None:
        """Note that tables or firms, by their primary keys, are taken."""
        for key in keys:
            self._taken[key].append(during)

    def is_free(self, during: DateTimeTZRange, *keys: Hashable) -> bool:
        """Whether all of these tables and firms are free for the whole time."""
        return not any(
            taken.lower < during.upper and during.lower < taken.upper
            for key in keys
            for taken in self._taken[key]
        )


def parties(review: Review) -> tuple[uuid.UUID, uuid.UUID]:
    """Primary keys of both firms."""
    return review.demand.organisation_id, review.supply.organisation_id


def working_days(first: date) -> Iterator[date]:
    """The working days among the 60 days from ``first`` on."""
    days = (first + timedelta(days=offset) for offset in range(SEARCH_DAYS))
    return (day for day in days if day.weekday() < SATURDAY)


def seat_on(rule: MeetingRule, day: date, reviews: Sequence[Review]) -> list[Place]:
    """Places for as many pairs as a day holds; none where a party has been booked for that time.

    Only tables that are free throughout are used. What does not fit is left out.
    """
    span = _span(rule.starts, day, rule.slot_minutes, rule.slots_a_day)
    diary = Diary(rule.venue, reviews, span)
    tables = [table for table in _tables(rule.venue) if diary.is_free(span, table.pk)]
    if not tables or not all(diary.is_free(span, *parties(review)) for review in reviews):
        return []
    pairings = tuple(_pairing(review) for review in sorted(reviews, key=_identity))
    slots = min(agenda.slots_needed(pairings, len(tables)), rule.slots_a_day)
    by_key = {str(review.pk): review for review in reviews}
    return [
        Place(by_key[seat.pairing], tables[seat.table], seat.slot)
        for seat in agenda.plan(Programme(pairings, len(tables), slots)).seats
    ]


def fit_in(meeting: SigningMeeting, reviews: Sequence[Review], slots: int) -> list[Place]:
    """Places for new pairs around what stands, the better pairs first; what does not fit is left out.

    ``slots`` is how many slots the meeting may have. Its day and its seats stay as they are.
    """
    diary = Diary(meeting.venue, reviews, _span(meeting.starts, meeting.date, meeting.slot_minutes, slots))
    tables = _tables(meeting.venue)
    places = []
    for review in sorted(reviews, key=lambda review: (-review.match.score, _identity(review))):
        place = _first_free(meeting, review, tables, slots, diary)
        if place is not None:
            diary.take(slot_range(meeting, place.slot), place.table.pk, *parties(review))
            places.append(place)
    return places


def _first_free(
    meeting: SigningMeeting, review: Review, tables: Sequence[Table], slots: int, diary: Diary
) -> Place | None:
    for slot in range(slots):
        during = slot_range(meeting, slot)
        if diary.is_free(during, *parties(review)):
            for table in tables:
                if diary.is_free(during, table.pk):
                    return Place(review, table, slot)
    return None


def _span(starts: time, day: date, minutes: int, slots: int) -> DateTimeTZRange:
    return DateTimeTZRange(slot_time(starts, day, minutes, 0), slot_time(starts, day, minutes, slots))


def _tables(venue: Venue) -> list[Table]:
    return list(Table.objects.filter(venue=venue).order_by("number"))


def _pairing(review: Review) -> Pairing:
    demand_party, supply_party = (str(party) for party in parties(review))
    return Pairing(
        key=str(review.pk), demand_party=demand_party, supply_party=supply_party, value=review.match.score
    )


def _identity(review: Review) -> tuple[str, str, str, str]:
    demand, supply = review.demand, review.supply
    return str(demand.organisation_id), demand.key, str(supply.organisation_id), supply.key
