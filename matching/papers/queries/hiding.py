"""Counts that tell of no single firm."""

from __future__ import annotations

from collections.abc import Iterable

LEAST_FIRMS = 3


def few(told: Iterable[tuple[int, int, int]]) -> dict[int, int | None]:
    """Counts by key from (key, count, firms); None where one or two firms stand behind one.

    No total is told beside them, so that nothing can be had by subtracting.
    """
    return {key: count if firms >= LEAST_FIRMS else None for key, count, firms in told}
