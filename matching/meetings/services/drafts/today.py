"""A plan that changes on its day: what has begun stays, nothing goes to a time that is over."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from matching.engine import agenda
from matching.engine.agenda import Programme, Replan, Seat
from matching.meetings.models import Appointment, PlanDraft, SigningMeeting
from matching.meetings.queries import slot_range
from matching.meetings.queries.today import begun, is_on
from matching.meetings.services import planning
from matching.meetings.services.booking import standing
from matching.meetings.services.planning import Party, PlanRefused, Setting
from matching.review.models import Review


def replanned_today(
    setting: Setting,
    meeting: SigningMeeting,
    items: Sequence[Appointment],
    reviews: Sequence[Review],
    absent: Sequence[Party],
    now: datetime,
) -> Replan:
    """The nearest plan for the rest of the day, in as few slots more than planned as it takes.

    ``items`` stand, ``reviews`` are to meet. What has begun stays, and so does what should have, or is
    pinned, and still can; whoever can't come to the others gets a later place. Raises ``PlanRefused``.
    """
    seats = planning.standing_seats(setting, items)
    tables = len(setting.tables)
    stands = {str(review.pk) for review in reviews} & {k for k, seat in seats.items() if seat.table < tables}
    firm = {str(item.review_id): item.is_pinned for item in items}
    begun_ = {str(review) for review in begun(meeting)}
    found = None
    for slots in range(meeting.slots, max(meeting.slots, setting.slots) + 1):
        day = replace(setting, slots=slots)
        programme = planning.programme_of(day, reviews, meeting=meeting, absent=absent)
        over = {slot for slot, during in enumerate(day.ranges) if during.lower <= now}
        fixed = [
            seat
            for key, seat in seats.items()
            if key in stands
            and (
                key in begun_
                or (
                    (firm[key] or seat.slot in over) and seat.slot in programme.allowed(programme.by_key[key])
                )
            )
        ]
        found = _around(programme, fixed, seats, over)
        if not stands & set(found.agenda.unplaced):
            break
    assert found is not None
    return found


def _around(
    programme: Programme, fixed: Sequence[Seat], seats: Mapping[str, Seat], over: Collection[int]
) -> Replan:
    past = {(table, slot) for table in range(programme.tables) for slot in over}
    joining = agenda.joining(programme, fixed, closed=past)
    left = agenda.around(programme, (*fixed, *joining))
    left = replace(left, shut=left.shut | past)
    stay = {seat.pairing for seat in fixed}
    found = planning.replanned(left, {key: seat for key, seat in seats.items() if key not in stay})
    everybody = (*fixed, *joining, *found.agenda.seats)
    faults = planning.brings_faults(programme, fixed, everybody)
    if faults:
        raise PlanRefused("; ".join(faults[:5]))
    return replace(found, agenda=replace(found.agenda, seats=everybody))


def is_overtaken(draft: PlanDraft, meeting: SigningMeeting, now: datetime) -> bool:
    """Whether a draft moves what has begun since, or gives somebody a time that is over."""
    if not is_on(meeting):
        return False
    begun_ = begun(meeting)
    wanted = {uuid.UUID(key): (table, slot) for key, table, slot in draft.outcome["seats"]}
    stands = {item.review_id: (item.table.number, item.slot) for item in standing(meeting)}
    changed = {key for key in {*wanted, *stands} if wanted.get(key) != stands.get(key)}
    return bool(changed & begun_) or _are_over(meeting, [wanted[key] for key in changed & wanted.keys()], now)


def _are_over(meeting: SigningMeeting, places: Collection[tuple[int, int]], now: datetime) -> bool:
    return any(slot_range(meeting, slot).upper <= now for _table, slot in places)
