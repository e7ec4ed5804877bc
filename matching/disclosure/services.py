"""Noting who sees what of a firm's.

Whatever puts another firm's named line, contacts, secrets or file before a person says so with ``saw``; the
middleware stores what one request gathered, in one statement, once the answer is made. What a firm sees
of another one without its name is not noted: the entry would tell who looks for whom.
"""

from __future__ import annotations

import logging
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import User
from matching.disclosure.models import KEPT, Disclosure, Part, Side, Via

MOST_LINES = 100
"""Lines of one firm's list in one answer that are entered one by one; more are summed up."""
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Shown:
    """What one answer shows of a line, or of ``lines`` lines at once."""

    title: str = ""
    lines: int = 1
    parts: set[Part] = field(default_factory=set)


Place = tuple[uuid.UUID, str, uuid.UUID | None, str]
"""Firm, list, line's id where it is known, line's number; without both, the list as a whole."""
Ledger = dict[Place, Shown]
"""What one request has shown so far."""

Entry = tuple[uuid.UUID, str, uuid.UUID | None, str, str, int, str]
"""Firm, list, line's id, number and title, how many lines, parts with commas between."""
STORE = """
INSERT INTO matching_disclosure (at, hour, reader_id, reader_organisation_id, via,
    organisation_id, side, object_id, key, title, lines, parts)
SELECT %s, %s, %s, %s, %s, firm, side, line, key, title, lines, string_to_array(parts, ',')
FROM unnest(%s::uuid[], %s::text[], %s::uuid[], %s::text[], %s::text[], %s::int[], %s::text[])
    AS seen (firm, side, line, key, title, lines, parts)
ON CONFLICT DO NOTHING
"""

_open: ContextVar[Ledger | None] = ContextVar("disclosure", default=None)


@contextmanager
def gathering(ledger: Ledger) -> Iterator[None]:
    """What is shown inside goes to that ledger."""
    before = _open.set(ledger)
    try:
        yield
    finally:
        _open.reset(before)


def saw(lines: Iterable[Any], *more: Part) -> None:
    """These lines are shown with their firms' names, and ``more`` of them. Asks the database nothing.

    Who reads is whoever sent the request; what is his own firm's does not count. Outside of a request
    (tasks, commands) nothing is noted.
    """
    for line in lines:
        side = line._meta.model_name.removesuffix("line")
        title = line.__dict__.get("title", "")
        saw_place((line.organisation_id, side, line.pk, line.key), title, *more)


def saw_pairs(pairs: Iterable[Any], *, secrets: bool = False) -> None:
    """Both lines of each pair, with what its conditions say of prices and capacities where ``secrets``."""
    more = (Part.SECRETS,) if secrets else ()
    for pair in pairs:
        saw((pair.demand, pair.supply), *more)


def saw_place(place: Place, title: str = "", *more: Part, lines: int = 1) -> None:
    """As ``saw``, where the line itself is not loaded."""
    ledger = _open.get()
    if ledger is not None:
        shown = ledger.setdefault(place, Shown(title, lines))
        shown.parts.update((Part.LINE, *more))


def saw_people(organisation_id: uuid.UUID, number: int) -> None:
    """Contact data of so many of a firm's people is shown, apart from any line."""
    ledger = _open.get()
    if ledger is not None:
        place = (organisation_id, Side.PEOPLE.value, None, "")
        ledger.setdefault(place, Shown("", number)).parts.add(Part.CONTACTS)


def store(ledger: Ledger, reader: User, via: Via) -> None:
    """Enter what was seen; one statement. A database that refuses is logged and the answer goes out."""
    own = {firm.pk for firm in reader.firms()} if ledger else set()
    foreign = {place: shown for place, shown in ledger.items() if place[0] not in own}
    if not foreign:
        return
    memberships = reader.active_memberships
    now = timezone.now()
    entries = list(_entries(foreign))
    shared = (
        now,
        now.replace(minute=0, second=0, microsecond=0),
        reader.pk,
        memberships[0].organisation_id if memberships else None,
        str(via),
    )
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # One array a column: the statement stays short, however many rows it has.
            cursor.execute(STORE, [*shared, *map(list, zip(*entries, strict=True))])
    except DatabaseError:
        log.exception("%d entries on who saw what are lost", len(entries))


def forget_old() -> int:
    """Remove entries older than ``KEPT``; how many."""
    return Disclosure.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]


def _entries(ledger: Ledger) -> Iterator[Entry]:
    groups: dict[tuple[uuid.UUID, str, tuple[Part, ...]], list[Place]] = defaultdict(list)
    for place, shown in ledger.items():
        groups[place[0], place[1], tuple(sorted(shown.parts))].append(place)
    for (firm, side, parts), places in groups.items():
        what = ",".join(parts)
        if len(places) > MOST_LINES:
            yield firm, side, None, "", "", sum(ledger[place].lines for place in places), what
            continue
        for place in places:
            shown = ledger[place]
            yield firm, side, place[2], place[3], shown.title, shown.lines, what
