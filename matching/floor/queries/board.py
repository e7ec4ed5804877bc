"""The board of a running meeting: each table with what is on and who is next."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.utils import timezone

from accounts.models import User
from matching.engine import agenda
from matching.floor import access
from matching.floor.models import Arrival, Sitting
from matching.floor.states import SITTING, SittingAction, SittingState
from matching.meetings import queries as meetings
from matching.meetings.models import Appointment, SigningMeeting

MINUTE = timedelta(minutes=1)
NOTICED = 5 * MINUTE
"""A shift that is worth telling."""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """An appointment: its plan, how far it is, when it is expected, and who of it is not here yet."""

    appointment: Appointment
    state: SittingState
    began_at: datetime | None
    ended_at: datetime | None
    expected: datetime
    missing: tuple[str, ...]
    actions: tuple[SittingAction, ...]

    @property
    def shifted(self) -> timedelta:
        """How much later than planned it is expected; nothing below five minutes."""
        shift = self.expected - self.appointment.during.lower
        return shift if shift >= NOTICED and self.state == SittingState.WAITING else timedelta(0)

    @property
    def minutes_late(self) -> int:
        """``shifted`` in whole minutes."""
        return int(self.shifted / MINUTE)


@dataclass(frozen=True, slots=True)
class TableRow:
    """A table: what is on, what comes next, and all of its day."""

    number: int
    rows: tuple[BoardRow, ...]

    @property
    def current(self) -> tuple[BoardRow, ...]:
        """What is on now; all that hear one presentation."""
        return tuple(row for row in self.rows if row.state == SittingState.RUNNING)

    @property
    def coming(self) -> tuple[BoardRow, ...]:
        """What waits, in the order in which it is expected."""
        waiting = [row for row in self.rows if row.state == SittingState.WAITING]
        return tuple(sorted(waiting, key=lambda row: (row.expected, row.appointment.slot)))

    @property
    def following(self) -> tuple[BoardRow, ...]:
        """Who is next; all that are to hear one presentation."""
        first = next(iter(self.coming), None)
        if first is None:
            return ()
        return tuple(
            row for row in self.coming if row.appointment.presentation == first.appointment.presentation
        )


@dataclass(frozen=True, slots=True)
class Board:
    """The tables that the reader may see, and how many parties are here."""

    tables: tuple[TableRow, ...]
    arrived: int
    invited: int

    @property
    def rows(self) -> list[BoardRow]:
        """All appointments by their expected time."""
        found = [row for table in self.tables for row in table.rows]
        return sorted(found, key=lambda row: (row.expected, row.appointment.table.number))

    def count(self, state: SittingState) -> int:
        """How many appointments are in a state."""
        return sum(row.state == state for row in self.rows)


def board(user: User, meeting: SigningMeeting, *, now: datetime | None = None) -> Board:
    """The board as that person may see it; a constant number of queries.

    What a firm reads of its own appointments is computed from the whole day. Before and after the day
    itself every appointment is expected as planned.
    """
    shown = list(meetings.appointments(user, meeting).filter(is_active=True))
    whole = access.sees_whole(user, meeting)
    standing = shown if whole else list(_standing(meeting))
    sittings = {one.appointment_id: one for one in Sitting.objects.filter(appointment__meeting=meeting)}
    arrivals = {one.organisation_id: one for one in Arrival.objects.filter(meeting=meeting)}
    expected = _expected(meeting, standing, sittings, arrivals, now or timezone.now())
    allowed = {action for action in SittingAction if access.may_step(user, meeting, action)}
    rows = [_row(item, sittings.get(item.pk), arrivals, expected, allowed) for item in shown]
    rows.sort(key=lambda row: (row.appointment.table.number, row.appointment.slot))
    tables = tuple(
        TableRow(number, tuple(items))
        for number, items in groupby(rows, lambda row: row.appointment.table.number)
    )
    firms = {firm for item in shown for firm in _firms(item)}
    if not whole:
        firms &= {firm.pk for firm in user.firms()}
    return Board(tables, sum(_is_here(arrivals.get(firm)) for firm in firms), len(firms))


def _standing(meeting: SigningMeeting) -> Iterable[Appointment]:
    return meeting.appointments.filter(is_active=True).select_related("review__demand", "review__supply")


def _firms(item: Appointment) -> tuple[uuid.UUID, uuid.UUID]:
    return item.review.demand.organisation_id, item.review.supply.organisation_id


def _is_here(arrival: Arrival | None) -> bool:
    return arrival is not None and arrival.arrived_at is not None


def _expected(
    meeting: SigningMeeting,
    standing: Iterable[Appointment],
    sittings: Mapping[uuid.UUID, Sitting],
    arrivals: Mapping[uuid.UUID, Arrival],
    now: datetime,
) -> dict[uuid.UUID, datetime]:
    """When each appointment that is not over begins."""
    today = timezone.localtime(now)
    if today.date() != meeting.date:
        return {}
    origin = today.replace(hour=0, minute=0, second=0, microsecond=0)

    def minute(moment: datetime | None) -> float | None:
        return None if moment is None else (moment - origin) / MINUTE

    wanted: dict[uuid.UUID, list[Appointment]] = defaultdict(list)
    for item in standing:
        if item.pk not in sittings or sittings[item.pk].state != SittingState.MISSED:
            wanted[item.presentation].append(item)
    found = []
    for presentation, together in wanted.items():
        during = together[0].during
        begins, ends = (during.lower - origin) / MINUTE, (during.upper - origin) / MINUTE
        began, ended = map(minute, _ran([sittings.get(item.pk) for item in together]))
        # A stage waits for who presents; who comes late to hear it misses it.
        firms = tuple(sorted(map(str, set.intersection(*(set(_firms(item)) for item in together)))))
        table = f"table {together[0].table_id}"
        found.append(agenda.Sitting(str(presentation), table, firms, begins, ends, began, ended))
    coming = {
        str(firm): (arrival.coming_at - origin) / MINUTE
        for firm, arrival in arrivals.items()
        if arrival.coming_at is not None and arrival.arrived_at is None
    }
    told = agenda.forecast(found, now=float(int((now - origin) / MINUTE)), coming=coming)
    begin = {key: origin + one.begins * MINUTE for key, one in told.items()}
    return {item.pk: begin[str(presentation)] for presentation, held in wanted.items() for item in held}


def _ran(sittings: Iterable[Sitting | None]) -> tuple[datetime | None, datetime | None]:
    """Since when a presentation is on, and until when it was."""
    begun = [each for each in sittings if each is not None and each.began_at is not None]
    began = min((each.began_at for each in begun if each.began_at), default=None)
    is_on = any(each.state == SittingState.RUNNING for each in begun)
    ended = None if is_on else max((each.ended_at for each in begun if each.ended_at), default=None)
    return began, ended


def _row(
    item: Appointment,
    sitting: Sitting | None,
    arrivals: Mapping[uuid.UUID, Arrival],
    expected: Mapping[uuid.UUID, datetime],
    allowed: set[SittingAction],
) -> BoardRow:
    state = SittingState(sitting.state) if sitting else SittingState.WAITING
    parties = (item.review.demand.organisation, item.review.supply.organisation)
    return BoardRow(
        appointment=item,
        state=state,
        began_at=sitting.began_at if sitting else None,
        ended_at=sitting.ended_at if sitting else None,
        expected=expected.get(item.pk, item.during.lower),
        missing=tuple(party.name for party in parties if not _is_here(arrivals.get(party.pk))),
        actions=tuple(action for action in map(SittingAction, SITTING.actions(state)) if action in allowed),
    )
