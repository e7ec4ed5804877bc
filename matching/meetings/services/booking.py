"""Appointments of a meeting are brought to a plan; PostgreSQL refuses whoever is faster."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, F, Max, QuerySet

from matching.meetings.events import PATTERNS
from matching.meetings.models import Appointment, Attendance, Presence, SigningMeeting
from matching.meetings.queries import slot_ranges
from matching.meetings.services.planning import Place, parties
from matching.meetings.states import MeetingState


@dataclass(slots=True)
class Booked:
    """What a new plan did to the appointments."""

    moved: list[Appointment] = field(default_factory=list)
    added: list[Appointment] = field(default_factory=list)
    given_up: list[Appointment] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.moved or self.added or self.given_up)


def standing(meeting: SigningMeeting) -> QuerySet[Appointment]:
    """A meeting's appointments that stand, with what plans and notices read."""
    return (
        meeting.appointments.filter(is_active=True)
        .select_related(
            "table", "review__match", "review__demand__organisation", "review__supply__organisation"
        )
        .order_by("slot", "table__number", "pk")
    )


def occupying(meeting: SigningMeeting) -> QuerySet[Appointment]:
    """Those of them that hold their table and their parties: not struck on the day."""
    return standing(meeting).filter(is_struck=False)


def book(meeting: SigningMeeting, places: Sequence[Place]) -> Booked:
    """Bring the meeting's appointments to these places; the caller holds the meeting's lock.

    Side effects: appointments that change are free before any takes its new place, so that two may swap.
    One that is given up leaves a proposal without a trace and stays on record of an approved meeting. The
    meeting's plan gets its next number. Raises ``IntegrityError`` where a table, firm or person is taken by
    another meeting, ``OperationalError`` where the two wait for each other.
    """
    held = {item.review_id: item for item in standing(meeting)}
    wanted = {place.review.pk: place for place in places}
    during = slot_ranges(meeting, max((place.slot + 1 for place in places), default=0))
    done = Booked()
    for review, item in held.items():
        place = wanted.get(review)
        if place is None:
            done.given_up.append(item)
        elif (item.table_id, item.slot, item.during) != (place.table.pk, place.slot, during[place.slot]):
            item.table, item.slot, item.during = place.table, place.slot, during[place.slot]
            done.moved.append(item)
    _free(meeting, done)
    if meeting._state.adding:
        meeting.save()
    is_shown, shown = PATTERNS[meeting.event].by_firm, _presentations(meeting)
    for review, place in wanted.items():
        if review not in held:
            presenter = place.review.supply.organisation_id
            new = Appointment(
                meeting=meeting,
                review=place.review,
                table=place.table,
                slot=place.slot,
                during=during[place.slot],
            )
            new.presentation = shown.setdefault(presenter, uuid.uuid4()) if is_shown else new.pk
            done.added.append(new)
    _place(done)
    if done:
        meeting.plan += 1
        _measure(meeting)
    return done


def _presentations(meeting: SigningMeeting) -> dict[uuid.UUID, uuid.UUID]:
    """By the member firm that presents; a standing one before one that was given up."""
    known = meeting.appointments.order_by("is_active", "created_at", "pk")
    return dict(known.values_list("review__supply__organisation_id", "presentation"))


def _free(meeting: SigningMeeting, done: Booked) -> None:
    changed = [item.pk for item in (*done.moved, *done.given_up)]
    if not changed:
        return
    Attendance.objects.filter(appointment__in=changed).update(is_active=False)
    Appointment.objects.filter(pk__in=changed).update(is_active=False)
    if meeting.state == MeetingState.PROPOSED:
        Appointment.objects.filter(pk__in=[item.pk for item in done.given_up]).delete()


def _place(done: Booked) -> None:
    people = _people(firm for item in (*done.moved, *done.added) for firm in parties(item.review))
    for item in done.moved:
        item.is_active = True
        for firm in parties(item.review):
            Attendance.objects.filter(appointment=item, organisation_id=firm).update(
                during=item.during, is_active=True, person_id=people.get(firm)
            )
    Appointment.objects.bulk_update(done.moved, ["table", "slot", "during", "is_active"])
    Appointment.objects.bulk_create(done.added)
    Attendance.objects.bulk_create(
        Attendance(
            appointment=item,
            organisation_id=firm,
            person_id=people.get(firm),
            during=item.during,
            presentation=item.presentation,
        )
        for item in done.added
        for firm in parties(item.review)
    )


def _people(firms: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    named = Presence.objects.filter(organisation_id__in=set(firms), person__is_active=True)
    return {firm: person for firm, person in named.values_list("organisation_id", "person_id") if person}


def _measure(meeting: SigningMeeting) -> None:
    """Note how many slots and tables its appointments take up; slots once shown stay."""
    used = meeting.appointments.filter(is_active=True).aggregate(
        slots=Max(F("slot") + 1, default=0), tables=Count("table", distinct=True)
    )
    meeting.slots, meeting.tables = max(meeting.slots, used["slots"]), used["tables"]
    meeting.save()
