"""Which cells of a published table must stay untold, so that no firm can be read from it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

LEAST_FIRMS = 3
K = TypeVar("K", bound=Hashable)


def hidden(firms: Mapping[K, int]) -> frozenset[K]:
    """Cells to hide in a table whose total is told, by the number of firms in each.

    A cell of one or two firms is hidden. Whoever subtracts what is told from the total learns what all
    hidden cells hold together, and one firm may stand in several of them: so the smallest of the other
    cells, which holds three firms by itself, is hidden with them.
    """
    few = {key for key, number in firms.items() if 0 < number < LEAST_FIRMS}
    others = [(number, str(key), key) for key, number in firms.items() if number >= LEAST_FIRMS]
    if few and others:
        few.add(min(others)[2])
    return frozenset(few)


def told(value: int, firms: int) -> int | None:
    """A number that stands by itself: None where one or two firms stand behind it."""
    return None if 0 < firms < LEAST_FIRMS else value
