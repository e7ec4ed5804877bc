"""When appointments of a running day begin: what runs late shifts what must wait for it, nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sitting:
    """An appointment on its day; times in minutes from any one moment.

    ``began`` and ``ended`` are None until it has. Who took part in another appointment before, or sits at a
    table that is still taken, waits.
    """

    key: str
    table: str
    parties: tuple[str, ...]
    begins: float
    ends: float
    began: float | None = None
    ended: float | None = None

    @property
    def minutes(self) -> float:
        """How long it is planned to take."""
        return self.ends - self.begins


@dataclass(frozen=True, slots=True)
class Expected:
    """When a sitting begins and ends, as far as is known now; ``waits_for`` are tables or parties that keep
    it from beginning as planned."""

    begins: float
    ends: float
    waits_for: tuple[str, ...] = ()


def forecast(
    sittings: Iterable[Sitting], *, now: float, coming: Mapping[str, float] | None = None
) -> dict[str, Expected]:
    """When each sitting is to be expected: in the order of the plan, but nobody waits at a table for a party
    that will not be there yet.

    ``coming`` says when a party that is late arrives. What has not begun begins at the earliest ``now``, not
    before its planned time, and once its table and its parties are free; its planned length stays. What runs
    ends at its planned length or ``now``, whichever is later.
    """
    late = coming or {}
    free: dict[str, float] = defaultdict(lambda: float("-inf"))
    expected: dict[str, Expected] = {}
    for sitting in sorted(sittings, key=lambda sitting: _turn(sitting, late)):
        found = _one(sitting, free, late, now)
        expected[sitting.key] = found
        for held in (sitting.table, *sitting.parties):
            free[held] = max(free[held], found.ends)
    return expected


def _turn(sitting: Sitting, late: Mapping[str, float]) -> tuple[bool, float, float, str]:
    """What has begun holds its table and parties before all that has not."""
    if sitting.began is not None:
        return False, sitting.began, sitting.begins, sitting.key
    ready = max(sitting.begins, *(late.get(party, sitting.begins) for party in sitting.parties))
    return True, ready, sitting.begins, sitting.key


def _one(sitting: Sitting, free: Mapping[str, float], late: Mapping[str, float], now: float) -> Expected:
    if sitting.began is not None:
        ends = max(sitting.began + sitting.minutes, now) if sitting.ended is None else sitting.ended
        return Expected(sitting.began, ends)
    bounds = {held: free[held] for held in (sitting.table, *sitting.parties)}
    for party in sitting.parties:
        bounds[party] = max(bounds[party], late.get(party, float("-inf")))
    begins = max(sitting.begins, now, *bounds.values())
    waits_for = tuple(held for held, bound in bounds.items() if bound > max(sitting.begins, now))
    return Expected(begins, begins + sitting.minutes, waits_for)
