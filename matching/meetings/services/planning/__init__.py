"""Which pair sits where and when; reads the diaries of tables, firms and people, writes nothing."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from matching.engine import agenda
from matching.engine.agenda import Pin, Programme, Replan, Seat
from matching.meetings.events import PATTERNS
from matching.meetings.models import Appointment, SigningMeeting
from matching.meetings.queries.worth import points
from matching.meetings.services.planning.filling import Filling, brings_faults, fill
from matching.meetings.services.planning.programme import (
    Party,
    are_booked,
    parties,
    programme_of,
)
from matching.meetings.services.planning.seats import (
    Place,
    PlanRefused,
    checked,
    digest,
    places_of,
    standing_seats,
)
from matching.meetings.services.planning.setting import Setting, of_meeting, of_rule, tables_of
from matching.review.models import Review

__all__ = (
    "Filling",
    "Party",
    "Place",
    "PlanRefused",
    "Setting",
    "are_booked",
    "asked_of",
    "brings_faults",
    "checked",
    "digest",
    "fill",
    "fit_in",
    "joining",
    "of_meeting",
    "of_rule",
    "parties",
    "places_of",
    "programme_of",
    "replanned",
    "seat_on",
    "standing_seats",
    "tables_of",
)
SECONDS = 10.0


def asked_of(setting: Setting, reviews: Sequence[Review]) -> tuple[uuid.UUID | None, list[Review]]:
    """The leader firm, where the event is one's, and the pairs that the event is for."""
    leader, wanted = None, list(reviews)
    if setting.pattern.one_leader and wanted:
        sums: Counter[uuid.UUID] = Counter()
        for review in wanted:
            sums[review.demand.organisation_id] += points(review, setting.date) + 1
        leader = min(sums, key=lambda firm: (-sums[firm], str(firm)))
        wanted = [review for review in wanted if review.demand.organisation_id == leader]
    return leader, wanted


def joining(meeting: SigningMeeting, waiting: Sequence[Review]) -> list[Review]:
    """Pairs that wait and that the event is for, less what an office left out."""
    out = set(meeting.left_out.values_list("review_id", flat=True))
    found = [review for review in waiting if review.pk not in out]
    if PATTERNS[meeting.event].one_leader:
        found = [review for review in found if review.demand.organisation_id == meeting.leader_id]
    return found


def seat_on(setting: Setting, reviews: Sequence[Review]) -> tuple[list[Place], bool]:
    """Places for as many pairs as a day holds, and whether another day might hold more.

    No places where there is no table, or where a firm has another meeting at that time.
    """
    if not reviews or are_booked(setting, reviews):
        return [], True
    programme = programme_of(setting, reviews)
    tables = max(programme.room, default=0)
    if not tables:
        return [], True
    # A pair without an interpreter fits into no number of slots; the search for that number would not end.
    whatever_spoken = [replace(pairing, language="") for pairing in programme.pairings]
    slots = min(agenda.slots_needed(whatever_spoken, tables), setting.slots)
    found = agenda.plan(replace(programme, slots=slots), seconds=SECONDS)
    if found.unplaced and slots < setting.slots:
        found = agenda.plan(programme, seconds=SECONDS)
    checked(programme, found)
    hampered = bool(programme.away or len(set(programme.room)) > 1)
    return places_of(setting, reviews, found.seats), bool(found.unplaced) and hampered


def fit_in(
    setting: Setting, meeting: SigningMeeting, standing: Sequence[Appointment], new: Sequence[Review]
) -> Programme:
    """The programme in which new pairs find places around what stands; who stands and can't come moves."""
    reviews = [*(item.review for item in standing), *new]
    free = programme_of(setting, reviews, meeting=meeting)
    seats = standing_seats(setting, standing)
    pins = {
        key: Pin(seat.slot, seat.table)
        for key, seat in seats.items()
        if seat.slot in free.allowed(free.by_key[key]) and (seat.table, seat.slot) not in free.shut
    }
    return programme_of(setting, reviews, meeting=meeting, pins=pins)


def replanned(programme: Programme, seats: Mapping[str, Seat]) -> Replan:
    """A plan as near to these seats as its worth allows; checked. Raises ``PlanRefused``.

    A pair whose pin the rules forbid finds another place, and its move says which rule.
    """
    refused = {refusal.pairing for refusal in agenda.hold_pins(programme).refused}
    pins = {key: pin for key, pin in programme.pins.items() if key not in refused}
    programme = replace(programme, pins=pins)
    found = agenda.replan(programme, seats.values(), seconds=SECONDS)
    checked(programme, found.agenda)
    return found
