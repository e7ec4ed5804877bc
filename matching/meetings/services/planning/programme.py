"""From rows to the engine's programme: who is away when, which tables are taken, who needs an interpreter."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q, QuerySet

from matching.engine.agenda import Pairing, Pin, Programme
from matching.meetings.models import (
    HOME_LANGUAGE,
    Absence,
    Appointment,
    Attendance,
    Presence,
    SigningMeeting,
)
from matching.meetings.queries.worth import points
from matching.meetings.services.planning.setting import Setting
from matching.review.models import Review


@dataclass(frozen=True, slots=True)
class Party:
    """A firm's own absence that is thought of, not stored."""

    organisation: uuid.UUID
    during: DateTimeTZRange


def parties(review: Review) -> tuple[uuid.UUID, uuid.UUID]:
    """Primary keys of both firms."""
    return review.demand.organisation_id, review.supply.organisation_id


def programme_of(
    setting: Setting,
    reviews: Sequence[Review],
    *,
    meeting: SigningMeeting | None = None,
    pins: Mapping[str, Pin] | None = None,
    absent: Iterable[Party] = (),
) -> Programme:
    """What has to be planned. Appointments of ``meeting`` itself take no place; ``absent`` is thought of."""
    presences = _presences(reviews)
    pairings = tuple(_pairing(setting, review, presences) for review in reviews)
    cities = sorted({pairing.city for pairing in pairings})
    travel = {frozenset(pair): setting.travel_slots(*pair) for pair in combinations(cities, 2)}
    spoken = any(pairing.language for pairing in pairings)
    return Programme(
        pairings,
        len(setting.tables),
        setting.slots,
        away=_away(setting, reviews, presences, meeting, absent),
        shut=_shut(setting, meeting),
        interpreters=setting.interpreters if spoken else {},
        gap=setting.gap,
        travel=travel if setting.pattern.travels else {},
        pins=pins or {},
    )


def are_booked(setting: Setting, reviews: Sequence[Review]) -> bool:
    """Whether one of the firms has an appointment of another meeting in that time."""
    firms = {firm for review in reviews for firm in parties(review)}
    return _busy(setting).filter(organisation_id__in=firms).exists()


def _busy(setting: Setting) -> QuerySet[Attendance]:
    return Attendance.objects.filter(during__overlap=setting.span, is_active=True, is_struck=False)


def _presences(reviews: Iterable[Review]) -> dict[uuid.UUID, Presence]:
    firms = {firm for review in reviews for firm in parties(review)}
    return {found.organisation_id: found for found in Presence.objects.filter(organisation_id__in=firms)}


def _pairing(setting: Setting, review: Review, presences: Mapping[uuid.UUID, Presence]) -> Pairing:
    buyer, seller = parties(review)
    here = [presences[firm] for firm in (buyer, seller) if firm in presences]
    return Pairing(
        key=str(review.pk),
        demand_party=str(buyer),
        supply_party=str(seller),
        value=points(review, setting.date),
        people=tuple(_person(each.person_id) for each in here if each.person_id is not None),
        language=_to_interpret(
            *(presences[firm].languages if firm in presences else [HOME_LANGUAGE] for firm in (buyer, seller))
        ),
        city=review.supply.organisation.region[:4] if setting.pattern.travels else "",
        presentation=str(seller) if setting.pattern.by_firm else "",
    )


def _to_interpret(one: Sequence[str], other: Sequence[str]) -> str:
    """The first language of whoever does not speak Chinese; none where the two have one in common."""
    if set(one) & set(other):
        return ""
    return next(each[0] for each in (one, other) if HOME_LANGUAGE not in each)


def _person(pk: int) -> str:
    return f"person {pk}"


def _away(
    setting: Setting,
    reviews: Sequence[Review],
    presences: Mapping[uuid.UUID, Presence],
    meeting: SigningMeeting | None,
    absent: Iterable[Party],
) -> dict[str, frozenset[int]]:
    firms = {firm for review in reviews for firm in parties(review)}
    people = {found.person_id for found in presences.values() if found.person_id is not None}
    away: dict[str, set[int]] = defaultdict(set)

    def note(who: str, during: DateTimeTZRange) -> None:
        away[who].update(_slots(setting, during))

    concerned = Q(organisation_id__in=firms) | Q(person_id__in=people)
    elsewhere = _busy(setting).filter(concerned).exclude(appointment__meeting=meeting)
    for firm, person, during in elsewhere.values_list("organisation_id", "person_id", "during"):
        note(str(firm), during)
        if person in people:
            note(_person(person), during)
    theirs = Q(organisation_id__in=firms, person=None) | Q(person_id__in=people)
    noted = Absence.objects.filter(theirs, during__overlap=setting.span)
    of_this = noted.filter(Q(meeting=None) | Q(meeting=meeting))
    for firm, person, during in of_this.values_list("organisation_id", "person_id", "during"):
        note(_person(person) if person in people else str(firm), during)
    for party in absent:
        note(str(party.organisation), party.during)
    return {who: frozenset(slots) for who, slots in away.items() if slots}


def _slots(setting: Setting, during: DateTimeTZRange) -> Iterable[int]:
    return (
        at
        for at, slot in enumerate(setting.ranges)
        if during.lower < slot.upper and slot.lower < during.upper
    )


def _shut(setting: Setting, meeting: SigningMeeting | None) -> frozenset[tuple[int, int]]:
    place = {table.pk: at for at, table in enumerate(setting.tables)}
    closed = {
        (at, slot)
        for at, table in enumerate(setting.tables)
        if table.number in setting.shut
        for slot in range(setting.slots)
    }
    taken = Appointment.objects.filter(
        table__in=place, during__overlap=setting.span, is_active=True, is_struck=False
    )
    for table, during in taken.exclude(meeting=meeting).values_list("table_id", "during"):
        closed.update((place[table], slot) for slot in _slots(setting, during))
    return frozenset(closed)
