"""Compiled work on several threads, each with a part of its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TypeVar

T = TypeVar("T")

_MOST = 8


def in_parts(work: Callable[[int, int], T], size: int, least: int) -> list[T]:
    """``work(first, last)`` for consecutive parts of ``range(size)``, in order; none below ``least``.

    ``work`` should spend its time where the interpreter's lock is released.
    """
    bounds = parts(size, least)
    if len(bounds) == 1:
        return [work(*bounds[0])]
    with ThreadPoolExecutor(len(bounds)) as pool:
        return list(pool.map(work, *zip(*bounds, strict=True)))


def parts(size: int, least: int) -> list[tuple[int, int]]:
    """As many parts of equal size as there are processors for this process; one at least."""
    count = max(1, min(len(os.sched_getaffinity(0)), _MOST, size // least))
    return list(pairwise(size * part // count for part in range(count + 1)))
