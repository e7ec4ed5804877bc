"""What a draft changes about a meeting's plan."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, time
from typing import Any


@dataclass(frozen=True, slots=True)
class Absent:
    """A firm that can't come from ``begins`` to ``ends`` on the day; None: from its start, to its end."""

    organisation: uuid.UUID
    begins: time | None = None
    ends: time | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """None and nothing leave things as they are.

    ``tables`` is how many are used at most, ``shut`` numbers of tables that are lost, ``leave_out`` reviews
    that the meeting does without, ``take_in`` whether pairs that wait are fitted in.
    """

    venue: uuid.UUID | None = None
    date: date | None = None
    starts: time | None = None
    slot_minutes: int | None = None
    slots: int | None = None
    breaks: tuple[str, ...] | None = None
    gap: int | None = None
    tables: int | None = None
    shut: tuple[int, ...] = ()
    absent: tuple[Absent, ...] = ()
    leave_out: tuple[uuid.UUID, ...] = ()
    take_in: bool = False

    @property
    def cuts_anew(self) -> bool:
        """Whether appointments would be at another time or place though they keep their slot and table."""
        return any(
            value is not None
            for value in (self.venue, self.date, self.starts, self.slot_minutes, self.breaks, self.gap)
        )

    def as_json(self) -> dict[str, Any]:
        """For storing; without what changes nothing."""
        told = {name: _told(getattr(self, name)) for name in (each.name for each in fields(self))}
        return {name: value for name, value in told.items() if value not in (None, [], False)}

    @classmethod
    def of_json(cls, stored: Mapping[str, Any]) -> Changes:
        """What ``as_json`` told."""
        read: dict[str, Any] = dict(stored)
        for name, kind in (
            ("venue", uuid.UUID),
            ("date", date.fromisoformat),
            ("starts", time.fromisoformat),
        ):
            if name in read:
                read[name] = kind(read[name])
        for name in ("breaks", "shut"):
            if name in read:
                read[name] = tuple(read[name])
        read["leave_out"] = tuple(uuid.UUID(each) for each in stored.get("leave_out", ()))
        read["absent"] = tuple(_absent(each) for each in stored.get("absent", ()))
        return cls(**read)


def _told(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_told(each) for each in value]
    if isinstance(value, Absent):
        return {
            "organisation": str(value.organisation),
            "begins": _told(value.begins),
            "ends": _told(value.ends),
        }
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value


def _absent(stored: Mapping[str, Any]) -> Absent:
    times = (time.fromisoformat(stored[name]) if stored.get(name) else None for name in ("begins", "ends"))
    return Absent(uuid.UUID(stored["organisation"]), *times)
