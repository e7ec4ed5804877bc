"""What a meeting's plan would be after some changes; reads, and stores nothing but the draft."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, time
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from matching.engine.agenda import Pin, Replan, Seat
from matching.meetings.changes import Absent, Changes
from matching.meetings.models import Appointment, SigningMeeting, Venue
from matching.meetings.queries import today
from matching.meetings.queries.waiting import still_agreed, unplanned
from matching.meetings.queries.worth import reasons
from matching.meetings.services import planning
from matching.meetings.services.booking import standing
from matching.meetings.services.drafts.today import replanned_today
from matching.meetings.services.planning import Party, Setting, parties
from matching.meetings.states import MeetingState
from matching.review.models import Review


class Impossible(Exception):
    """The changes leave no plan; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Computed:
    """A draft's outcome, and the plan of the meeting that it was computed from."""

    based_on: int
    outcome: dict[str, Any]


def computed(meeting: SigningMeeting, changes: Changes) -> Computed:
    """The plan as near to what stands as its worth allows. Raises ``Impossible`` and ``PlanRefused``."""
    setting = setting_of(meeting, changes)
    if not {table.number for table in setting.tables} - setting.shut:
        raise Impossible("no_table")
    everybody = list(standing(meeting))
    items = [item for item in everybody if not item.is_struck]
    absent = [_party(setting, each) for each in changes.absent]
    if today.is_on(meeting) and setting.date == meeting.date:
        begun, here = today.begun(meeting), today.here(meeting)
        if begun and changes.cuts_anew:
            raise Impossible("day_has_begun")
        held = [item for item in items if item.review_id in begun or _stays(item, changes)]
        new = [review for review in _joining(meeting, held, changes) if here.issuperset(parties(review))]
        reviews = [*(item.review for item in held), *new]
        found = replanned_today(setting, meeting, items, reviews, absent, timezone.now())
    else:
        held = [item for item in items if _stays(item, changes)]
        reviews = [*(item.review for item in held), *_joining(meeting, held, changes)]
        seats = planning.standing_seats(setting, items)
        pins = _pins(setting, held, seats)
        programme = planning.programme_of(setting, reviews, meeting=meeting, pins=pins, absent=absent)
        found = planning.replanned(programme, seats)
    return Computed(meeting.plan, _outcome(setting, reviews, items, _with_struck(setting, everybody, found)))


def _with_struck(setting: Setting, everybody: Sequence[Appointment], found: Replan) -> Replan:
    """Who was struck stays on record where it was, whoever has its table now."""
    struck = [item for item in everybody if item.is_struck]
    seats = planning.standing_seats(setting, struck).values()
    known = tuple(seat for seat in seats if seat.table < len(setting.tables))
    return replace(found, agenda=replace(found.agenda, seats=(*found.agenda.seats, *known)))


def _stays(item: Appointment, changes: Changes) -> bool:
    return still_agreed(item.review) and item.review_id not in changes.leave_out


def _joining(meeting: SigningMeeting, held: Sequence[Appointment], changes: Changes) -> list[Review]:
    """Pairs that wait and may come in."""
    if not (changes.take_in or meeting.state == MeetingState.PROPOSED):
        return []
    # Nothing is locked here: who stood a moment ago may have given up a place since.
    known = {*changes.leave_out, *(item.review_id for item in held)}
    waiting = [each for each in unplanned(meeting.chain_id, meeting.kind) if each.pk not in known]
    return planning.joining(meeting, waiting)


