"""The access table of all rooms, as people and clients read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django_stubs_ext import StrOrPromise

import accounts.permits.rows
import matching.agreements.permits
import matching.chains.permits
import matching.disclosure.permits
import matching.feeds.permits
import matching.floor.permits
import matching.invitations.permits
import matching.joining.permits
import matching.lists.permits
import matching.meetings.permits
import matching.memory.permits
import matching.notices.permits
import matching.overview.permits
import matching.papers.permits
import matching.people.permits
import matching.review.permits
import matching.runs.permits
import matching.uploads.permits
from accounts.models import User
from accounts.permits import Anybody, Permit, Permits, Scope

ROOMS = (
    accounts.permits.rows,
    matching.chains.permits,
    matching.disclosure.permits,
    matching.people.permits,
    matching.joining.permits,
    matching.lists.permits,
    matching.uploads.permits,
    matching.memory.permits,
    matching.runs.permits,
    matching.review.permits,
    matching.meetings.permits,
    matching.agreements.permits,
    matching.invitations.permits,
    matching.floor.permits,
    matching.papers.permits,
    matching.feeds.permits,
    matching.notices.permits,
    matching.overview.permits,
)
TABLE: tuple[Permits, ...] = tuple(permits for room in ROOMS for permits in room.PERMITS)


@dataclass(frozen=True, slots=True)
class Line:
    """What ``roles`` may do alike: some actions, within one scope, under one condition."""

    actions: tuple[StrOrPromise, ...]
    roles: tuple[StrOrPromise, ...]
    scope: Scope
    when: StrOrPromise


@dataclass(frozen=True, slots=True)
class Section:
    """The rows about one kind of object."""

    name: str
    label: StrOrPromise
    lines: tuple[Line, ...]


def sections(held: frozenset[str] | None = None) -> list[Section]:
    """The table, kind by kind; only what somebody who acts as ``held`` may do, where it is given."""
    found = [
        Section(permits.name, permits.label, _lines(row for row in permits.rows if _held(row, held)))
        for permits in TABLE
    ]
    return [section for section in found if section.lines]


def acting_as(user: User) -> frozenset[str]:
    """The roles, and the words for everybody, whose rows hold for the person."""
    return frozenset({held.acts_as for held in user.active_memberships} | set(Anybody.values))


def _held(row: Permit, held: frozenset[str] | None) -> bool:
    return held is None or row.role in held


def _lines(rows: Iterable[Permit]) -> tuple[Line, ...]:
    """Rows of the same reach: first the roles of an action, then the actions of the same roles together."""
    roles: dict[tuple[object, Scope, str], list[Permit]] = {}
    for row in rows:
        roles.setdefault((row.action, row.scope, str(row.when)), []).append(row)
    alike: dict[tuple[object, ...], list[Permit]] = {}
    for (_action, scope, when), same in roles.items():
        key = (tuple(sorted(row.role for row in same)), scope, when)
        alike.setdefault(key, []).extend(same)
    return tuple(
        Line(
            actions=tuple(dict.fromkeys(row.action.label for row in same)),
            roles=tuple(dict.fromkeys(row.role.label for row in same)),
            scope=same[0].scope,
            when=same[0].when,
        )
        for same in alike.values()
    )
