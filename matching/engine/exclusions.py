"""Pairs that people keep out: they stay among the results, and an allocation passes them over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Set
from dataclasses import replace
from typing import TypeAlias

from matching.engine.types import NeedResult

Excluded: TypeAlias = Set[tuple[str, str]]
"""Need key and offer key of each pair."""
NOTHING_EXCLUDED: Excluded = frozenset()


def without(results: Iterable[NeedResult], excluded: Excluded) -> tuple[NeedResult, ...]:
    """The results as if the excluded pairs were neither matches nor near misses."""
    touched = {need for need, _offer in excluded}
    return tuple(_less(result, excluded) if result.need in touched else result for result in results)


def close(result: NeedResult) -> int:
    """How many offers matched or nearly did."""
    return len(result.matches) + len(result.near_misses)


def _less(result: NeedResult, excluded: Excluded) -> NeedResult:
    failing = Counter(dict(result.excluded))
    near_misses = []
    for miss in result.near_misses:
        if (miss.candidate.need, miss.candidate.offer) in excluded:
            failing[miss.failing.kind] -= 1
        else:
            near_misses.append(miss)
    return replace(
        result,
        matches=tuple(one for one in result.matches if (one.need, one.offer) not in excluded),
        near_misses=tuple(near_misses),
        excluded=tuple(sorted((kind, count) for kind, count in failing.items() if count > 0)),
    )