def setting_of(meeting: SigningMeeting, changes: Changes) -> Setting:
    """Where and when the meeting would be. Raises ``Impossible`` where the venue has gone."""
    setting = planning.of_meeting(meeting, max(1, changes.slots or meeting.slots))
    if changes.venue is not None and changes.venue != meeting.venue_id:
        venue = Venue.objects.filter(pk=changes.venue, is_active=True).first()
        if venue is None:
            raise Impossible("venue_closed")
        setting = replace(setting, venue=venue, tables=planning.tables_of(venue), shut=frozenset())
    asked = ("date", "starts", "slot_minutes", "gap")
    given = {name: value for name in asked if (value := getattr(changes, name)) is not None}
    if changes.breaks is not None:
        given["breaks"] = list(changes.breaks)
    shut = frozenset() if changes.tables is not None else setting.shut
    setting = replace(setting, **given, shut=shut | frozenset(changes.shut))
    setting = setting.within(changes.tables)
    if setting.ranges[-1].upper.date() != setting.ranges[0].lower.date():
        raise Impossible("too_long")
    return setting


def _pins(setting: Setting, held: Sequence[Appointment], seats: dict[str, Seat]) -> dict[str, Pin]:
    """What an office pinned, as long as there is still that slot; at its table, as long as there is one."""
    found = {}
    for item in held:
        seat = seats[str(item.review_id)]
        if item.is_pinned and seat.slot < setting.slots:
            found[seat.pairing] = Pin(seat.slot, seat.table if seat.table < len(setting.tables) else None)
    return found


def _party(setting: Setting, absent: Absent) -> Party:
    return Party(absent.organisation, absence(setting, absent))


def absence(setting: Setting, absent: Absent) -> DateTimeTZRange:
    """From when to when, on the day of the setting."""

    def at(clock: time) -> datetime:
        return timezone.make_aware(datetime.combine(setting.date, clock))

    begins = setting.span.lower if absent.begins is None else at(absent.begins)
    ends = setting.span.upper if absent.ends is None else at(absent.ends)
    return DateTimeTZRange(min(begins, ends), max(begins, ends), "[]" if begins == ends else "[)")


def _outcome(
    setting: Setting, reviews: Sequence[Review], items: Sequence[Appointment], found: Replan
) -> dict[str, Any]:
    number = [table.number for table in setting.tables]
    seated = {seat.pairing for seat in found.agenda.seats}
    held = [review for review in reviews if str(review.pk) in seated]
    left = [review for review in reviews if str(review.pk) not in seated]
    told = asdict(reasons(held, left, setting.date))
    before = {str(item.review_id): [item.table.number, item.slot] for item in items}
    moves = {move.pairing: move for move in found.moves}
    pinned = {str(item.review_id) for item in items if item.is_pinned}
    now = {seat.pairing: [number[seat.table], seat.slot] for seat in found.agenda.seats}
    return {
        "frame": {
            "venue": str(setting.venue.pk),
            "date": setting.date.isoformat(),
            "starts": setting.starts.isoformat("minutes"),
            "slot_minutes": setting.slot_minutes,
            "breaks": setting.breaks,
            "gap": setting.gap,
            "shut": sorted(setting.shut),
            "slots": max((seat.slot + 1 for seat in found.agenda.seats), default=0),
            "tables": len({seat.table for seat in found.agenda.seats}),
        },
        "seats": [[key, *place] for key, place in sorted(now.items(), key=lambda each: (each[1], each[0]))],
        "moves": [
            {
                "review": key,
                "before": place,
                "now": now.get(key),
                "cause": moves[key].cause.value,
                "for": list(moves[key].made_room_for),
                "pinned": key in pinned,
            }
            for key, place in sorted(before.items(), key=lambda each: (each[1][1], each[1][0]))
            if now.get(key) != place
        ],
        "added": sorted(now.keys() - before.keys()),
        "left": [str(review.pk) for review in left],
        "figures": {name: _plain(value) for name, value in told.items()},
        "fewest": found.fewest,
        "gap_to_best": round(found.agenda.gap, 6),
    }


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int) else str(value)


def reviews_of(outcome: dict[str, Any]) -> list[uuid.UUID]:
    """The pairs that a computed plan holds."""
    return [uuid.UUID(key) for key, _table, _slot in outcome["seats"]]
